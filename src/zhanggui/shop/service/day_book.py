"""The takings of each day of the shop, read once and kept until one of its rows changes; and what they sum up to."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import numpy as np
import sqlalchemy as sa

from zhanggui.kernel.clock import date_of_day, day_number, from_ms, local_day, to_ms
from zhanggui.kernel.privacy import Purpose
from zhanggui.shop.engines.takings import Longs, Takings
from zhanggui.shop.engines.tallies import Sums, summed, together
from zhanggui.shop.tables import figures as tables
from zhanggui.shop.tables.order_days import day_versions

from .buyer_marks import BuyerMarks, Marks
from .categories import Categories

KEPT_DAYS = 150
Stamp = tuple[int, ...]
"""The versions of the UTC days that a day lies in, and the mark of all buyers until its end."""


@dataclass(frozen=True, slots=True)
class Span:
    """Days that follow one another, `first` to `last`, up to a moment of the last one."""

    first: int
    last: int
    until_ms: int

    @property
    def days(self) -> range:
        """All its days."""
        return range(self.first, self.last + 1)


class Day:
    """A day as it was read. Two are equal when they are the same object: what follows from a day is kept beside it.

    Attributes:
        takings: its rows.
        other_ms: (o,) when each order in another currency was placed, ascending.
        sales: what its orders come to.
    """

    __slots__ = ("_sums", "other_ms", "sales", "takings")

    def __init__(self, takings: Takings, other_ms: Longs) -> None:
        self.takings = takings
        self.other_ms = other_ms
        self.sales = int(takings.value.sum())
        self._sums: tuple[Categories, Sums] | None = None

    def sums(self, categories: Categories) -> Sums:
        """What it comes to, by each trait."""
        held = self._sums
        if held is None or held[0] is not categories:
            held = self._sums = (categories, summed(self.takings, categories.numbers))
        return held[1]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days that follow one another; of the last one its first `orders` and `backs`. Equal ones come to the same."""

    days: tuple[Day, ...]
    orders: int
    backs: int

    @classmethod
    def of(cls, days: tuple[Day, ...], until_ms: int) -> Stretch:
        """At least one day, up to a moment of the last."""
        return cls(days, *days[-1].takings.places(until_ms))

    def sums(self, categories: Categories) -> Sums:
        """What they come to together, by each trait."""
        return together([*(day.sums(categories) for day in self.days[:-1]), self._last(categories)])

    def orders_until(self, moment_ms: int) -> int:
        """How many orders came before a moment."""
        placed = sum(day.takings.places(moment_ms)[0] for day in self.days[:-1])
        return placed + min(self.days[-1].takings.places(moment_ms)[0], self.orders)

    def others_until(self, moment_ms: int) -> int:
        """How many orders in another currency came before a moment."""
        return sum(int(np.searchsorted(day.other_ms, moment_ms)) for day in self.days)

    def sales_by_day(self) -> tuple[int, ...]:
        """What the orders of each day come to."""
        last = int(self.days[-1].takings.value[: self.orders].sum())
        return (*(day.sales for day in self.days[:-1]), last)

    def _last(self, categories: Categories) -> Sums:
        last = self.days[-1]
        if (self.orders, self.backs) == (len(last.takings), len(last.takings.back_ms)):
            return last.sums(categories)
        return summed(last.takings.first(self.orders, self.backs), categories.numbers)


