"""Time is passed in: a service takes a `Clock`, an engine takes the moment itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, tzinfo

Clock = Callable[[], datetime]
"""Returns the present moment as an aware UTC datetime."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
_MILLISECOND = timedelta(milliseconds=1)
_EXACT_MS = 2**32 * 1000
"""Up to 2106 a float of seconds is nearer to its own microsecond than to any other."""


def system_clock() -> datetime:
    """The machine's clock; named only in app/build.py."""
    return datetime.now(UTC)


def to_ms(moment: datetime) -> int:
    """Milliseconds since 1970 UTC, rounded down.

    Raises:
        ValueError: `moment` has no time zone.
    """
    if moment.tzinfo is None:
        raise ValueError(f"{moment.isoformat()} has no time zone; write it as {moment.isoformat()}Z")
    return (moment - EPOCH) // _MILLISECOND


def from_ms(ms: int) -> datetime:
    """The UTC moment `ms` milliseconds after 1970."""
    if 0 <= ms < _EXACT_MS:
        return datetime.fromtimestamp(ms / 1000, UTC)  # half the time: a profile has dozens of moments
    return EPOCH + timedelta(milliseconds=ms)


def ms_or_none(moment: datetime | None) -> int | None:
    """A moment for a column that may be empty."""
    return None if moment is None else to_ms(moment)


def moment_or_none(ms: int | None) -> datetime | None:
    """A moment from a column that may be empty."""
    return None if ms is None else from_ms(ms)


def local_day(ms: int, zone: tzinfo) -> int:
    """Days since 1970-01-01 by the calendar of a zone."""
    return from_ms(ms).astimezone(zone).toordinal() - EPOCH.toordinal()


def date_of_day(day: int) -> date:
    """The date of a day that is counted since 1970-01-01."""
    return date.fromordinal(EPOCH.toordinal() + day)


def day_number(ms: int) -> int:
    """Days since 1970-01-01 UTC."""
    return ms // DAY_MS
