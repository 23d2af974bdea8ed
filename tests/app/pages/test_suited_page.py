"""Whom a product suits, in the console and over HTTP: segments for everybody who measures, names for few."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from litestar.testing import TestClient
from tests.app.builders import SHOP, an_installation
from tests.conftest import FixedClock
from tests.recommend.builders import a_tea
from tests.shop.builders import an_offer

from zhanggui.app.build import open_control, open_rooms
from zhanggui.app.site import create_app
from zhanggui.audience import NewSegment
from zhanggui.kernel.privacy import Purpose
from zhanggui.shop import LegalBasis, Order, OrderLine
from zhanggui.trust import CreateKey

Client = TestClient[Any]
PAGE = f"/console/{SHOP}/products/tea-2/audience"
API = f"/v1/{SHOP}/products/tea-2/audience/segments"


@pytest.fixture(scope="module")
def as_(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Client]]:
    """Twelve customers drink tea and ordered twice; twelve others bought a cup."""
    clock = FixedClock()
    settings = an_installation(tmp_path_factory.mktemp("suited"), clock=clock)
    with open_rooms(SHOP, settings, clock=clock) as rooms:
        rooms.catalogue.put_products([*(a_tea(f"tea-{n}") for n in range(6)), *(a_cup(n) for n in range(30))])
        rooms.catalogue.put_products([a_tea("alone", "笔", category=("笔",), brand="笔")])
        rooms.catalogue.put_offers([an_offer(f"tea-{n}") for n in range(6)] + [an_offer(f"cup-{n}") for n in range(30)])
        bought = [
            order(clock, f"{who}{n}", f"{goods}-{turn}", days_ago=20 + 5 * turn)
            for n in range(12)
            for who, goods, turns in (("fan", "tea", 2), ("other", "cup", 1))
            for turn in range(turns)
        ]
        rooms.orders.put_orders(bought, LegalBasis(kind="contract"))
        with rooms.db.read() as db:
            numbers = rooms.people.numbers(db, [f"{who}{n}" for who in ("fan", "other") for n in range(12)])
        for number in numbers.values():
            rooms.consents.record(number, Purpose.ANALYTICS, granted=True, actor="test")
        rooms.audience.segments.add(NewSegment(name="两单以上", rule="orders >= 2"), "test")
        rooms.audience.segments.add(NewSegment(name="都买过", rule="orders >= 1"), "test")
    with open_control(settings, clock=clock) as control:
        for role in ("operator", "analyst"):
            control.users.add(role, roles={SHOP: role})
        secret = control.keys.create(SHOP, CreateKey(name="k", kind="service", scopes=("recommend:measure",))).secret
    app = create_app(settings, clock=clock)

    def of(role: str, language: str = "zh") -> Client:
        client: Client = TestClient(app)
        if role == "key":
            client.headers["authorization"] = f"Bearer {secret}"
            return client
        with open_control(settings, clock=clock) as control:
            link = control.users.login_link(role)
        client.headers["accept-language"] = language
        client.post(f"/login/link/{link.rpartition('/')[2]}", follow_redirects=False)
        return client

    with TestClient(app):
        yield of


def a_cup(n: int) -> Any:
    return a_tea(f"cup-{n}", "紫砂", category=("茶具", "紫砂"), brand="杯")


def order(clock: FixedClock, customer: str, product: str, days_ago: int) -> Order:
    line = OrderLine(id="1", product_id=product, quantity=1, unit_price_minor=5_000)
    at = clock() - timedelta(days=days_ago)
    return Order(id=f"{customer}-{days_ago}", customer_id=customer, at=at, lines=(line,))


def test_an_operator_sees_segments_and_people_an_analyst_segments_alone(as_: Callable[..., Client]) -> None:
    seen, told = as_("operator").get(f"{PAGE}?now=1").text, as_("analyst").get(PAGE).text

    for page in (seen, told):
        assert "适合谁" in page
        assert "两单以上" in page
        assert "都买过" not in page  # as many of them as of everybody
        assert '<td class="n">12</td>' in page
    assert 'href="/console/' + SHOP + '/customers/fan0"' in seen
    assert "fan0" not in told
    assert PAGE.removesuffix("/audience") + '"' not in told  # an analyst may not open it
    assert PAGE in as_("operator").get(f"/console/{SHOP}/products/tea-2").text


def test_the_file_and_the_api_say_the_same_as_the_page(as_: Callable[..., Client]) -> None:
    found = as_("key").get(API).json()

    assert (found["people"], found["of"], found["looked_at"]) == (12, 24, 2)
    assert [
        (one["name"], one["people"], one["share"], one["share_of_all"], one["lift"]) for one in found["segments"]
    ] == [("两单以上", 12, 1.0, 0.5, 2.0)]
    rows = as_("analyst").get(f"{PAGE}.csv").text.splitlines()
    assert [row.split(",")[0].strip('"\ufeff') for row in rows] == ["name", "两单以上"]
    assert as_("key").get(f"{API.removesuffix('segments')}people").status_code == 403
    assert as_("key").get(f"/v1/{SHOP}/products/ghost/audience/segments").status_code == 404


def test_a_product_that_suits_nobody_tells_nothing(as_: Callable[..., Client]) -> None:
    page = as_("operator", "en").get(f"/console/{SHOP}/products/alone/audience?now=1").text

    assert "Fewer than 5 shoppers: nothing is told of them." in page
    assert "fan0" not in page


def test_the_page_stands_before_anybody_is_looked_for_and_asks_for_the_rest_itself(as_: Callable[..., Client]) -> None:
    page = f"/console/{SHOP}/products/tea-3/audience"
    analyst = as_("analyst", "en")

    first = analyst.get(f"{page}?sort=people").text
    assert 'hx-get="?sort=people&amp;now=1" hx-trigger="load"' in first
    assert 'href="?sort=people&amp;now=1"' in first
    assert "It suits" not in first

    whole = analyst.get(f"{page}?sort=people&now=1").text
    assert "It suits" in whole
    assert "hx-get=" not in whole.partition('id="now"')[2].partition(">")[0]
    assert "It suits" in analyst.get(page).text, "what is at hand is told at once"
    assert analyst.get(f"/console/{SHOP}/products/ghost/audience").status_code == 404
