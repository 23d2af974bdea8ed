"""The points of the chart of sales: cumulated over one day, or one for each of many."""

from __future__ import annotations

import numpy as np

from zhanggui.kernel.clock import from_ms
from zhanggui.shop.engines.outlook import outlook
from zhanggui.shop.engines.takings import Longs
from zhanggui.shop.types.figures import Curve

from .day_book import DayBook, OpenBook, Span, Stretch

POINTS = 48
EARLIER_DAYS = 28


def curve_of_day(opened: OpenBook, now: Span, before: Span) -> Curve:
    """Sales of a day cumulated each half hour, the day before it is compared with, and how it may go on."""
    book = opened.book
    grid = _grid(book, now.last)
    is_over = now.until_ms >= grid[-1]
    moments = grid if is_over else np.sort(np.append(grid[grid != now.until_ms], now.until_ms))
    past, coming = moments[moments <= now.until_ms], moments[moments >= now.until_ms]
    today, earlier = opened.days([now.last, before.last])
    shift_ms = book.start_ms(now.last) - book.start_ms(before.last)
    curve = Curve(
        moments=tuple(map(from_ms, moments.tolist())),
        now=tuple(today.takings.cumulated(past).tolist()),
        before=tuple(earlier.takings.cumulated(moments - shift_ms).tolist()),
    )
    if is_over:
        return curve
    return _with_outlook(curve, opened, now, coming)


def curve_of_days(book: DayBook, span: Span, now: Stretch, before: Stretch) -> Curve:
    """Sales of each day and of its counterpart; the last ones until the moment that is shown."""
    return Curve(
        moments=tuple(from_ms(book.start_ms(day)) for day in span.days),
        now=now.sales_by_day(),
        before=before.sales_by_day(),
    )


def _with_outlook(curve: Curve, opened: OpenBook, now: Span, coming: Longs) -> Curve:
    days, book = range(now.last - EARLIER_DAYS, now.last), opened.book
    shifts = [book.start_ms(now.last) - book.start_ms(day) for day in days]
    earlier = [day.takings.cumulated(coming - shift) for day, shift in zip(opened.days(days), shifts, strict=True)]
    growth = np.array(earlier, dtype=np.float64)
    orders = opened.stretch(now).orders
    may_be = outlook(curve.now[-1], orders, growth, growth[:, 0])
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
