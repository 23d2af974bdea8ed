"""Moments, their milliseconds, and the days of a calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import example, given
from hypothesis import strategies as st

from zhanggui.kernel.clock import EPOCH, date_of_day, from_ms, local_day, moment_or_none, ms_or_none, to_ms


def test_a_day_is_of_the_calendar_of_its_zone() -> None:
    late = to_ms(datetime(2026, 3, 1, 23, 30, tzinfo=UTC))
    day = local_day(late, ZoneInfo("Asia/Shanghai"))

    assert date_of_day(day) == date(2026, 3, 2)
    assert date_of_day(local_day(late, UTC)) == date(2026, 3, 1)
    assert local_day(-1, UTC) == -1


def test_a_moment_may_be_missing() -> None:
    assert ms_or_none(None) is None
    assert moment_or_none(None) is None
    assert moment_or_none(ms_or_none(datetime(2026, 3, 1, tzinfo=UTC))) == datetime(2026, 3, 1, tzinfo=UTC)


@given(st.integers(-60_000_000_000_000, 250_000_000_000_000))
@example(2**32 * 1000 - 1)
@example(2**32 * 1000)
@example(-1)
@example(1_773_000_000_123)
def test_a_moment_of_milliseconds_is_exact_wherever_it_lies(ms: int) -> None:
    assert from_ms(ms) == EPOCH + timedelta(milliseconds=ms)
    assert to_ms(from_ms(ms)) == ms


@given(st.integers(0, 2**32 * 1000))
def test_a_moment_of_our_time_is_exact_to_the_microsecond(ms: int) -> None:
    assert from_ms(ms) == EPOCH + timedelta(milliseconds=ms)
