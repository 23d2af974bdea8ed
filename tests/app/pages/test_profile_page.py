"""The page of a person: whole for those who run the shop, what serving needs for an agent, nobody for an analyst."""

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
from zhanggui.shop import Event, EventContext, EventName, LegalBasis, Order, OrderLine, Product, ProductText

Client = TestClient[Any]
PAGE = f"/console/{SHOP}/profile"
CONTRACT = LegalBasis(kind="contract")


@pytest.fixture(scope="module")
def as_(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Client]]:
    clock = FixedClock()
    settings = an_installation(tmp_path_factory.mktemp("profile"), clock=clock)
    with open_rooms(SHOP, settings, clock=clock) as rooms:
        rooms.catalogue.put_products(
            [Product(id="longjing", texts={"zh": ProductText(title="明前龙井")}, category=("茶", "绿茶"), brand="大益")]
        )
        for n in range(5):
            clock.now = clock.now.replace(hour=22) + timedelta(days=7)
            line = OrderLine(id="1", product_id="longjing", quantity=4, unit_price_minor=5_000)
            rooms.orders.put_orders([Order(id=f"o{n}", customer_id="lin", at=clock(), lines=(line,))], CONTRACT)
        search = EventContext(query="绿茶", channel="app")
        rooms.events.accept([Event(id="s", name=EventName.SEARCH, customer_id="lin", context=search)])
    with open_control(settings, clock=clock) as control:
        for role in ("owner", "operator", "agent", "analyst", "auditor"):
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


def test_whoever_may_see_customers_may_choose_among_those_who_bought_last(as_: Callable[..., Client]) -> None:
    page = as_("owner", "en").get(PAGE).text

    assert f'href="{PAGE}?customer=lin"' in page
    assert "5 orders, the last" in page


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", ("清晨下单", "最近 5 单里有 5 单在早上 5 点到 9 点", "忠诚客户", "绿茶", "明前龙井", "囤货型")),
        ("en", ("Orders at dawn", "5 of the last 5 orders between 5 and 9 in the morning", "Loyal customer")),
    ],
)
def test_a_profile_is_told_with_its_evidence(as_: Callable[..., Client], language: str, words: tuple[str, ...]) -> None:
    page = as_("operator", language).get(PAGE, params={"customer": "lin"})

    assert page.status_code == 200
    assert [word for word in words if word not in page.text] == []
    assert f'href="/console/{SHOP}/orders/o4"' in page.text
    assert page.headers["cache-control"] == "no-store"


def test_the_first_interests_are_shown_and_the_others_open(
    as_: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = as_("operator").get(PAGE, params={"customer": "lin"}).text
    monkeypatch.setattr("zhanggui.app.console.profiles.LIKED_AT_ONCE", 1)

    page = as_("operator").get(PAGE, params={"customer": "lin"}).text

    rows, below = page.count('name="key"'), page.partition('<summary class="link small">其他（')[2]
    assert rows == whole.count('name="key"') > 2
    assert 0 < below.partition("</details>")[0].count('name="key"') < rows


def test_an_agent_sees_what_serving_needs_only(as_: Callable[..., Client]) -> None:
    page = as_("agent").get(PAGE, params={"customer": "lin"}).text

    assert "清晨下单" in page
    assert [word for word in ("龙井", "大益", "绿茶", "囤货型", "1,000", "移除") if word in page] == []


@pytest.mark.parametrize("role", ["analyst", "auditor"])
def test_who_counts_or_audits_is_refused_a_person(as_: Callable[..., Client], role: str) -> None:
    assert as_(role).get(PAGE, params={"customer": "lin"}).status_code == 403


def test_a_trait_is_removed_and_brought_back(as_: Callable[..., Client]) -> None:
    client = as_("operator")
    page = client.get(PAGE, params={"customer": "lin"}).text
    token = re.search(r'name="csrf" value="([^"]+)"', page)
    assert token is not None

    asked = {"csrf": token[1], "customer": "lin", "key": "tag:dawn_orders"}
    page = client.post(f"{PAGE}/remove", data=asked).text
    assert "已移除，推荐立即跟着变" in page
    assert "在早上 5 点到 9 点" not in page

    correction = re.search(r'name="correction" value="([^"]+)"', page)
    assert correction is not None
    page = client.post(f"{PAGE}/undo", data={"csrf": token[1], "customer": "lin", "correction": correction[1]}).text
    assert "在早上 5 点到 9 点" in page


def test_nobody_and_whoever_refuses_are_said_in_words(as_: Callable[..., Client]) -> None:
    client = as_("owner")

    assert "查找顾客" in client.get(PAGE).text
    assert "店里没有这个编号的顾客" in client.get(PAGE, params={"customer": "who"}).text
