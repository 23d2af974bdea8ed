"""Earned labels and things that are no products: on the storefront, in the console, over HTTP and as commands."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from litestar.testing import TestClient
from tests.app.builders import SHOP, an_installation
from tests.recommend.builders import a_tea
from tests.shop.builders import an_offer

from zhanggui.app.build import open_control, open_rooms
from zhanggui.app.cli.main import run
from zhanggui.app.site import create_app
from zhanggui.kernel.changes import announce
from zhanggui.kernel.settings import Settings
from zhanggui.recommend.service.labels.book import CHANGE
from zhanggui.recommend.tables import labels as tables
from zhanggui.recommend.tables.labels import StoredLabel
from zhanggui.shop import ItemType
from zhanggui.trust import CreateKey

Client = TestClient[Any]
STORE, PAGE, API = f"/shop/{SHOP}", f"/console/{SHOP}/labels", f"/v1/{SHOP}/earned-labels"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Four teas, of which the first two are often bought again, and an article."""
    settings = an_installation(tmp_path_factory.mktemp("labels"))
    with open_rooms(SHOP, settings) as rooms:
        rooms.catalogue.put_products([a_tea(f"tea-{n}") for n in range(4)])
        rooms.catalogue.put_offers([an_offer(f"tea-{n}", price_minor=1000) for n in range(4)])
        rooms.catalogue.put_products([a_tea("how-to", item_type=ItemType.ARTICLE, link="https://tea.example/how-to")])
        with rooms.db.read() as db:
            view = rooms.live.view(db)
        rows = [a_label(view.numbers[f"tea-{n}"], share) for n, share in enumerate((0.38, 0.5))]

        def earn(db: Any) -> None:
            tables.replace_labels(db, rows)
            announce(db, CHANGE, ["recommend:labels"])

        rooms.db.write(earn)
    with open_control(settings) as control:
        for role in ("operator", "analyst"):
            control.users.add(role, roles={SHOP: role})
    return settings


def a_label(product: int, share: float) -> StoredLabel:
    return StoredLabel(
        product=product,
        label="again",
        hits=int(100 * share),
        total=100,
        orders=214,
        share=share,
        shop_share=0.2,
        chance=0.001,
        since_ms=1_760_000_000_000,
    )


@pytest.fixture(scope="module")
def app(settings: Settings) -> Iterator[Any]:
    app = create_app(settings)
    with TestClient(app):
        yield app


@pytest.fixture
def shopper(app: Any) -> Client:
    client: Client = TestClient(app)
    client.headers["accept-language"] = "zh"
    return client


@pytest.fixture
def api(app: Any, settings: Settings) -> Client:
    client: Client = TestClient(app)
    with open_control(settings) as control:
        secret = control.keys.create(
            SHOP, CreateKey(name="k", kind="service", scopes=("recommend:*", "shop:export"))
        ).secret
    client.headers["authorization"] = f"Bearer {secret}"
    return client


@pytest.fixture
def operator(app: Any, settings: Settings) -> Client:
    with open_control(settings) as control:
        link = control.users.login_link("operator")
    client: Client = TestClient(app)
    client.headers["accept-language"] = "en"
    client.post(f"/login/link/{link.rpartition('/')[2]}", follow_redirects=False)
    return client


def send(client: Client, path: str, **fields: str) -> Any:
    token = re.search(r'name="csrf" value="([^"]+)"', client.get(PAGE).text)
    assert token is not None
    return client.post(PAGE + path, data={"csrf": token[1], **fields}, follow_redirects=False)


def test_a_card_and_the_page_of_a_product_show_share_and_count_and_lead_to_the_shelf(shopper: Client) -> None:
    listed = shopper.get(f"{STORE}/c").text
    page = shopper.get(f"{STORE}/p/tea-0").text

    for text in (listed, page):
        assert re.search(rf'href="{STORE}/l/again">回购多 <span class="num">38% · 214 单', text)


def test_the_shelf_of_a_label_has_its_products_the_truest_first(shopper: Client) -> None:
    page = shopper.get(f"{STORE}/l/again").text

    assert re.findall(rf'<h3><a href="{STORE}/p/(tea-\d)', page) == ["tea-1", "tea-0"]
    assert "全店 20%" in page
    assert "现在没有商品有这个标签" in shopper.get(f"{STORE}/l/dawn").text
    assert shopper.get(f"{STORE}/l/nonsense").status_code == 404


