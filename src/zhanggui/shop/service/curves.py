"""The points of the chart of sales: cumulated over one day, or one for each of many."""

from __future__ import annotations

import numpy as np
import sqlalchemy as sa

from zhanggui.kernel.clock import from_ms
from zhanggui.shop.engines.outlook import outlook
from zhanggui.shop.engines.takings import Longs
from zhanggui.shop.types.figures import Curve

from .day_book import DayBook, Span

POINTS = 48
EARLIER_DAYS = 28


def curve_of_day(db: sa.Connection, book: DayBook, now: Span, before: Span) -> Curve:
    """Sales of a day cumulated each half hour, the day before it is compared with, and how it may go on."""
    grid = _grid(book, now.last)
    is_over = now.until_ms >= grid[-1]
    moments = grid if is_over else np.sort(np.append(grid[grid != now.until_ms], now.until_ms))
    past, coming = moments[moments <= now.until_ms], moments[moments >= now.until_ms]
    today, earlier = book.of(db, [now.last, before.last])
    shift_ms = book.start_ms(now.last) - book.start_ms(before.last)
    curve = Curve(
        moments=tuple(map(from_ms, moments.tolist())),
        now=tuple(today.cumulated(past).tolist()),
        before=tuple(earlier.cumulated(moments - shift_ms).tolist()),
    )
    if is_over:
        return curve
    return _with_outlook(curve, db, book, now, coming)


def curve_of_days(db: sa.Connection, book: DayBook, now: Span, before: Span) -> Curve:
    """Sales of each day and of its counterpart; the last ones until the moment that is shown."""
    return Curve(
        moments=tuple(from_ms(book.start_ms(day)) for day in now.days),
        now=tuple(day.until(now.until_ms).sales for day in book.of(db, now.days)),
        before=tuple(day.until(before.until_ms).sales for day in book.of(db, before.days)),
    )


def _with_outlook(curve: Curve, db: sa.Connection, book: DayBook, now: Span, coming: Longs) -> Curve:
    days = range(now.last - EARLIER_DAYS, now.last)
    shifts = [book.start_ms(now.last) - book.start_ms(day) for day in days]
    earlier = [day.cumulated(coming - shift) for day, shift in zip(book.of(db, days), shifts, strict=True)]
    growth = np.array(earlier, dtype=np.float64)
    so_far = book.of(db, [now.last])[0].until(now.until_ms)
    may_be = outlook(so_far.sales, len(so_far), growth, growth[:, 0])
    if may_be is None:
        return curve
    low, middle, high = (np.rint(line).astype(np.int64).tolist() for line in (may_be.low, may_be.middle, may_be.high))
    return Curve(
        moments=curve.moments,
        now=curve.now,
        before=curve.before,
        low=tuple(low),
        middle=tuple(middle),
        high=tuple(high),
        days=may_be.days,
    )


def _grid(book: DayBook, day: int) -> Longs:
    return np.linspace(book.start_ms(day), book.start_ms(day + 1), POINTS + 1).astype(np.int64)
