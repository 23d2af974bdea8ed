"""Served places joined to what they led to: the right rows, nobody named, consent heeded, estimates that add up."""

from __future__ import annotations

from datetime import UTC, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from tests.conftest import FixedClock
from tests.recommend.builders import HotHistory, TestShop, teas

from zhanggui.kernel.db import Database
from zhanggui.recommend import OffPolicy
from zhanggui.recommend.engines.withholding import pseudonym
from zhanggui.recommend.errors import NothingToAsk
from zhanggui.recommend.types.lists import ServedEntry
from zhanggui.recommend.types.off_policy import AskEstimate, AskOutcomes, TargetPlace
from zhanggui.shop import EventName

FIRST, SECOND = "0" * 25 + "1", "0" * 25 + "2"


@pytest.fixture
def shop(sqlite: Database, tmp_path: Path, clock: FixedClock) -> TestShop:
    """Two shoppers were shown three teas each, the last by a chance of a quarter; one clicked the last, one nothing."""
    shop = TestShop(sqlite, tmp_path / "models", clock)
    shop.sells(*teas("绿茶", 4))
    shop.sees("a", "绿茶-3")
    shop.sees("b", "绿茶-3")
    clock.advance(timedelta(hours=1))
    with shop.db.read() as db:
        people = shop.people.numbers(db, visitor_ids=["a", "b"])
    at_ms = int(clock().timestamp() * 1000)
    for list_id, person in zip((FIRST, SECOND), sorted(people.values()), strict=True):
        entry = ServedEntry(
            id=list_id,
            person=person,
            surface="home",
            at_ms=at_ms,
            products=(1, 2, 3),
            propensities=(1.0, 1.0, 0.25),
            model="m",
        )
        shop.served.log_served([entry])  # type: ignore[list-item]
    clock.advance(timedelta(minutes=1))
    shop.sees("a", "绿茶-2", name=EventName.SELECT_ITEM)
    shop.sees("b", "绿茶-2", name=EventName.VIEW_ITEM_LIST)
    clock.advance(timedelta(hours=25))
    return shop


@pytest.fixture
def desk(shop: TestShop) -> OffPolicy:
    return OffPolicy(
        db=shop.db,
        clock=shop.clock,
        zone=UTC,
        live=shop.recommend.serving.state._live,
        history=HotHistory(shop.db),
        served=shop.served,
        gate=shop.gate,
    )


def test_each_place_is_a_row_with_its_chance_and_what_it_led_to(desk: OffPolicy, tmp_path: Path) -> None:
    file = tmp_path / "rows.parquet"

    assert desk.write(file, AskOutcomes()) == 6

    rows = pq.read_table(file).to_pylist()
    assert [(row["list_id"], row["position"], row["product_id"][-1:]) for row in rows] == [
        (pseudonym(list_id), place, "" if (list_id, place) == (FIRST, 3) else str(place - 1))
        for list_id in (FIRST, SECOND)
        for place in (1, 2, 3)
    ]
    assert [row["reward"] for row in rows] == [0, 0, 1, 0, 0, 0]
    assert [row["seen"] for row in rows] == [False] * 5 + [True]
    assert {row["propensity"] for row in rows if row["position"] == 3} == {0.25}
    assert not {"person", "customer_id", "visitor_id", "at", "weekday"} & set(rows[0])


def test_places_are_told_by_surface_and_a_negative_is_counted(desk: OffPolicy) -> None:
    told = desk.outcomes(AskOutcomes())

    (home,) = told.surfaces
    assert (told.places, told.lists, told.uncounted) == (6, 2, 0)
    assert (home.sure, home.chosen_by_chance, home.seen_unheeded) == (4, 2, 1)
    assert home.chance_reward is not None
    assert home.chance_reward.value == 0.5


def test_a_shorter_window_a_purchase_and_a_young_list_count_otherwise(desk: OffPolicy, shop: TestShop) -> None:
    assert desk.outcomes(AskOutcomes(reward="purchase")).surfaces[0].chance_reward.value == 0  # type: ignore[union-attr]
    assert desk.outcomes(AskOutcomes(hours=48)).places == 0


def test_whoever_may_not_be_counted_is_not(desk: OffPolicy, shop: TestShop) -> None:
    shop.gate.is_open = False

    told = desk.outcomes(AskOutcomes())

    assert (told.places, told.uncounted) == (0, 2)


def test_another_way_of_choosing_is_judged_by_the_places_it_names(desk: OffPolicy) -> None:
    targets = tuple(TargetPlace(list_id=pseudonym(id_), position=3, chance=0.5) for id_ in (FIRST, SECOND))
    lost = TargetPlace(list_id="0" * 26, position=1, chance=1.0)

    told = desk.judge(AskEstimate(targets=(*targets, lost)))

    assert (told.rows, told.unmatched, told.effective) == (2, 1, 2)
    assert (told.on_policy.value, told.ips.value, told.snips.value) == (0.5, 1.0, 0.5)
    with pytest.raises(NothingToAsk):
        desk.judge(AskEstimate(targets=(lost,)))
