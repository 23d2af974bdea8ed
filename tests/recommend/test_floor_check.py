"""Floors held against the lists that were served since: worked by hand, over logged lists, replaced, removed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from tests.conftest import FixedClock
from tests.recommend.builders import TestShop, a_tea, floors_of, watch_of
from tests.recommend.test_aims import Book

from zhanggui.kernel.db import Database
from zhanggui.recommend import Floors
from zhanggui.recommend.engines.aims.floors import exposures_of_places, share_over
from zhanggui.recommend.errors import BadRule, UnknownRule
from zhanggui.recommend.types.floors import ExposureFloor

KINDS = ("绿茶", "花果茶", "茶具", "红茶")
FLOOR = ExposureFloor(by="seller", name="新", share=0.2, places=10)
NEW = frozenset(f"红茶-{n}" for n in range(8))


def test_exposure_of_lists_of_different_lengths_is_worked_by_hand() -> None:
    """One list of three places, its second the group's; one of two, its first."""
    part, whole = exposures_of_places(
        np.array([0, 0, 0, 1, 1]), np.array([0, 1, 2, 0, 1]), np.array([False, True, False, True, False])
    )

    assert part == pytest.approx([0.63093, 1.0], abs=1e-5)
    assert whole == pytest.approx([2.13093, 1.63093], abs=1e-5)


def test_alike_lists_of_one_person_count_as_one_case() -> None:
    """Forty lists of four people: the interval is of four cases, not of forty."""
    part = np.repeat([0.0, 1.0, 0.0, 1.0], 10)
    whole = np.ones(40)

    by_person = share_over(np.repeat([7, 8, 9, 11], 10), part, whole)
    by_list = share_over(np.arange(40), part, whole)

    assert by_person.value == by_list.value == 0.5
    assert by_person.high - by_person.low > 2 * (by_list.high - by_list.low)


@pytest.fixture
def shop(sqlite: Database, tmp_path: Path, clock: FixedClock) -> TestShop:
    """Four kinds of goods; those of 红茶 are of a seller who came three weeks ago, and nobody looked at them."""
    shop = TestShop(sqlite, tmp_path / "models", clock)
    for keyword in KINDS:
        is_new = keyword == "红茶"
        born = clock() - timedelta(days=21 if is_new else 400)
        goods = (a_tea(f"{keyword}-{n}", keyword, seller="新" if is_new else "老", created_at=born) for n in range(8))
        shop.sells(*goods)
    for n in range(30):
        kind, other = KINDS[n % 3], KINDS[(n + 1) % 3]
        shop.sees(f"p{n}", *(f"{kind}-{(n + m) % 8}" for m in range(4)), days_ago=6)
        shop.sees(f"p{n}", f"{kind}-{(n + 5) % 8}", f"{other}-{n % 8}", days_ago=2)
    return shop


@pytest.fixture
def floors(shop: TestShop) -> Floors:
    return floors_of(shop, Book())


def serves(shop: TestShop, clock: FixedClock, days: int, k: int = 10, people: int = 6) -> None:
    for _ in range(days):
        for who in range(people):
            shop.recommend.for_shopper(visitor_id=f"p{who}", k=k)
        shop.recommend.flush()
        shop.db.write(lambda db: None)
        clock.advance(days=1)


def test_lists_that_hold_a_floor_are_told_day_by_day_and_week_by_week(
    shop: TestShop, floors: Floors, clock: FixedClock
) -> None:
    serves(shop, clock, 1)  # before the floor: not counted
    _, rule = floors.decide(FLOOR, "anna")
    assert not any(one.served and one.served.days for one in floors.all())

    serves(shop, clock, 8)
    floors.watch.count()

    (told,) = floors.all()
    assert told.rule == rule
    assert told.served is not None
    assert (told.served.about, told.served.floor, told.served.is_below) == ("seller:新", 0.2, False)
    assert [day.lists for day in told.served.days] == [6] * 8
    assert [week.lists for week in told.served.weeks] == [6, 42]
    assert told.served.last_week == told.served.weeks[-1]
    assert all(day.below == 0 and day.share.value >= 0.2 for day in told.served.days)
    assert told.report.recall_cost.value >= 0


def test_served_lists_give_what_is_counted_by_hand(shop: TestShop, floors: Floors, clock: FixedClock) -> None:
    floors.decide(FLOOR, "anna")
    part = whole = 0.0
    for who in range(6):
        for place, item in enumerate(shop.recommend.for_shopper(visitor_id=f"p{who}", k=10).items):
            worth = 1 / np.log2(place + 2)
            part, whole = part + worth * (item.product_id in NEW), whole + worth
    shop.recommend.flush()
    shop.db.write(lambda db: None)
    clock.advance(days=1)

    floors.watch.count()

    (told,) = floors.all()
    assert told.served is not None
    assert told.served.days[0].share.value == pytest.approx(part / whole, abs=1e-4)


def test_lists_too_short_for_the_floor_fall_below_it(shop: TestShop, floors: Floors, clock: FixedClock) -> None:
    """The quota of ten places keeps none of the first three."""
    floors.decide(FLOOR, "anna")
    serves(shop, clock, 2, k=3)
    floors.watch.count()

    (told,) = floors.all()
    assert told.served is not None
    assert told.served.is_below
    (week,) = told.served.weeks
    assert (week.lists, week.below, week.share.value) == (12, 12, 0.0)


