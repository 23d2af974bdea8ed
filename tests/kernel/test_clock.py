"""Moments, their milliseconds, and the days of a calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from zhanggui.kernel.clock import date_of_day, local_day, moment_or_none, ms_or_none, to_ms


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
