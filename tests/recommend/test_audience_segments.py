"""In which segments an audience stands more often than everybody: against counts made by hand, on both stores."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import FixedClock
from tests.recommend.builders import TestShop, teas

from zhanggui.kernel.db import Database
from zhanggui.kernel.intervals import wilson
from zhanggui.recommend.engines.over_representation import over_represented
from zhanggui.recommend.service.recipes import audiences

Z = 2.39398
"""Standard errors of 1 - 0.05 / 3 to both sides: the normal distribution reaches 1 - 0.05 / 6 there."""


@dataclass
class Kept:
    groups: dict[str, set[int]] = field(default_factory=dict)

    def members(self) -> Mapping[str, Collection[int]]:
        return self.groups


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> Kept:
    held = Kept()
    monkeypatch.setattr("zhanggui.recommend.service.recommender.NoSegments", lambda: held)
    return held


def test_a_group_counts_by_its_share_over_that_of_all() -> None:
    found = over_represented(range(10), range(100), {"half": range(5, 100, 1), "mine": range(8), "few": range(4)}, 2)

    # 8 of 10 are in "mine", 8 of 100 of all; Wilson between 0.8's bounds at 1 - 0.05 / 3.
    assert [(one.name, one.people) for one in found] == [("mine", 8), ("few", 4)]
    assert (found[0].share, found[0].share_of_all, found[0].lift) == pytest.approx((0.8, 0.08, 10.0))
    low, high = wilson(0.8, 10, Z)
    assert (found[0].low, found[0].high) == pytest.approx((low / 0.08, high / 0.08))


@given(st.sets(st.integers(0, 60), min_size=1), st.sets(st.integers(0, 60)), st.integers(1, 6))
def test_no_group_tells_of_fewer_than_the_floor(audience: set[int], group: set[int], least: int) -> None:
    for one in over_represented(audience, range(61), {"group": group}, least):
        others = len(audience) - one.people
        assert one.people >= least
        assert others == 0 or others >= least
        assert 1 < one.low <= one.lift <= one.high + 1e-9


def test_an_audience_says_which_segments_it_stands_in_and_names_nobody(
    any_database: Database, tmp_path: Path, clock: FixedClock, kept: Kept
) -> None:
    shop = TestShop(any_database, tmp_path / "models", clock)
    shop.sells(*teas("绿茶", 6), *teas("花果茶", 6), *teas("茶具", 6))
    for n in range(20):
        shop.sees(f"fan{n}", "花果茶-0", "花果茶-1")
        shop.sees(f"other{n}", "茶具-0", "茶具-1")
    fans, others = _numbers(shop, "fan"), _numbers(shop, "other")
    kept.groups = {"爱花果茶": fans, "爱茶具": others, "两者都有": set(sorted(fans)[:10]) | set(sorted(others)[:10])}

    found = shop.recommend.audiences.segments("花果茶-2")

    assert (found.people, found.of, found.looked_at, found.is_small) == (20, 40, 3, False)
    assert [(one.name, one.people, one.share, one.share_of_all) for one in found.segments] == [
        ("爱花果茶", 20, 1.0, 0.5)
    ]
    assert found.segments[0].lift == 2.0
    low, _ = wilson(1.0, 20, Z)
    assert found.segments[0].lift_low == pytest.approx(low / 0.5)


def test_an_audience_of_few_tells_of_no_segment(
    sqlite: Database, tmp_path: Path, clock: FixedClock, kept: Kept
) -> None:
    shop = TestShop(sqlite, tmp_path / "models", clock)
    shop.sells(*teas("花果茶", 6), *teas("茶具", 6))
    for n in range(audiences.LEAST_PEOPLE - 1):
        shop.sees(f"fan{n}", "花果茶-0", "花果茶-1")
    for n in range(20):
        shop.sees(f"other{n}", "茶具-0", "茶具-1")
    kept.groups = {"爱花果茶": _numbers(shop, "fan")}

    found = shop.recommend.audiences.segments("花果茶-2")

    assert (found.people, found.segments, found.is_small) == (0, (), True)


def _numbers(shop: TestShop, who: str) -> set[int]:
    with shop.db.read() as db:
        found = [shop.people.subject(db, visitor_id=f"{who}{n}") for n in range(20)]
    return {one.number for one in found if one is not None}