def test_a_week_below_the_floor_that_is_long_over_is_no_alert(
    shop: TestShop, floors: Floors, clock: FixedClock
) -> None:
    floors.decide(FLOOR, "anna")
    serves(shop, clock, 2, k=3)
    clock.advance(days=10)  # nobody is shown anything
    floors.watch.count()

    (told,) = floors.all()
    assert told.served is not None
    assert (told.served.weeks[-1].below, told.served.is_below) == (12, False)
    assert told.served.last_week is None


def test_fewer_than_five_people_are_not_told(shop: TestShop, floors: Floors, clock: FixedClock) -> None:
    floors.decide(FLOOR, "anna")
    serves(shop, clock, 1, k=3, people=4)
    floors.watch.count()

    (told,) = floors.all()
    assert told.served is not None
    assert (told.served.days, told.served.weeks, told.served.is_below) == ((), (), False)


def test_whose_lists_may_not_be_counted_are_not(shop: TestShop, floors: Floors, clock: FixedClock) -> None:
    floors.decide(FLOOR, "anna")
    serves(shop, clock, 1)
    shop.gate.is_open = False

    (check,) = watch_of(shop, shop.gate).report().floors

    assert check.days == ()


def test_another_floor_for_the_same_group_takes_its_place_and_is_taken_back(floors: Floors) -> None:
    _, first = floors.decide(FLOOR, "anna")
    higher = ExposureFloor(by="seller", name="新", share=0.3, places=10)

    report, second = floors.decide(higher, "anna")

    assert second.id == first.id
    assert report.before.value < 0.2, "measured against lists without any floor for the group"
    assert [one.report.floor for one in floors.all()] == [higher]
    floors.undo(first.id, "anna")
    assert [one.report.floor for one in floors.all()] == [FLOOR]


def test_a_floor_that_needs_the_same_quota_is_told_from_the_one_before_it(floors: Floors) -> None:
    """Quotas go by whole places: that of 20.0 % and of 20.1 % are the same."""
    first, rule = floors.decide(FLOOR, "anna")
    second, _ = floors.decide(ExposureFloor(by="seller", name="新", share=0.201, places=10), "anna")
    assert first.rule.value == second.rule.value

    floors.undo(rule.id, "anna")

    assert [one.report.floor for one in floors.all()] == [FLOOR]


def test_a_floor_does_not_come_back_beside_another_of_its_group(floors: Floors) -> None:
    _, rule = floors.decide(FLOOR, "anna")
    floors.remove(rule.id, "anna")
    _, other = floors.decide(FLOOR, "anna")

    with pytest.raises(BadRule, match="seller:新 has another floor now"):
        floors.undo(rule.id, "anna")
    floors.remove(other.id, "anna")
    floors.undo(rule.id, "anna")
    assert [one.rule.id for one in floors.all()] == [rule.id]


def test_what_stands_is_kept_however_many_floors_are_decided(floors: Floors, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zhanggui.recommend.service.aims.floors.MOST_DECIDED", 2)
    old = ExposureFloor(by="new_sellers", share=0.1, places=10)
    floors.decide(old, "anna")

    for _ in range(3):
        floors.decide(FLOOR, "anna")

    assert [one.report.floor for one in floors.all()] == [old, FLOOR]


def test_a_floor_is_removed_with_its_rule_and_undo_brings_both_back(floors: Floors) -> None:
    _, rule = floors.decide(FLOOR, "anna")

    floors.remove(rule.id, "anna")
    assert floors.all() == []
    assert floors.rules.all() == []
    with pytest.raises(UnknownRule):
        floors.remove(rule.id, "anna")

    floors.undo(rule.id, "anna")
    assert [one.rule.id for one in floors.all()] == [rule.id]


def test_a_rule_that_is_no_floor_is_left_alone(floors: Floors) -> None:
    rule = floors.rules.create(floors.measure(FLOOR).rule, "anna")

    with pytest.raises(UnknownRule, match="No floor stands"):
        floors.remove(rule.id, "anna")
    with pytest.raises(UnknownRule, match="No floor stands"):
        floors.undo(rule.id, "anna")
    assert floors.rules.all() == [rule]


def test_a_floor_that_cannot_be_taken_back_further_says_so(floors: Floors) -> None:
    _, rule = floors.decide(FLOOR, "anna")
    floors.undo(rule.id, "anna")

    with pytest.raises(BadRule, match="Nothing is left"):
        floors.undo(rule.id, "anna")


def test_a_floor_whose_rule_is_switched_off_is_not_counted(shop: TestShop, floors: Floors, clock: FixedClock) -> None:
    report, rule = floors.decide(FLOOR, "anna")
    serves(shop, clock, 1)
    off = type(report.rule)(kind=rule.kind, target=rule.target, value=rule.value, is_on=False)
    floors.rules.change(rule.id, off, "anna")
    floors.watch.count()

    (told,) = floors.all()
    assert told.served is None
