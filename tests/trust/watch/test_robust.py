"""A day against its own history."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.trust.engines.watch.robust import judge
from zhanggui.trust.types.watch import AlertKind, Series, WatchLimits

LIMITS = WatchLimits()


def a_series(*history: float, seen: float, kind: AlertKind = AlertKind.READING, both: bool = False) -> Series:
    return Series(kind=kind, subject="user:li", history=history, seen=seen, tells_too_little=both)


def test_ten_times_the_usual_is_told() -> None:
    found = judge(a_series(*[20.0, 24, 18, 22, 19, 25, 21], seen=210), LIMITS)

    assert found is not None
    assert (found.seen, found.usual) == (210, 21)


def test_one_wild_day_before_does_not_hide_the_next() -> None:
    assert judge(a_series(20, 24, 18, 900, 19, 25, 21, seen=210), LIMITS) is not None


def test_a_busy_day_among_busy_days_is_not_told() -> None:
    assert judge(a_series(180, 220, 210, 190, 240, 205, 200, seen=250), LIMITS) is None


@pytest.mark.parametrize(("seen", "is_told"), [(60, False), (61, True)])
def test_without_a_history_only_the_floor_counts(seen: float, is_told: bool) -> None:
    found = judge(a_series(1, 2, seen=seen), LIMITS)

    assert (found is not None) is is_told
    assert found is None or found.usual is None


def test_after_quiet_weeks_a_few_exports_are_no_alarm() -> None:
    quiet = [0.0] * 28

    assert judge(a_series(*quiet, seen=4, kind=AlertKind.EXPORT), LIMITS) is None
    assert judge(a_series(*quiet, seen=6, kind=AlertKind.EXPORT), LIMITS) is not None


def test_a_day_without_sales_is_told_where_too_little_is() -> None:
    week = [9000.0, 11000, 10000, 9500, 10500, 9800, 10200]

    assert judge(a_series(*week, seen=0, kind=AlertKind.DATA, both=True), LIMITS) is not None
    assert judge(a_series(*week, seen=0, kind=AlertKind.DATA), LIMITS) is None
    assert judge(a_series(9000, seen=0, kind=AlertKind.DATA, both=True), LIMITS) is None


@given(st.lists(st.integers(0, 10_000), min_size=7, max_size=28), st.integers(0, 10_000))
def test_more_is_never_less_of_an_alarm(history: list[int], seen: int) -> None:
    told = [judge(a_series(*map(float, history), seen=float(more)), LIMITS) is not None for more in (seen, seen + 500)]

    assert told[0] <= told[1]
