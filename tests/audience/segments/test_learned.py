"""Learned segments over a real store: who is where is live, identities stay, a refused learning changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import msgspec
import numpy as np
import pytest
from litestar.testing import TestClient
from tests.app.builders import SHOP, an_installation
from tests.conftest import FixedClock

from zhanggui.app.build import open_control, open_rooms
from zhanggui.app.jobs import schedules
from zhanggui.app.rooms import Rooms
from zhanggui.app.site import create_app
from zhanggui.audience import NewSegment, UnknownSegment
from zhanggui.audience.jobs.learned import LEARN
from zhanggui.kernel.datasheets import DataCheck, Datasheet, TrainingData
from zhanggui.kernel.privacy import Purpose
from zhanggui.kernel.settings import Settings
from zhanggui.shop import LegalBasis, Order, OrderLine, Product, ProductText
from zhanggui.trust import CreateKey
from zhanggui.trust.types.scopes import ROLES

API = f"/v1/{SHOP}/audience/learned-segments"
BASIS = LegalBasis(kind="contract")
EACH = 24
GOODS = {"tea": ("绿茶", 9_000), "nuts": ("坚果", 1_500), "cups": ("茶具", 4_000)}
HABITS = {"tea": (5, 4, 20), "nuts": (1, 200, 12), "cups": (2, 12, 4)}
"""By kind: orders of each, days since the last, hour of the day (UTC; the shop's clock is eight ahead)."""


def an_order(customer: str, n: int, kind: str, at: datetime) -> Order:
    line = OrderLine(id="1", product_id=kind, quantity=1, unit_price_minor=GOODS[kind][1])
    return Order(id=f"{customer}-{n}", customer_id=customer, at=at, lines=(line,))


def allow(rooms: Rooms, customer: str, purpose: Purpose, *, granted: bool = True) -> None:
    with rooms.db.read() as db:
        subject = rooms.people.subject(db, customer)
    assert subject is not None
    rooms.consents.record(subject.number, purpose, granted=granted, actor="test")


@pytest.fixture(scope="module")
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory, clock: FixedClock) -> Settings:
    return an_installation(tmp_path_factory.mktemp("learned"), clock=clock)


@pytest.fixture(scope="module")
def rooms(settings: Settings, clock: FixedClock) -> Iterator[Rooms]:
    with open_rooms(SHOP, settings, clock=clock) as opened:
        for kind, (words, _) in GOODS.items():
            goods = Product(id=kind, texts={"zh": ProductText(title=words)}, category=(words,))
            opened.catalogue.put_products([goods])
        orders = []
        for kind, (count, days, hour) in HABITS.items():
            last = (clock() - timedelta(days=days)).replace(hour=hour)
            for n in range(EACH):
                moments = [last - timedelta(days=9 * k + n % 3, minutes=n) for k in range(count)]
                orders += [an_order(f"{kind}{n}", k, kind, at) for k, at in enumerate(moments)]
        opened.orders.put_orders(orders, BASIS)
        for kind in HABITS:
            for n in range(EACH):
                allow(opened, f"{kind}{n}", Purpose.ANALYTICS)
        opened.audience.keeping.catch_up()
        yield opened


@pytest.fixture(scope="module")
def by_kind(rooms: Rooms) -> dict[str, str]:
    """The learned segment of each kind of customer."""
    card = rooms.audience.learned.learning.learn(seed=1)
    assert (card.state, card.groups, card.people) == ("current", 3, 3 * EACH)
    return {kind: where(rooms, f"{kind}1") for kind in HABITS}


def members(rooms: Rooms, id_: str, **asked: Any) -> set[str]:
    return {one.customer_id for one in rooms.audience.learned.people(id_, limit=200, **asked).items}


def where(rooms: Rooms, customer: str) -> str:
    """The segment that somebody is in, empty for none."""
    found = [one.id for one in rooms.audience.learned.all().segments if customer in members(rooms, one.id)]
    assert len(found) <= 1
    return "".join(found)