def test_an_article_has_no_price_and_is_not_sold_out(shopper: Client) -> None:
    card = re.search(r'<li class="good">(?:(?!</li>).)*how-to.*?</li>', shopper.get(f"{STORE}/c").text, re.DOTALL)
    page = shopper.get(f"{STORE}/p/how-to").text

    assert card is not None
    assert "文章" in card[0]
    assert not {"售罄", "价格"} & set(re.findall("售罄|价格", card[0]))
    assert 'href="https://tea.example/how-to"' in page
    assert "加入购物车" not in page


def test_over_http_labels_are_listed_open_a_shelf_and_are_hidden_with_a_way_back(api: Client) -> None:
    (shelf,) = api.get(API, params={"language": "en"}).json()
    answer = api.get(f"{API}/again/products").json()

    assert (shelf["label"], shelf["name"], shelf["products"]) == ("again", "Often bought again", 2)
    assert [item["product_id"] for item in answer["items"]] == ["tea-1", "tea-0"]
    assert answer["items"][1]["explanation"] == "回购多 38%，全店 20%；214 单"
    assert api.post(f"{API}/again/products/tea-0/hide").json()["is_hidden"] is True
    assert [one["is_hidden"] for one in api.get(f"{API}/evidence").json()] == [False, True]
    assert api.get(API).json()[0]["products"] == 1
    assert api.post(f"{API}/again/products/tea-0/show").json()["is_hidden"] is False
    assert api.post(f"{API}/again/products/tea-3/hide").status_code == 404


def test_outcomes_rows_and_estimates_answer_over_http(api: Client) -> None:
    place = f"/v1/{SHOP}/off-policy"

    assert api.get(place).json()["places"] == 0
    assert api.get(f"{place}/rows").content[:4] == b"PAR1"
    refused = api.post(f"{place}/estimate", json={"targets": [{"list_id": "0" * 26, "position": 1, "chance": 0.5}]})
    assert refused.json()["code"] == "recommend.nothing_to_ask"


def test_commands_list_hide_and_show(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    home = ["--home", str(settings.home)]

    assert run(["recommend", "labels", "list", SHOP, "--json", *home]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(row["product_id"], row["share"]) for row in rows] == [("tea-1", 0.5), ("tea-0", 0.38)]
    assert run(["recommend", "labels", "hide", SHOP, "again", "tea-0", *home]) == 0
    assert run(["recommend", "labels", "shelf", SHOP, "again", "--json", *home]) == 0
    assert "tea-0" not in capsys.readouterr().out.splitlines()[-1]
    assert run(["recommend", "labels", "show", SHOP, "again", "tea-0", *home]) == 0
    assert run(["recommend", "off-policy", SHOP, "--json", *home]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["places"] == 0


def test_a_merchant_hides_a_label_on_the_page_and_takes_that_back(operator: Client, shopper: Client) -> None:
    page = operator.get(PAGE).text
    assert [text in page for text in ("Often bought again", "38 of 100", "in the whole shop 20.0%")] == [True] * 3

    hidden = operator.get(send(operator, "/again/hide", product="tea-0").headers["location"]).text

    assert "The label is hidden" in hidden
    assert 'action="' + PAGE + '/again/show"' in hidden
    assert "38% · 214 单" not in shopper.get(f"{STORE}/p/tea-0").text
    assert send(operator, "/again/show", product="tea-0").status_code in {302, 303}
    assert "38% · 214 单" in shopper.get(f"{STORE}/p/tea-0").text


def test_the_table_of_labels_is_sorted_narrowed_and_goes_out_as_it_is_seen(operator: Client) -> None:
    def listed(query: str) -> list[str]:
        return re.findall(r'/products/(tea-\d)"', operator.get(PAGE + query).text)

    assert (listed(""), listed("?sort=share")) == (["tea-1", "tea-0"], ["tea-0", "tea-1"])
    assert (listed("?q=TEA-1"), listed("?label=dawn"), listed("?state=hidden")) == (["tea-1"], [], [])
    head, *rows = operator.get(f"{PAGE}.csv?sort=share").text.lstrip("\ufeff").splitlines()
    assert head.startswith("label,product_id,title,share,shop_share")
    assert [row.split(",")[1] for row in rows] == ["tea-0", "tea-1"]
