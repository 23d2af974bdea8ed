"""Moments as merchants' files write them, into milliseconds of UTC."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from zhanggui.kernel.clock import to_ms

from .cleaning import BadCell, clean_code

_MOMENT = re.compile(
    r"""^(?P<year>\d{4})\s*[-/.年]\s*(?P<month>\d{1,2})\s*[-/.月]\s*(?P<day>\d{1,2})\s*日?
    (?:[T\s]*(?P<half>上午|下午|凌晨|晚上|am|pm)?\s*
       (?P<hour>\d{1,2})\s*[:时点]\s*(?P<minute>\d{1,2})\s*分?
       (?:\s*:?\s*(?P<second>\d{1,2})\s*秒?(?:[.,](?P<fraction>\d{1,9}))?)?
       \s*(?P<late>am|pm)?)?
    \s*(?P<zone>z|utc|[+-]\d{2}:?\d{2})?$""",
    re.VERBOSE | re.IGNORECASE,
)
_COMPACT = {8: "%Y%m%d", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S"}
_EPOCHS = {10: 1000, 13: 1, 16: 1}
_DAY_FIRST_OR_MONTH_FIRST = re.compile(r"^\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}\b")
_EARLIEST_MS, _LATEST_MS = -2_208_988_800_000, 7_258_118_400_000  # 1900 to 2200


def to_moment(raw: object, zone: ZoneInfo, formats: tuple[str, ...] = ()) -> int | BadCell | None:
    """Milliseconds since 1970 UTC. Moments without a zone are in `zone`; `formats` are tried first (strptime)."""
    try:
        moment = _moment(raw, zone, formats)
    except (ValueError, OverflowError):
        moment = BadCell("not a date that exists", "Write dates as 2024-01-05 13:05.")
    if isinstance(moment, datetime):
        moment = to_ms(moment if moment.tzinfo else moment.replace(tzinfo=zone))
    if isinstance(moment, int) and not _EARLIEST_MS <= moment <= _LATEST_MS:
        return BadCell("a date outside 1900 to 2200", "Check the column and the map's date_formats.")
    return moment


def _moment(raw: object, zone: ZoneInfo, formats: tuple[str, ...]) -> datetime | int | BadCell | None:
    if isinstance(raw, datetime):
        return raw
    if isinstance(raw, date):
        return datetime(raw.year, raw.month, raw.day, tzinfo=zone)
    if isinstance(raw, float):
        raw = None if raw != raw else int(raw) if raw.is_integer() else raw
    text = clean_code(raw)
    if text.lower() in {"", "null", "none", "nan", "\\n", "-", "--", "nat"}:
        return None
    for pattern in formats:
        try:
            return datetime.strptime(text, pattern)  # noqa: DTZ007  (the map's zone is added by the caller)
        except ValueError:
            continue
    if text.isdecimal():
        return _digits(text)
    match = _MOMENT.match(text)
    return _from_parts(match) if match else _unknown(text)


def _digits(text: str) -> datetime | int | BadCell:
    if len(text) in _COMPACT and text[:2] in {"19", "20"}:
        return datetime.strptime(text, _COMPACT[len(text)])  # noqa: DTZ007  (the map's zone is added by the caller)
    if len(text) in _EPOCHS:
        return int(text) // 1000 if len(text) == 16 else int(text) * _EPOCHS[len(text)]
    return _unknown(text)


def _from_parts(match: re.Match[str]) -> datetime:
    part = match.groupdict()
    hour = int(part["hour"] or 0)
    half = (part["half"] or part["late"] or "").lower()
    if half in {"下午", "晚上", "pm"} and hour < 12:
        hour += 12
    elif half in {"上午", "凌晨", "am"} and hour == 12:
        hour = 0
    whole = datetime(  # noqa: DTZ001  (the zone follows)
        int(part["year"]), int(part["month"]), int(part["day"]), hour, int(part["minute"] or 0)
    )
    micro = int((part["fraction"] or "0").ljust(6, "0")[:6])
    whole = whole.replace(second=int(part["second"] or 0), microsecond=micro)
    zone = part["zone"]
    if not zone:
        return whole
    if zone.lower() in {"z", "utc"}:
        return whole.replace(tzinfo=UTC)
    away = timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]))
    return whole.replace(tzinfo=timezone(-away if zone[0] == "-" else away))


def _unknown(text: str) -> BadCell:
    if _DAY_FIRST_OR_MONTH_FIRST.match(text):
        return BadCell(
            "a date of which nobody knows whether the day or the month comes first",
            'Say so in the map: date_formats = ["%d/%m/%Y %H:%M"] or ["%m/%d/%Y %H:%M"].',
        )
    return BadCell("not a date", "Write dates as 2024-01-05 13:05, or name date_formats in the map.")