def test_who_shops_alike_is_in_one_segment_with_a_name_and_a_portrait(rooms: Rooms, by_kind: dict[str, str]) -> None:
    told = rooms.audience.learned.all("zh")

    assert len(set(by_kind.values())) == 3
    assert members(rooms, by_kind["tea"]) == {f"tea{n}" for n in range(EACH)}
    tea = next(one for one in told.segments if one.id == by_kind["tea"])
    assert "绿茶" in tea.name or "熟客" in tea.name
    assert (tea.portrait.people, tea.portrait.share) == (EACH, 0.333)
    assert [one.text for one in tea.portrait.categories] == ["绿茶"]
    assert {one.name: one.mean for one in tea.portrait.figures}["spent_minor"] == 45_000
    assert [one.product_id for one in tea.portrait.examples] == ["tea"]
    english = rooms.audience.learned.all("en").segments
    assert len({one.name for one in told.segments} | {one.name for one in english}) == 6


def test_a_purchase_moves_a_shopper_in_the_next_reading(
    rooms: Rooms, by_kind: dict[str, str], clock: FixedClock
) -> None:
    assert where(rooms, "nuts3") == by_kind["nuts"]

    rooms.orders.put_orders([an_order("nuts3", 9, "cups", clock() - timedelta(hours=1))], BASIS)

    assert where(rooms, "nuts3") == by_kind["cups"]


def test_who_takes_consent_back_is_in_none_at_once(rooms: Rooms, by_kind: dict[str, str]) -> None:
    allow(rooms, "tea4", Purpose.PERSONALIZATION, granted=False)
    assert where(rooms, "tea4") == ""
    allow(rooms, "tea4", Purpose.PERSONALIZATION)
    assert where(rooms, "tea4") == by_kind["tea"]


def test_only_who_agreed_to_be_written_to_is_named_for_messages(rooms: Rooms, by_kind: dict[str, str]) -> None:
    allow(rooms, "tea5", Purpose.MARKETING)

    assert members(rooms, by_kind["tea"], for_messages=True) == {"tea5"}


def test_nobody_is_learned_from_who_does_not_allow_it(rooms: Rooms, by_kind: dict[str, str]) -> None:
    del by_kind
    for customer, purpose in (("cups7", Purpose.TRAINING), ("cups8", Purpose.ANALYTICS)):
        allow(rooms, customer, purpose, granted=False)

    assert rooms.audience.learned.learning.prepare(seed=1).card.people == 3 * EACH - 2
    for customer, purpose in (("cups7", Purpose.TRAINING), ("cups8", Purpose.ANALYTICS)):
        allow(rooms, customer, purpose)


def test_learning_again_keeps_identities(rooms: Rooms, by_kind: dict[str, str], clock: FixedClock) -> None:
    late = clock() - timedelta(hours=2)
    rooms.orders.put_orders([an_order(f"cups{n}", 8, "cups", late) for n in range(6)], BASIS)

    card = rooms.audience.learned.learning.learn(seed=2)

    assert (card.state, card.matched) == ("current", 3)
    assert {kind: where(rooms, f"{kind}1") for kind in HABITS} == by_kind


class Refusing:
    """A gate that finds forbidden words."""

    def check(self, data: TrainingData) -> tuple[Datasheet, np.ndarray[Any, np.dtype[np.bool_]]]:
        found = DataCheck(name="words", state="block", found=3, of=3, limit=0.01)
        sheet = Datasheet(
            kind=data.kind,
            at_ms=1,
            from_ms=0,
            until_ms=0,
            rows=len(data.person),
            left_out=0,
            people=len(set(data.person.tolist())),
            products=3,
            texts=len(data.texts),
            by_basis={},
            checks=(found,),
        )
        return sheet, np.ones(len(data.person), dtype=np.bool_)


def test_a_learning_that_the_gate_refuses_leaves_what_serves(rooms: Rooms, by_kind: dict[str, str]) -> None:
    desk = rooms.audience.learned
    serving = desk.all().serving

    card = replace(desk.learning, data_gate=Refusing()).learn()

    assert (card.state, card.reason) == ("refused", "data:words")
    assert (desk.all().serving, desk.all().last) == (serving, card)
    assert where(rooms, "tea1") == by_kind["tea"]


