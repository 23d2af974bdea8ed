"""Segments over a real store: people enter and leave live, counts keep their floor, consent decides who is counted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from datetime import timedelta
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa
from cyclopts import App
from litestar.testing import TestClient
from tests.app.builders import SHOP, an_installation
from tests.conftest import FixedClock

from zhanggui.app.build import open_control, open_rooms
from zhanggui.app.rooms import Rooms
from zhanggui.app.site import create_app
from zhanggui.audience import BadSegmentRule, NewSegment, UnknownSegment
from zhanggui.audience.commands.segments import add_segment_commands
from zhanggui.audience.engines.segments.facts import FIELDS, PORTRAYED
from zhanggui.audience.tables import segments as tables
from zhanggui.audience.types.segments import Count
from zhanggui.kernel.privacy import Channel, Purpose
from zhanggui.kernel.settings import Settings
from zhanggui.shop import Event, EventContext, EventName, LegalBasis, Order, OrderLine, Product, ProductText
from zhanggui.trust import CreateKey
from zhanggui.trust.types.scopes import ROLES

API = f"/v1/{SHOP}/audience/segments"
BASIS = LegalBasis(kind="contract")
PEOPLE = 12
APP = EventContext(channel="app")


def an_order(customer: str, n: int, at: Any, product: str = "longjing") -> Order:
    line = OrderLine(id="1", product_id=product, quantity=1, unit_price_minor=5_000)
    return Order(id=f"{customer}-{n}", customer_id=customer, at=at, lines=(line,))


@pytest.fixture(scope="module")
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory, clock: FixedClock) -> Settings:
    return an_installation(tmp_path_factory.mktemp("segments"), clock=clock)


@pytest.fixture(scope="module")
def rooms(settings: Settings, clock: FixedClock) -> Iterator[Rooms]:
    with open_rooms(SHOP, settings, clock=clock) as opened:
        tea = Product(id="longjing", texts={"zh": ProductText(title="明前龙井")}, category=("茶", "绿茶"))
        milk = Product(id="milk", texts={"zh": ProductText(title="婴儿奶粉")}, category=("食品",))
        opened.catalogue.put_products([tea, milk])
        at = clock() - timedelta(days=5)
        orders = [an_order(f"c{n}", k, at + timedelta(hours=k)) for n in range(PEOPLE) for k in range(2)]
        opened.orders.put_orders(orders, BASIS)
        for n in range(PEOPLE):
            allow(opened, f"c{n}", Purpose.ANALYTICS)
        opened.audience.keeping.catch_up()
        yield opened


def allow(
    rooms: Rooms, customer: str, purpose: Purpose, *, granted: bool = True, channel: Channel | None = None
) -> None:
    with rooms.db.read() as db:
        subject = rooms.people.subject(db, customer)
    assert subject is not None
    rooms.consents.record(subject.number, purpose, granted=granted, actor="test", channel=channel)


def members(rooms: Rooms, id_: str, **asked: Any) -> list[str]:
    return [one.customer_id for one in rooms.audience.segments.people(id_, limit=200, **asked).items]


def test_people_enter_and_leave_with_what_they_do_and_allow(rooms: Rooms, clock: FixedClock) -> None:
    id_ = rooms.audience.segments.add(NewSegment(name="三单", rule="orders >= 3"), "test").id
    assert members(rooms, id_) == []

    rooms.orders.put_orders([an_order("c3", 9, clock() - timedelta(days=1))], BASIS)
    assert members(rooms, id_) == ["c3"]

    allow(rooms, "c3", Purpose.PERSONALIZATION, granted=False)
    assert members(rooms, id_) == []
    allow(rooms, "c3", Purpose.PERSONALIZATION)
    rooms.audience.segments.drop(id_, "test")
    with pytest.raises(UnknownSegment):
        rooms.audience.segments.get(id_)


def test_facts_without_a_portrait_are_those_of_the_whole_profile(rooms: Rooms, clock: FixedClock) -> None:
    rooms.orders.put_orders([an_order("c6", 11, clock() - timedelta(days=4), "milk")], BASIS)
    view = Event(id="look", name=EventName.VIEW_ITEM, customer_id="c6", product_id="longjing", context=APP, at=clock())
    rooms.events.accept([view])
    looking = rooms.audience.segments.looking
    plain = [name for name in FIELDS if name not in PORTRAYED]

    whole = {one.customer_id: one.facts for one in looking.looks(())}
    quick = {one.customer_id: one.facts for one in looking.glances((), plain)}

    assert {id_: facts.numbers for id_, facts in quick.items()} == {id_: facts.numbers for id_, facts in whole.items()}
    assert {(id_, name): facts.words[name] for id_, facts in quick.items() for name in facts.words} == {
        (id_, name): facts.words[name] for id_, facts in whole.items() for name in ("stage", "channel")
    }
    assert whole["c6"].words["channel"] == "app"


def test_who_pauses_is_in_no_segment_until_the_pause_is_over(rooms: Rooms, clock: FixedClock) -> None:
    id_ = rooms.audience.segments.add(NewSegment(name="在", rule="orders >= 1"), "test").id
    paused = rooms.audience.corrections.pause(clock() + timedelta(days=7), "shopper", "c4")

    assert "c4" not in members(rooms, id_)
    rooms.audience.corrections.undo(paused.id, "shopper", "c4")
    assert "c4" in members(rooms, id_)
    rooms.audience.segments.drop(id_, "test")


def test_only_who_agreed_to_be_written_to_is_named_for_messages(rooms: Rooms) -> None:
    id_ = rooms.audience.segments.add(NewSegment(name="两单", rule="orders >= 2"), "test").id
    allow(rooms, "c5", Purpose.MARKETING)

    assert members(rooms, id_, for_messages=True) == ["c5"]
    allow(rooms, "c5", Purpose.MARKETING, granted=False)
    assert members(rooms, id_, for_messages=True) == []


def test_who_may_be_written_to_is_asked_by_channel(rooms: Rooms) -> None:
    id_ = rooms.audience.segments.add(NewSegment(name="两单", rule="orders >= 2"), "test").id
    allow(rooms, "c5", Purpose.MARKETING)
    for channel in Channel:
        allow(rooms, "c5", Purpose.MARKETING, granted=channel is Channel.SMS, channel=channel)
    allow(rooms, "c6", Purpose.MARKETING, channel=Channel.POST)  # one way alone, and not the purpose

    assert set(members(rooms, id_, for_messages=True)) == {"c5", "c6"}  # by number, in which a store meets them
    assert members(rooms, id_, channel=Channel.SMS) == ["c5"]
    assert members(rooms, id_, channel=Channel.EMAIL) == []
    allow(rooms, "c5", Purpose.MARKETING, granted=False, channel=Channel.SMS)
    allow(rooms, "c6", Purpose.MARKETING, granted=False)
    assert members(rooms, id_, for_messages=True) == []


def test_a_page_goes_on_where_the_one_before_ended(rooms: Rooms) -> None:
    id_ = rooms.audience.segments.add(NewSegment(name="所有", rule="orders >= 1"), "test").id
    segments, whole, after = rooms.audience.segments, members(rooms, id_), 0

    found: list[str] = []
    for _ in range(3):
        page = segments.people(id_, after=after, limit=5)
        found += [one.customer_id for one in page.items]
        after = int(page.next or 0)

    assert found == whole
    assert after == 0


def test_fewer_than_ten_are_not_counted_out(rooms: Rooms) -> None:
    assert rooms.audience.segments.count("orders >= 2").people == PEOPLE
    allow(rooms, "c7", Purpose.ANALYTICS, granted=False)
    allow(rooms, "c8", Purpose.ANALYTICS, granted=False)
    allow(rooms, "c9", Purpose.ANALYTICS, granted=False)

    few = rooms.audience.segments.count("orders >= 2")

    assert (few.people, few.reachable, few.of) == (None, None, PEOPLE - 3)
    for id_ in ("c7", "c8", "c9"):
        allow(rooms, id_, Purpose.ANALYTICS)


def test_a_rule_that_cannot_be_understood_is_not_kept(rooms: Rooms) -> None:
    with pytest.raises(BadSegmentRule):
        rooms.audience.segments.add(NewSegment(name="x", rule="orders >"), "test")


def test_nobody_is_grouped_by_a_childs_food_though_it_can_be_bought_again(rooms: Rooms, clock: FixedClock) -> None:
    segments, at = rooms.audience.segments, clock() - timedelta(days=2)
    tea = segments.add(NewSegment(name="d", rule='likes "product:longjing"'), "test").id
    milk = segments.add(NewSegment(name="e", rule='likes "product:milk"'), "test").id
    assert "c2" in members(rooms, tea)

    rooms.orders.put_orders([an_order("c2", 7, at, "milk")], BASIS)

    assert "product:milk" in {one.key for one in rooms.audience.profile("c2").interests}
    assert members(rooms, milk) == []


def test_a_rule_that_was_kept_before_its_words_were_denied_means_nobody(rooms: Rooms) -> None:
    id_ = rooms.audience.segments.add(NewSegment(name="f", rule="orders >= 1"), "test").id
    denied = 'orders >= 1 or likes "category:血糖仪"'
    rooms.db.write(
        lambda db: db.execute(sa.update(tables.segments).where(tables.segments.c.id == id_), {"rule": denied})
    )

    assert members(rooms, id_) == []
    assert rooms.audience.segments.get(id_).count == Count(people=None, reachable=None, of=PEOPLE)


def test_sizes_stand_day_by_day_and_overlaps_between_any_two(rooms: Rooms) -> None:
    segments = rooms.audience.segments
    one = segments.add(NewSegment(name="a", rule="orders >= 2"), "test").id
    other = segments.add(NewSegment(name="b", rule="orders >= 1 and orders < 9"), "test").id

    segments.count_all()

    assert [day.people for day in segments.sizes(one)] == [PEOPLE]
    assert {(each.first, each.second): each.people for each in segments.overlaps()}[one, other] == PEOPLE


def test_sizes_and_overlaps_are_told_on_the_command_line(rooms: Rooms, capsys: pytest.CaptureFixture[str]) -> None:
    app = App(result_action="return_value")
    add_segment_commands(app, lambda _shop: nullcontext(rooms))
    one = rooms.audience.segments.add(NewSegment(name="d", rule="orders >= 2"), "test").id
    few = rooms.audience.segments.add(NewSegment(name="e", rule="orders >= 900"), "test").id
    rooms.audience.segments.count_all()

    app(["segments", "sizes", SHOP, one])
    assert capsys.readouterr().out.split()[-1] == str(PEOPLE)

    app(["segments", "overlaps", SHOP])
    told = capsys.readouterr().out
    assert next(line for line in told.splitlines() if {one, few} <= set(line.split())).endswith("fewer than 10")

    app(["segments", "sizes", SHOP, one, "--json"])
    assert [day["people"] for day in msgspec.json.decode(capsys.readouterr().out)] == [PEOPLE]


def test_the_floor_of_the_settings_holds_also_for_sizes_counted_before_it_was_raised(
    rooms: Rooms, settings: Settings, clock: FixedClock
) -> None:
    kept = rooms.audience.segments.add(NewSegment(name="c", rule="orders >= 2"), "test").id
    rooms.audience.segments.count_all()
    privacy = msgspec.structs.replace(settings.privacy, floor=PEOPLE + 1)

    with open_rooms(SHOP, msgspec.structs.replace(settings, privacy=privacy), clock=clock) as raised:
        segments, journeys = raised.audience.segments, raised.audience.journeys

        assert segments.get(kept).count == Count(people=None, reachable=None, of=PEOPLE)
        assert [day.people for day in segments.sizes(kept)] == [None]
        assert {each.people for each in segments.overlaps()} == {None}
        assert {one.people for one in journeys.cohorts()} == {None}
        assert all(one.people is None for one in journeys.flow().moves)


@pytest.fixture(scope="module")
def client(settings: Settings, clock: FixedClock, rooms: Rooms) -> Iterator[TestClient[Any]]:
    del rooms  # what it holds is there before the first request
    with TestClient(create_app(settings, clock=clock)) as opened:
        yield opened


@pytest.fixture(scope="module")
def keys(settings: Settings, clock: FixedClock) -> dict[str, dict[str, str]]:
    with open_control(settings, clock=clock) as control:
        made = {role: control.keys.create(SHOP, CreateKey(name=role, scopes=tuple(ROLES[role]))) for role in ROLES}
    return {role: {"Authorization": f"Bearer {key.secret}"} for role, key in made.items()}


def test_an_analyst_counts_and_is_refused_the_people(client: TestClient[Any], keys: dict[str, dict[str, str]]) -> None:
    rule = {"name": "老客", "rule": "orders >= 2"}
    made = client.post(API, json=rule, headers=keys["operator"])
    assert made.status_code == 201, made.text
    people = f"{API}/{made.json()['id']}/people"

    counted = client.post(f"{API}/counts", json={"rule": "orders >= 2"}, headers=keys["analyst"])
    assert counted.json()["people"] == PEOPLE
    assert client.get(people, headers=keys["analyst"]).status_code == 403
    first = client.get(people, params={"limit": 7}, headers=keys["owner"]).json()
    rest = client.get(people, params={"limit": 7, "after": first["next"]}, headers=keys["owner"]).json()
    assert len({one["customer_id"] for one in first["items"] + rest["items"]}) == PEOPLE
    assert rest["next"] is None
    refused = client.post(API, json={"name": "x", "rule": "order > 3"}, headers=keys["operator"])
    assert (refused.status_code, refused.json()["hint"]) == (422, "Did you mean 'orders'?")


def test_cohorts_and_moves_are_told_to_an_analyst(client: TestClient[Any], keys: dict[str, dict[str, str]]) -> None:
    cohorts = client.get(f"/v1/{SHOP}/audience/cohorts?months=3", headers=keys["analyst"]).json()
    flow = client.get(f"/v1/{SHOP}/audience/flow", headers=keys["analyst"]).json()

    told = [one for one in cohorts if one["people"] is not None]
    assert [(one["people"], one["kept"][0]) for one in told] == [(PEOPLE, PEOPLE)]
    assert {move["people"] for move in flow["moves"]} <= {PEOPLE}
