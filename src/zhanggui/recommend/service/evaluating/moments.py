"""A column of times, however it is written, as milliseconds; or as a mere order, where the numbers are too small."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zhanggui.kernel.clock import DAY_MS
from zhanggui.recommend.engines.evaluation.audit import Order
from zhanggui.recommend.engines.interactions import Ints
from zhanggui.recommend.errors import BadLog

FORMATS = (
    *("%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M"),
    *("%Y/%m/%d", "%Y.%m.%d", "%Y-%m-%d %H", "%Y年%m月%d日", "%Y年%m月%d日 %H:%M", "%Y年%m月%d日 %H:%M:%S"),
    *("%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y", "%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d.%m.%Y"),
    *("%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M", "%m/%d/%Y"),
    *("%a %b %d %H:%M:%S %Y", "%d %b %Y %H:%M:%S", "%d %b %Y", "%d-%b-%y", "%d-%b-%Y", "%b %d, %Y", "%B %d, %Y"),
    *("%m %d, %Y", "%d-%m-%Y %H:%M:%S", "%d-%m-%Y %H:%M", "%d-%m-%Y", "%Y%m%d %H:%M:%S"),
    *("%m-%d-%Y %H:%M:%S", "%m-%d-%Y %H:%M", "%m-%d-%Y"),
    *("%d/%m/%Y %I:%M:%S %p", "%d/%m/%Y %I:%M %p", "%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %I:%M %p"),
)
_TAIL = r"(:\d\d)(\.\d+)?\s*(Z|UTC|[+-]\d\d:?\d\d)?$"  # fractions and zones, behind a minute or a second
_ZONE = r":\d\d(?:\.\d+)?\s*(?P<sign>[+-])(?P<hours>\d\d):?(?P<minutes>\d\d)$"
_INNER_ZONE = r"(:\d\d) (?:UTC|GMT|([+-]\d{4}))( \d{4})$"  # `Tue Apr 03 18:00:09 +0000 2012`
_SECONDS, _MILLIS, _MICROS, _NANOS = 1e8, 1e11, 1e14, 1e17
_LAST_MS = 1e14  # the year 5138
_FIRST_DAY, _LAST_DAY = 19_000_101, 21_001_231
_FIRST_SERIAL, _LAST_SERIAL = 32_874, 73_050  # 1990 and 2099 as days of a spreadsheet, which counts from 1899-12-30
_SPREADSHEET_MS = -25_569 * DAY_MS
_CALLED_TIME = re.compile(r"date|time|日|时|時", re.IGNORECASE)


_EARLIEST_MS, _LATEST_MS = 631_152_000_000, 4_102_444_800_000  # 1990 and 2100: larger and smaller numbers are ids


def are_moments(column: Any) -> bool:
    """Whether the first cells of a column are times of our age, in whatever way they are written."""
    try:
        at_ms, has_time, order = to_moments(column.slice(0, 100), "")
    except BadLog:
        return False
    is_ours = (at_ms >= _EARLIEST_MS) & (at_ms <= _LATEST_MS)
    return order == "time" and len(at_ms) > 0 and bool((has_time & is_ours).all())


def to_moments(column: Any, name: str) -> tuple[Ints, NDArray[np.bool_], Order]:
    """((n,) milliseconds, (n,) whether there is a time, what they are).

    Args:
        column: pyarrow column of times, dates, numbers or text.
        name: for the words of an error.

    Raises:
        BadLog: nothing in it can be read as a time, or day and month cannot be told apart.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = column.type
    if pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        return _of_timestamps(column)
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return _of_numbers(column.cast(pa.float64()), name)
    if not (pa.types.is_string(kind) or pa.types.is_large_string(kind)):
        raise BadLog(f"The column {name!r} holds {kind}, not times.", hint="Name another: --time COLUMN.")
    text = pc.utf8_trim_whitespace(column)
    is_number = pc.fill_null(pc.match_substring_regex(text, r"^-?\d+(\.\d+)?([eE]\+?\d+)?$"), False)  # noqa: FBT003
    if (pc.sum(is_number).as_py() or 0) * 2 > len(text) - text.null_count:
        return _of_numbers(pc.if_else(is_number, text, pa.scalar(None, text.type)).cast(pa.float64()), name)
    return _of_timestamps(_parsed(text, name))


def _of_timestamps(column: Any) -> tuple[Ints, NDArray[np.bool_], Order]:
    import pyarrow as pa
    import pyarrow.compute as pc

    has_time = np.asarray(column.is_valid())
    at = np.asarray(pc.fill_null(column.cast(pa.timestamp("ms"), safe=False).cast(pa.int64()), 0))
    return at.astype(np.int64), has_time, "time"