def test_a_learning_from_too_few_is_refused_and_a_raised_floor_hides_what_stands(
    rooms: Rooms, by_kind: dict[str, str], settings: Settings, clock: FixedClock
) -> None:
    privacy = msgspec.structs.replace(settings.privacy, floor=EACH + 9)
    with open_rooms(SHOP, msgspec.structs.replace(settings, privacy=privacy), clock=clock) as raised:
        desk = raised.audience.learned

        assert desk.learning.prepare().card.reason == "few"
        assert desk.all().segments == ()
        with pytest.raises(UnknownSegment):
            desk.get(by_kind["tea"])


def test_learned_segments_stand_in_overlaps_and_are_counted_day_by_day(rooms: Rooms, by_kind: dict[str, str]) -> None:
    rule = rooms.audience.segments.add(NewSegment(name="五单", rule="orders >= 5"), "test").id

    rooms.audience.segments.count_all()

    told = {(one.first, one.second): one.people for one in rooms.audience.segments.overlaps()}
    assert told == {(rule, by_kind["tea"]): EACH, (rule, by_kind["nuts"]): None, (rule, by_kind["cups"]): None}
    counted = rooms.audience.segments.counted()
    assert counted.day == rooms.audience.segments.today().isoformat()
    assert {(one.first, one.second): one.people for one in counted.overlaps} == told
    assert (counted.sizes[rule], counted.sizes[by_kind["tea"]]) == (EACH, EACH)
    assert [day.people for day in rooms.audience.learned.sizes(by_kind["tea"])] == [EACH]
    assert rooms.audience.learned.get(by_kind["tea"]).count.people == EACH  # type: ignore[union-attr]


def test_segments_are_learned_anew_each_week() -> None:
    assert [one.every_s for one in schedules() if one.kind == LEARN] == [7 * 86_400]


@pytest.fixture(scope="module")
def client(settings: Settings, clock: FixedClock, by_kind: dict[str, str]) -> Iterator[TestClient[Any]]:
    del by_kind  # they are there before the first request
    with TestClient(create_app(settings, clock=clock)) as opened:
        yield opened


def test_an_analyst_reads_portraits_and_is_refused_the_people(
    client: TestClient[Any], settings: Settings, clock: FixedClock, by_kind: dict[str, str]
) -> None:
    with open_control(settings, clock=clock) as control:
        made = {role: control.keys.create(SHOP, CreateKey(name=role, scopes=tuple(ROLES[role]))) for role in ROLES}
    keys = {role: {"Authorization": f"Bearer {key.secret}"} for role, key in made.items()}
    tea = f"{API}/{by_kind['tea']}"

    told = client.get(API, params={"language": "en"}, headers=keys["analyst"]).json()

    assert {one["id"] for one in told["segments"]} == set(by_kind.values())
    assert told["serving"]["groups"] == 3
    assert client.get(tea, headers=keys["analyst"]).json()["count"]["people"] == EACH
    assert client.get(f"{tea}/sizes", headers=keys["analyst"]).status_code == 200
    assert client.get(f"{tea}/people", headers=keys["analyst"]).status_code == 403
    first = client.get(f"{tea}/people", params={"limit": 20}, headers=keys["owner"]).json()
    rest = client.get(f"{tea}/people", params={"limit": 20, "after": first["next"]}, headers=keys["owner"]).json()
    assert (len(first["items"]), len(rest["items"]), rest["next"]) == (20, EACH - 20, None)
    assert client.post(f"{API}/learn", headers=keys["analyst"]).status_code == 403
    asked = client.post(f"{API}/learn", headers=keys["operator"])
    assert (asked.status_code, set(asked.json())) == (202, {"job"})
    assert client.get(f"{API}/{'0' * 26}", headers=keys["owner"]).json()["code"] == "audience.unknown_segment"
