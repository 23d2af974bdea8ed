"""Names beside the bands between stages: none stands over another, and each stays near its block."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from zhanggui.app.console.journeys import APART, spread


def test_names_that_stand_apart_stay_where_they_are() -> None:
    assert spread([10.0, 50.0, 90.0], 8.0) == [10.0, 50.0, 90.0]


def test_names_too_near_are_moved_down_and_up_again_from_the_end() -> None:
    assert spread([10.0, 12.0, 40.0], 8.0) == [10.0, 18.0, 40.0]
    assert spread([90.0, 97.0, 99.0], 8.0) == [80.0, 88.0, 96.0]
    assert spread([], 8.0) == []


@given(st.lists(st.floats(0, 100, width=32), min_size=1, max_size=7).map(sorted))
def test_seven_names_never_touch_nor_leave_the_plot(middles: list[float]) -> None:
    places = spread(middles, APART)

    assert all(after - before >= APART - 1e-6 for before, after in pairwise(places))
    assert places[0] >= 0
    assert places[-1] <= 100 - APART / 2
