"""The pages of segments: a rule is tried, kept and looked at; an analyst sees counts and nobody."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from litestar.testing import TestClient
from tests.app.builders import SHOP, an_installation
from tests.conftest import FixedClock

from zhanggui.app.build import open_control, open_rooms
from zhanggui.app.site import create_app
from zhanggui.shop import LegalBasis, Order, OrderLine, Product, ProductText

Client = TestClient[Any]
PAGE = f"/console/{SHOP}/segments"


@pytest.fixture(scope="module")
def as_(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Client]]:
    clock = FixedClock()
    settings = an_installation(tmp_path_factory.mktemp("segments"), clock=clock)
    with open_rooms(SHOP, settings, clock=clock) as rooms:
        rooms.catalogue.put_products([Product(id="longjing", texts={"zh": ProductText(title="明前龙井")})])
        line = OrderLine(id="1", product_id="longjing", quantity=1, unit_price_minor=5_000)
        at = clock() - timedelta(days=3)
        bought = [Order(id=f"o{n}", customer_id=f"c{n}", at=at, lines=(line,)) for n in range(3)]
        rooms.orders.put_orders(bought, LegalBasis(kind="contract"))
    with open_control(settings, clock=clock) as control:
        for role in ("operator", "analyst"):
            control.users.add(role, roles={SHOP: role})
    app = create_app(settings, clock=clock)

    def of(role: str, language: str = "zh") -> Client:
        with open_control(settings, clock=clock) as control:
            link = control.users.login_link(role)
        client: Client = TestClient(app)
        client.headers["accept-language"] = language
        client.post(f"/login/link/{link.rpartition('/')[2]}", follow_redirects=False)
        return client

    with TestClient(app):
        yield of


def test_a_rule_is_tried_kept_and_looked_at(as_: Callable[..., Client]) -> None:
    client = as_("operator")
    rule = "orders = 1 and stage = new"
    tried = client.get(PAGE, params={"rule": rule}).text
    assert "少于 10" in tried
    token = re.search(r'name="csrf" value="([^"]+)"', tried)
    assert token is not None

    kept = client.post(PAGE, data={"csrf": token[1], "name": "近期首购的人", "rule": rule}).text

    assert "已保存" in kept
    found = re.search(rf'href="{PAGE}/(\w{{26}})"', kept)
    assert found is not None
    page = client.get(f"{PAGE}/{found[1]}?now=1").text
    assert [id_ for id_ in ("c0", "c1", "c2") if f'customer={id_}"' not in page] == []

    told = as_("analyst").get(f"{PAGE}/{found[1]}?now=1").text
    assert "近期首购的人" in told
    assert "customer=" not in told
    assert as_("analyst").get(f"/console/{SHOP}/profile", params={"customer": "c0"}).status_code == 403


@pytest.mark.parametrize(
    ("language", "title", "hint"),
    [("zh", "人群", "是不是想写「orders」？"), ("en", "Segments", "Did you mean &#39;orders&#39;?")],
)
def test_a_rule_that_cannot_be_understood_is_shown_with_its_hint_in_the_readers_language(
    as_: Callable[..., Client], language: str, title: str, hint: str
) -> None:
    page = as_("operator", language).get(PAGE, params={"rule": "order > 3"}).text

    assert f">{title}</h1>" in page
    assert hint in page


def test_who_is_in_a_segment_is_read_on_page_by_page(as_: Callable[..., Client], monkeypatch: Any) -> None:
    monkeypatch.setattr("zhanggui.app.console.segments.SHOWN_PEOPLE", 2)
    client = as_("operator")
    token = re.search(r'name="csrf" value="([^"]+)"', client.get(PAGE).text)
    assert token is not None
    client.post(PAGE, data={"csrf": token[1], "name": "逐页的人", "rule": "orders = 1"})
    found = re.search(rf'href="{PAGE}/(\w{{26}})"[^>]*>逐页的人', client.get(PAGE).text)
    assert found is not None
    first = client.get(f"{PAGE}/{found[1]}?now=1").text
    following = re.search(r'rel="next" href="(\?now=1&amp;after=\d+|\?now=1&after=\d+)"', first)
    assert following is not None

    second = client.get(f"{PAGE}/{found[1]}{following[1].replace('&amp;', '&')}").text

    pages = [re.findall(r"profile\?customer=(\w+)", page) for page in (first, second)]
    assert [len(page) for page in pages] == [2, 1]
    assert {who for page in pages for who in page} == {"c0", "c1", "c2"}
    assert 'rel="next"' not in second
    assert "从头看起" in second
    assert "从头看起" not in first
    assert re.findall(r"customer=(\w+)", client.get(f"{PAGE}/{found[1]}?now=1&after=x").text) == pages[0]


CODE = re.compile(r"(?s)<(?:code|textarea)\b.*?</(?:code|textarea)>|<[^>]*>")


def test_a_rule_is_asked_for_in_words_and_said_in_words_everywhere(as_: Callable[..., Client]) -> None:
    client = as_("operator")
    asked = {"build": "1", "stage_new": "1", "orders": "1", "orders_sign": "<=", "spent_minor": "12.5", "buys_30": "20"}

    built = client.get(PAGE, params={**asked, "tag": "dawn_orders"}).text

    words = "阶段是新客，且累计下单最多 1 单，且累计消费至少 ¥12.50，且30 天内购买的概率至少 20%，且有「清晨下单」标签"
    assert words in built
    code = "stage in (new) and orders &lt;= 1 and spent_minor &gt;= 1250 and buys_30 &gt;= 20% and tag dawn_orders"
    assert f">{code}</code>" in built
    assert 'name="stage_new" value="1" checked' in built
    assert re.search(r'name="spent_minor" value="12\.5".*?>元</span>', built)
    token = re.search(r'name="csrf" value="([^"]+)"', built)
    assert token is not None
    kept = client.post(PAGE, data={"csrf": token[1], "name": "新来的", "rule": "orders >= 1 or stage != new"}).text
    assert "累计下单至少 1 单，或阶段不是新客" in kept
    assert re.search(r"orders|stage|idle_days|at_risk", CODE.sub(" ", kept)) is None
    found = re.findall(rf'href="{PAGE}/(\w{{26}})"', kept)
    pages = [client.get(f"{PAGE}/{id_}").text for id_ in found]
    assert any("累计下单至少 1 单，或阶段不是新客" in page for page in pages)
    assert "阶段是忠诚客户" in client.get(f"/console/{SHOP}/plans").text


def test_a_form_in_which_nothing_is_filled_in_asks_for_something(as_: Callable[..., Client]) -> None:
    page = as_("operator").get(PAGE, params={"build": "1", "orders": " "}).text

    assert "请至少填写一项" in page


@pytest.mark.parametrize(("language", "said"), [("zh", "还没有哪个月有十位新客户"), ("en", "No month with ten new")])
def test_too_few_are_not_charted(as_: Callable[..., Client], language: str, said: str) -> None:
    page = as_("analyst", language).get(f"/console/{SHOP}/journeys")

    assert page.status_code == 200
    assert said in page.text
