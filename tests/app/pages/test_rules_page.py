"""The page of rules and promotions, and the same over HTTP and on the command line."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from litestar.testing import TestClient
from tests.app.builders import SHOP, an_installation
from tests.recommend.builders import a_tea
from tests.shop.builders import an_offer

from zhanggui.app.build import open_control, open_rooms
from zhanggui.app.cli.main import run
from zhanggui.app.site import create_app
from zhanggui.kernel.settings import Settings
from zhanggui.trust import CreateKey

Client = TestClient[Any]
PAGE = f"/console/{SHOP}/rules"
RULES = f"/v1/{SHOP}/recommend-rules"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = an_installation(tmp_path_factory.mktemp("rules"))
    with open_rooms(SHOP, settings) as rooms:
        for n in range(6):
            rooms.catalogue.put_products([a_tea(f"tea-{n}", brand="山<b>" if n > 3 else "湖")])
            rooms.catalogue.put_offers([an_offer(f"tea-{n}", price_minor=1000 * n)])
    with open_control(settings) as control:
        for role in ("operator", "analyst"):
            control.users.add(role, roles={SHOP: role})
    return settings


@pytest.fixture(scope="module")
def app(settings: Settings) -> Iterator[Any]:
    app = create_app(settings)
    with TestClient(app):
        yield app


def key(settings: Settings, kind: str, *scopes: str) -> str:
    origins = ("https://tea.example",) if kind == "publishable" else ()
    with open_control(settings) as control:
        wanted = CreateKey(name="k", kind=kind, scopes=scopes, origins=origins)  # type: ignore[arg-type]
        return control.keys.create(SHOP, wanted).secret


@pytest.fixture
def api(app: Any, settings: Settings) -> Client:
    client: Client = TestClient(app)
    client.headers["authorization"] = f"Bearer {key(settings, 'service', 'recommend:*')}"
    return client


@pytest.fixture
def as_(app: Any, settings: Settings) -> Callable[..., Client]:
    def of(role: str, language: str = "en") -> Client:
        with open_control(settings) as control:
            link = control.users.login_link(role)
        client: Client = TestClient(app)
        client.headers["accept-language"] = language
        client.post(f"/login/link/{link.rpartition('/')[2]}", follow_redirects=False)
        return client

    return of


def send(client: Client, path: str = "", **fields: str) -> Any:
    token = re.search(r'name="csrf" value="([^"]+)"', client.get(PAGE).text)
    assert token is not None
    return client.post(PAGE + path, data={"csrf": token[1], **fields}, follow_redirects=False)


def test_a_rule_is_tried_made_switched_taken_away_and_brought_back_on_the_page(
    as_: Callable[..., Client], api: Client
) -> None:
    client = as_("operator")
    wanted = {"kind": "pin", "target": 'id = "tea-5"', "value": "1", "name": "five <first>"}

    tried = send(client, act="try", **wanted)
    assert "It is about 1 product" in tried.text
    assert api.get(RULES).json() == []
    made = send(client, act="save", **wanted)
    assert made.status_code == 303
    page = client.get(made.headers["location"]).text
    assert "five &lt;first&gt;" in page
    assert "acts from the next answer on" in page
    (rule,) = api.get(RULES).json()
    first = f"/v1/{SHOP}/recommendations?k=3"
    assert api.get(first).json()["items"][0]["product_id"] == "tea-5"

    send(client, f"/{rule['id']}/switch", on="0")
    assert api.get(RULES).json()[0]["is_on"] is False
    send(client, act="save", rule_id=rule["id"], **(wanted | {"value": "2"}))
    second = api.get(first).json()["items"][1]
    assert (second["product_id"], second["moved_by"], second["ranked_at"] > 2) == ("tea-5", "pin", True)
    send(client, f"/{rule['id']}/remove")
    assert api.get(RULES).json() == []
    send(client, f"/{rule['id']}/undo")
    assert [one["value"] for one in api.get(RULES).json()] == [2.0]
    api.delete(f"{RULES}/{rule['id']}")


def test_a_rule_is_tried_as_a_customer_whose_id_stays_in_the_form(as_: Callable[..., Client]) -> None:
    wanted = {"kind": "pin", "target": 'id = "tea-5"', "value": "1"}

    tried = send(as_("operator"), act="try", customer_id="c-1", **wanted)

    assert tried.status_code == 200
    assert "What it would do" in tried.text
    assert 'name="customer_id" maxlength="256" value="c-1"' in tried.text


def test_the_shop_as_a_shopper_sees_it_tells_moves_restraint_and_what_to_do_next(
    as_: Callable[..., Client], api: Client
) -> None:
    operator, page = as_("operator", "zh"), f"/console/{SHOP}/recommendations"
    rule = api.post(RULES, json={"kind": "promote", "target": 'id = "tea-5"', "value": 0.5}).json()

    shelf = operator.get(page).text
    pushed = operator.get(f"{page}?visitor=nobody&surface=wechat").text
    api.delete(f"{RULES}/{rule['id']}")

    assert "广告：由商家推广放在此处" in shelf
    assert "下一步可以做什么" not in shelf
    assert "先不打扰" in pushed
    assert pushed.count("现在似乎没什么想买的，就少推荐一些") == 2


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"kind": "pin", "target": "brnd = 'x'", "value": "1"}, "At character 1 of the filter"),
        ({"kind": "pin", "target": "brand = '湖 '  and", "value": "1"}, "At character 18 of the filter"),
        ({"kind": "filter", "target": "brand = '山<b'"}, "Did you mean &#39;山&lt;b&gt;&#39;"),
        ({"kind": "pin", "target": "age < 3d", "value": "many"}, "&#39;many&#39; is no number. Write a number"),
        (
            {"kind": "pin", "target": "age < 3d", "starts_at": "soon", "value": "1"},
            "&#39;soon&#39; is no moment. Write a day",
        ),
        ({"kind": "fly"}, "a field does not fit"),
        ({"kind": "promote", "target": "age < 3d", "value": "3"}, "it is 0.01 to 1"),
    ],
)
def test_a_form_that_does_not_fit_says_where_and_keeps_what_was_written(
    as_: Callable[..., Client], fields: dict[str, str], says: str
) -> None:
    answer = send(as_("operator"), act="save", **fields)

    assert answer.status_code == 422
    assert says in answer.text
    assert fields.get("target", "").split("'")[0].replace("<", "&lt;") in answer.text
    assert "山<b" not in answer.text


def test_the_page_speaks_chinese(as_: Callable[..., Client]) -> None:
    page = as_("operator", "zh-CN").get(PAGE).text

    assert "规则与推广位" in page
    assert "还没有规则" in page


def test_who_may_not_set_rules_sees_no_page(as_: Callable[..., Client]) -> None:
    assert as_("analyst").get(PAGE).status_code == 403


def test_rules_over_http_are_previewed_and_stand_in_the_ledger(api: Client, settings: Settings) -> None:
    rule = {"kind": "cap", "by": "brand", "value": 1}

    seen = api.post(f"{RULES}/preview", json={"rule": rule, "k": 4}).json()
    made = api.post(RULES, json=rule)
    one = api.get(f"{RULES}/{made.json()['id']}").json()
    refused = api.post(RULES, json={"kind": "filter", "target": "pric_minor < 3"})

    assert [len(seen["before"]), len(seen["after"])] == [4, 2]
    assert (made.status_code, one) == (201, made.json())
    assert (refused.status_code, refused.json()["code"]) == (422, "recommend.bad_filter")
    assert "price_minor" in refused.json()["hint"]
    with open_rooms(SHOP, settings) as rooms:
        (entry,) = rooms.ledger.entries(after=rooms.ledger.count() - 1).items
    assert (entry.kind, entry.payload["act"], entry.payload["after"]["by"]) == ("recommend.rule", "created", "brand")  # type: ignore[index]
    api.delete(f"{RULES}/{one['id']}")


def test_a_publishable_key_may_filter_and_may_not_set_rules(app: Any, settings: Settings) -> None:
    client: Client = TestClient(app)
    client.headers["authorization"] = f"Bearer {key(settings, 'publishable')}"
    client.headers["origin"] = "https://tea.example"
    client.headers["x-zhanggui-visitor"] = "v"
    asked = {"k": 9, "filter": 'price_minor < 3000 and not brand = "山<b>"'}

    answer = client.get(f"/v1/{SHOP}/recommendations", params=asked)
    wrong = client.get(f"/v1/{SHOP}/recommendations", params=asked | {"filter": "price < 3"})

    assert {item["product_id"] for item in answer.json()["items"]} == {"tea-0", "tea-1", "tea-2"}
    assert (wrong.status_code, wrong.json()["code"]) == (422, "recommend.bad_filter")
    assert client.post(RULES, json={"kind": "variety", "value": 0.5}).status_code == 403


def test_rules_on_the_command_line(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ZHANGGUI_HOME", str(settings.home))

    assert run(["recommend", "rules", "add", SHOP, "pin", 'id = "tea-5"', "--value", "1", "--dry-run"]) == 0
    assert "It is about 1 products." in capsys.readouterr().out
    assert run(["recommend", "rules", "add", SHOP, "pin", 'id = "tea-5"', "--value", "1"]) == 0
    rule = json.loads(capsys.readouterr().out)["id"]
    assert run(["recommend", "rules", "off", SHOP, rule]) == 0
    assert run(["recommend", "rules", "remove", SHOP, rule]) == 0
    assert run(["recommend", "rules", "undo", SHOP, rule]) == 0
    assert run(["recommend", "rules", "list", SHOP, "--json"]) == 0
    assert f'"id":"{rule}"' in capsys.readouterr().out
    assert run(["recommend", "for", SHOP, "--only", "brnd = 'x'"]) != 0
    assert "At character 1 of the filter: there is no field 'brnd'" in capsys.readouterr().err