def _of_numbers(column: Any, name: str) -> tuple[Ints, NDArray[np.bool_], Order]:
    """Numbers by their size: a place in a sequence, a written date (20240131), or time since 1970 in s, ms, µs or ns.

    Days of a spreadsheet are as small as places, so they are taken for times only in a column that is called so.
    """
    import pyarrow.compute as pc

    numbers = np.asarray(pc.fill_null(column, float("nan")))
    has_time = np.isfinite(numbers)
    numbers = np.where(has_time, numbers, 0.0)
    usual = float(np.median(np.abs(numbers[has_time]))) if has_time.any() else 0.0
    if usual < _SECONDS:
        if has_time.any() and numbers[has_time].min() >= _FIRST_DAY and numbers[has_time].max() <= _LAST_DAY:
            return _of_days(numbers.astype(np.int64)), has_time, "time"
        if _CALLED_TIME.search(name) and _are_serials(numbers[has_time]):
            at_ms = np.where(has_time, np.rint(numbers * DAY_MS) + _SPREADSHEET_MS, 0.0)
            return at_ms.astype(np.int64), has_time, "time"
        return np.unique(numbers, return_inverse=True)[1].astype(np.int64) * DAY_MS, has_time, "position"
    at_ms, is_written = _of_digits(np.where(np.abs(numbers) < _MICROS, numbers, 0.0).astype(np.int64))
    if is_written.sum() * 2 > has_time.sum():
        return at_ms, has_time & is_written, "time"
    scale = 1e3 if usual < _MILLIS else 1.0 if usual < _MICROS else 1e-3 if usual < _NANOS else 1e-6
    millis = numbers * scale
    has_time &= np.abs(millis) < _LAST_MS
    return np.where(has_time, millis, 0.0).astype(np.int64), has_time, "time"


def _are_serials(numbers: NDArray[np.float64]) -> bool:
    return len(numbers) > 0 and bool((numbers >= _FIRST_SERIAL).all() and (numbers <= _LAST_SERIAL).all())


def _of_digits(numbers: Ints) -> tuple[Ints, NDArray[np.bool_]]:
    """((n,) milliseconds, (n,) whether it is so) of dates and hours that are written as 20240131130507 or 202401311305.

    As milliseconds since 1970 they would be of the years 2570 and later, and of 1976: no log is of these.
    """
    numbers = np.where(numbers < _LAST_DAY * 10_000, numbers * 100, numbers)
    day, clock = np.divmod(numbers, 1_000_000)
    hour, minute, second = clock // 10_000, clock // 100 % 100, clock % 100
    month, of_month = day // 100 % 100, day % 100
    is_day = (
        (day >= _FIRST_DAY) & (day <= _LAST_DAY) & (month >= 1) & (month <= 12) & (of_month >= 1) & (of_month <= 31)
    )
    is_written = is_day & (hour < 24) & (minute < 60) & (second < 60)
    day = np.where(is_written, day, _FIRST_DAY)
    at_ms = _of_days(day) + ((hour * 60 + minute) * 60 + second) * 1000
    return np.where(is_written, at_ms, 0), is_written


def _of_days(numbers: Ints) -> Ints:
    months = (numbers // 10_000 - 1970) * 12 + np.clip(numbers // 100 % 100, 1, 12) - 1
    days = months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64) + np.clip(numbers % 100, 1, 31) - 1
    at: Ints = days * DAY_MS
    return at


def _parsed(text: Any, name: str) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc

    for kind in (pa.timestamp("ms"), pa.timestamp("ms", "UTC")):
        try:
            return text.cast(kind)
        except pa.ArrowInvalid:
            continue
    bare = pc.replace_substring_regex(text, _TAIL, r"\1")
    bare = pc.replace_substring_regex(bare, _INNER_ZONE, r"\1\3")
    read = {pattern: _count(bare.slice(0, 100_000), pattern) for pattern in FORMATS}
    best = max(read, key=lambda pattern: read[pattern])
    if read[best] == 0:
        seen = next((value for value in text.slice(0, 100).to_pylist() if value), "")
        raise BadLog(
            f"The column {name!r} does not look like times: {seen!r}.", hint="Write times as 2024-01-31 13:05:00."
        )
    turned = best.replace("%d/%m", "%m/%d").replace("%d-%m", "%m-%d")
    if turned != best and read[turned] == read[best]:
        words = f"Day and month of the column {name!r} cannot be told apart"
        raise BadLog(f"{words}: {text[0].as_py()!r}.", hint="Write dates as 2024-01-31.")
    local = pc.strptime(bare, format=best, unit="ms", error_is_null=True)
    return pc.subtract(local.cast(pa.int64()), _ahead_ms(text)).cast(pa.timestamp("ms"))


def _ahead_ms(text: Any) -> Any:
    """(n,) how much the clock of each text is ahead of UTC, by the zone behind it; 0 without one."""
    import pyarrow as pa
    import pyarrow.compute as pc

    zone = pc.extract_regex(pc.replace_substring_regex(text, _INNER_ZONE, r"\1\2"), pattern=_ZONE)
    sign, hours, minutes = (pc.struct_field(zone, name) for name in ("sign", "hours", "minutes"))
    count = pc.add(pc.multiply(hours.cast(pa.int64()), 60), minutes.cast(pa.int64()))
    signed = pc.if_else(pc.equal(sign, "-"), pc.negate(count), count)
    return pc.fill_null(pc.multiply(signed, 60_000), 0)


def _count(text: Any, pattern: str) -> int:
    import pyarrow.compute as pc

    parsed = pc.strptime(text, format=pattern, unit="s", error_is_null=True)
    return len(parsed) - int(parsed.null_count)