class DayBook:
    """Days are numbered from 1970-01-01 in the shop's zone.

    A day is kept under the versions of its own rows and the mark of all buyers until its end: a late order of an
    earlier day also changes who was a new buyer on this one.

    Args:
        zone: whose days count.
        currency: whose amounts count.
    """

    def __init__(self, zone: ZoneInfo, currency: str) -> None:
        self._zone = zone
        self.currency = currency
        self._reading = threading.Lock()
        self._buyers = BuyerMarks()
        self._days: dict[int, tuple[Stamp, Day]] = {}
        self._channels: dict[str, int] = {}

    def day_of(self, at_ms: int) -> int:
        """The day of a moment."""
        return local_day(at_ms, self._zone)

    def date_of(self, day: int) -> date:
        """The date of a day."""
        return date_of_day(day)

    def start_ms(self, day: int) -> int:
        """When a day begins."""
        return to_ms(datetime.combine(self.date_of(day), time(), self._zone))

    def same_time_ms(self, at_ms: int, day: int) -> int:
        """The same time of day on another day."""
        at = from_ms(at_ms).astimezone(self._zone).time()
        return to_ms(datetime.combine(self.date_of(day), at, self._zone))

    def channel_name(self, number: int) -> str:
        """The channel behind a number of `Takings.channel`."""
        return next(name for name, known in self._channels.items() if known == number)

    def opened(self, db: sa.Connection, now_ms: int) -> OpenBook:
        """The book as `db` sees it, or later."""
        versions = day_versions(db)  # before the rows: what is newer than its stamp is read again, never the reverse
        return OpenBook(self, db, versions, self._buyers.marks(db, versions, day_number(now_ms)))

    def day(self, db: sa.Connection, number: int, stamp: Stamp) -> Day:
        """A day under a stamp: the one that is kept, or else read anew."""
        kept = self._days.get(number)
        if kept is not None and kept[0] == stamp:
            return kept[1]
        with self._reading:  # of many who wait for a day that has changed, the first reads it
            kept = self._days.get(number)
            if kept is not None and kept[0] == stamp:
                return kept[1]
            is_own_same = kept is not None and kept[0][:-1] == stamp[:-1]
            day = self._with_buyers(db, number, kept[1]) if kept and is_own_same else self._read(db, number)
            self._days[number] = (stamp, day)
            while len(self._days) > KEPT_DAYS:
                del self._days[min(self._days)]
        return day

    def _with_buyers(self, db: sa.Connection, number: int, day: Day) -> Day:
        """A day whose own rows are as they were, while somebody may have bought earlier after all."""
        is_new = _longs([int(row[0]) for row in tables.new_buyers(db, *self._span(number), purpose=Purpose.SERVICE)])
        if np.array_equal(is_new, day.takings.is_new):
            return day
        return Day(replace(day.takings, is_new=is_new), day.other_ms)

    def _read(self, db: sa.Connection, number: int) -> Day:
        span = self._span(number)
        return Day(
            self._takings(db, span), _columns(tables.orders_in_other_money(db, *span, purpose=Purpose.SERVICE), 1)[0]
        )

    def _span(self, number: int) -> tuple[int, int, str]:
        return self.start_ms(number), self.start_ms(number + 1), self.currency

    def _takings(self, db: sa.Connection, span: tuple[int, int, str]) -> Takings:
        orders, lines = (
            tables.orders_of(db, *span, purpose=Purpose.SERVICE),
            tables.lines_of_span(db, *span, purpose=Purpose.SERVICE),
        )
        rows = {row[0]: place for place, row in enumerate(orders)}
        own = sorted((rows[line[0]], line[1], line[2]) for line in lines if line[0] in rows)
        owner, product, value = _columns(own, 3)
        backs = _columns(tables.returns_of(db, *span, purpose=Purpose.SERVICE), 2)
        worth = np.zeros(len(orders), dtype=np.int64)
        np.add.at(worth, owner, value)
        channels = [self._channels.setdefault(row[2], len(self._channels)) for row in orders]
        at_ms, is_new = _longs([row[1] for row in orders]), _longs([int(row[3]) for row in orders])
        return Takings(at_ms, worth, _longs(channels), is_new, owner, product, value, *backs)


@dataclass(frozen=True, slots=True)
class OpenBook:
    """The book for one answer."""

    book: DayBook
    db: sa.Connection
    versions: Mapping[int, int]
    marks: Marks

    def days(self, numbers: Iterable[int]) -> tuple[Day, ...]:
        """Some days."""
        return tuple(self.book.day(self.db, number, self._stamp(number)) for number in numbers)

    def stretch(self, span: Span) -> Stretch:
        """The days of a span, up to its moment."""
        return Stretch.of(self.days(span.days), span.until_ms)

    def _stamp(self, number: int) -> Stamp:
        first, last = day_number(self.book.start_ms(number)), day_number(self.book.start_ms(number + 1) - 1)
        own = (self.versions.get(day, 0) for day in range(first, last + 1))
        return (*own, self.marks.until(last))


def _columns(rows: Sequence[tuple[int, ...]], width: int) -> list[Longs]:
    table = np.array(rows, dtype=np.int64).reshape(-1, width)
    return [np.ascontiguousarray(table[:, column]) for column in range(width)]


def _longs(values: Sequence[int]) -> Longs:
    return np.array(values, dtype=np.int64)
