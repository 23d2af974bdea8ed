"""A floor under a group's share of exposure: worth of places, the quota that holds it, replay, decision and undo."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import FixedClock
from tests.recommend.builders import TestShop, a_tea, floors_of
from tests.recommend.test_aims import Book

from zhanggui.kernel.db import Database
from zhanggui.recommend import BadRule, Floors, NotEnoughEvents
from zhanggui.recommend.engines.aims.floors import (
    exposures,
    gains_of,
    least_quota,
    mean_of,
    ratio_of,
    worth_of_places,
)
from zhanggui.recommend.engines.arranging import Order, Quota, Ranked, arrange
from zhanggui.recommend.errors import FloorNotHeld, UnknownValue
from zhanggui.recommend.service.rules.keeping import RuleChanged
from zhanggui.recommend.types.floors import ExposureFloor
from zhanggui.recommend.types.rules import RuleKind

KINDS = ("绿茶", "花果茶", "茶具", "红茶")


def test_exposure_is_worked_by_hand() -> None:
    """Places are worth 1, 0.6309, 0.5; the second list is one place short."""
    shown = np.array([[True, True, True], [True, True, False]])
    group = np.array([[False, True, True], [True, False, False]])

    part, whole = exposures(shown, group)

    assert part == pytest.approx([0.63093 + 0.5, 1.0], abs=1e-5)
    assert whole == pytest.approx([2.13093, 1.63093], abs=1e-5)
    assert ratio_of(part, whole).value == pytest.approx(2.13093 / 3.76186, abs=1e-5)


@pytest.mark.parametrize(
    ("floor", "places", "share", "kept"),
    [
        (0.2, 3, 1 / 3, 1),  # the third place alone: 0.5 of 2.1309, 0.2346
        (0.25, 3, 1 / 2, 1),  # the second alone: 0.6309 of 2.1309, 0.2961
        (0.5, 3, 2 / 3, 2),  # the second and the third: 0.5307
        (0.6, 3, 1.0, 3),
        (0.05, 1, 1.0, 1),
    ],
)
def test_the_least_quota_is_worked_by_hand(floor: float, places: int, share: float, kept: int) -> None:
    found = least_quota(floor, places)

    assert found is not None
    assert (found.share, found.places) == (pytest.approx(share), kept)


def test_no_quota_gives_more_than_everything() -> None:
    assert least_quota(1.1, 5) is None


@settings(max_examples=40)
@given(st.floats(0.01, 1.0), st.integers(1, 20), st.integers(0, 20))
def test_the_engine_holds_the_floor_wherever_enough_goods_stand(floor: float, places: int, spare: int) -> None:
    """The group ranks last of all, so that nothing but the quota brings it in."""
    reserve = least_quota(floor, places)
    assert reserve is not None
    others, own = places, reserve.places + spare
    counted = np.arange(others + own) >= others
    ranked = Ranked(
        ids=np.arange(1, others + own + 1, dtype=np.int32),
        values=np.linspace(1, 0, others + own, dtype=np.float32),
        category=np.zeros(others + own, dtype=np.int32),
    )
    slot = np.zeros(others + own + 1, dtype=np.int32)

    rows = arrange(ranked, Order(quotas=[Quota(counted, reserve.share, 0)]), places, slot).rows

    worth = worth_of_places(places)
    assert worth[counted[rows]].sum() >= floor * worth.sum() - 1e-6
    assert int(counted[rows].sum()) == reserve.places


def test_recall_and_ndcg_are_worked_by_hand() -> None:
    recall, ndcg = gains_of(np.array([[False, True, False], [True, False, False]]), np.array([2, 1]))

    assert recall == pytest.approx([0.5, 1.0])
    assert ndcg == pytest.approx([0.63093 / 1.63093, 1.0], abs=1e-5)


def test_alike_cases_have_an_interval_of_no_width() -> None:
    found = mean_of(np.full(40, 0.25))

    assert (found.low, found.value, found.high) == pytest.approx((0.25, 0.25, 0.25))


@pytest.fixture
def shop(sqlite: Database, tmp_path: Path, clock: FixedClock) -> TestShop:
    """Four kinds of goods; those of 红茶 are of a seller who came three weeks ago, and nobody looked at them."""
    shop = TestShop(sqlite, tmp_path / "models", clock)
    for keyword in KINDS:
        is_new = keyword == "红茶"
        born = clock() - timedelta(days=21 if is_new else 400)
        seller = "新" if is_new else "老"
        shop.sells(*(a_tea(f"{keyword}-{n}", keyword, seller=seller, created_at=born) for n in range(8)))
    for n in range(30):
        kind, other = KINDS[n % 3], KINDS[(n + 1) % 3]
        shop.sees(f"p{n}", *(f"{kind}-{(n + m) % 8}" for m in range(4)), days_ago=6)
        shop.sees(f"p{n}", f"{kind}-{(n + 5) % 8}", f"{other}-{n % 8}", days_ago=2)
    return shop


@pytest.fixture
def book() -> Book:
    return Book()


@pytest.fixture
def floors(shop: TestShop, book: Book) -> Floors:
    return floors_of(shop, book)


@pytest.mark.parametrize(
    ("by", "name", "kind"), [("new_sellers", "", RuleKind.FAIR), ("seller", "新", RuleKind.PROMOTE)]
)
def test_a_floor_is_held_in_every_replayed_list_and_its_cost_is_told(
    floors: Floors, by: str, name: str, kind: RuleKind
) -> None:
    asked = ExposureFloor(by=by, name=name, share=0.2, places=10)  # type: ignore[arg-type]

    found = floors.measure(asked)

    assert (found.lists, found.below, found.verdict, found.candidates) == (30, 0, "met", 8)
    assert found.before.value < 0.2 <= found.after.value
    assert found.rule.kind is kind
    assert found.recall_cost.low <= found.recall_cost.value <= found.recall_cost.high
    assert found.recall_cost.value >= 0  # nobody takes what the floor brings in
    assert found.ndcg_cost.value >= 0
    assert floors.rules.all() == []


def test_too_few_goods_are_said_to_be_too_few_and_nothing_is_decided(shop: TestShop, floors: Floors) -> None:
    shop.sells(a_tea("独-0", "绿茶", seller="独"))
    asked = ExposureFloor(by="seller", name="独", share=0.5, places=10)

    found = floors.measure(asked)

    assert (found.verdict, found.candidates, found.below) == ("not_enough_candidates", 1, 30)
    assert found.needed > 1
    with pytest.raises(FloorNotHeld, match="not enough candidates"):
        floors.decide(asked, "anna")
    assert floors.rules.all() == []


def test_a_decision_sets_the_rule_stands_in_the_ledger_and_is_taken_back(floors: Floors, book: Book) -> None:
    found, made = floors.decide(ExposureFloor(by="seller", name="新", share=0.2, places=10), "anna")

    assert floors.rules.all() == [made]
    assert (made.kind, made.target, made.value) == (RuleKind.PROMOTE, 'seller = "新"', found.rule.value)
    kind, payload, actor = book.entries[-1]
    assert (kind, actor) == ("recommend.rule", "anna")
    assert isinstance(payload, RuleChanged)
    assert payload.after == made

    floors.rules.undo(made.id, "anna")

    assert floors.rules.all() == []


def test_a_floor_of_nothing_that_there_is_says_so(floors: Floors) -> None:
    with pytest.raises(UnknownValue):
        floors.measure(ExposureFloor(by="seller", name="没有", share=0.2))
    with pytest.raises(BadRule, match="by new_sellers"):
        floors.measure(ExposureFloor(by="new_sellers", name="新", share=0.2))
    with pytest.raises(BadRule, match="by brand"):
        floors.measure(ExposureFloor(by="brand", share=0.2))
    for share, places in ((0.0, 20), (1.5, 20), (0.2, 0), (0.2, 201)):
        with pytest.raises(BadRule, match="A floor of"):
            floors.measure(ExposureFloor(by="new_sellers", share=share, places=places))
    with pytest.raises(BadRule, match="holds a quote"):
        floors.measure(ExposureFloor(by="brand", name='a"b', share=0.2))


def test_without_sessions_a_floor_is_not_measured(sqlite: Database, tmp_path: Path, clock: FixedClock) -> None:
    shop = TestShop(sqlite, tmp_path / "models", clock)
    shop.sells(*(a_tea(f"t-{n}", seller="新") for n in range(3)))
    shop.sees("u", "t-0", days_ago=3)
    floors = floors_of(shop, Book())

    with pytest.raises(NotEnoughEvents, match="measuring a floor needs 20"):
        floors.measure(ExposureFloor(by="seller", name="新", share=0.2))
