"""The takings of each day of the shop, read once and kept until one of its rows changes."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import numpy as np
import sqlalchemy as sa

from zhanggui.kernel.clock import EPOCH, day_number, from_ms, to_ms
from zhanggui.shop.engines.takings import Longs, Takings
from zhanggui.shop.tables import figures as tables
from zhanggui.shop.tables.order_days import day_versions

KEPT_DAYS = 150


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


class DayBook:
    """Days are numbered from 1970-01-01 in the shop's zone.

    A day is kept under the number of writes that orders have seen up to its end: a late order of an earlier day also
    changes who was a new buyer on this one.

    Args:
        zone: whose days count.
        currency: whose amounts count.
    """

    def __init__(self, zone: ZoneInfo, currency: str) -> None:
        self._zone = zone
        self.currency = currency
        self._lock = threading.Lock()
        self._days: dict[int, tuple[int, Takings]] = {}
        self._channels: dict[str, int] = {}

    def day_of(self, at_ms: int) -> int:
        """The day of a moment."""
        return (from_ms(at_ms).astimezone(self._zone).date() - EPOCH.date()).days

    def date_of(self, day: int) -> date:
        """The date of a day."""
        return date.fromordinal(EPOCH.date().toordinal() + day)

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

    def of(self, db: sa.Connection, days: Sequence[int]) -> list[Takings]:
        """The takings of each of `days`, as `db` sees them."""
        versions = day_versions(db)  # before the rows: what is newer than its number is read again, never the reverse
        tokens = _writes_until(versions, [day_number(self.start_ms(day + 1) - 1) for day in days])
        found = []
        for day, token in zip(days, tokens, strict=True):
            kept = self._days.get(day)
            found.append(kept[1] if kept and kept[0] == token else self._read(db, day, token))
        return found

    def _read(self, db: sa.Connection, day: int, token: int) -> Takings:
        span = (self.start_ms(day), self.start_ms(day + 1), self.currency)
        orders, lines = tables.orders_of(db, *span), tables.lines_of_span(db, *span)
        rows = {row[0]: place for place, row in enumerate(orders)}
        own = sorted((rows[line[0]], line[1], line[2]) for line in lines if line[0] in rows)
        owner, product, value = _columns(own, 3)
        backs = _columns(tables.returns_of(db, *span), 2)
        worth = np.zeros(len(orders), dtype=np.int64)
        np.add.at(worth, owner, value)
        with self._lock:
            channels = [self._channels.setdefault(row[2], len(self._channels)) for row in orders]
            at_ms, is_new = _longs([row[1] for row in orders]), _longs([int(row[3]) for row in orders])
            takings = Takings(at_ms, worth, _longs(channels), is_new, owner, product, value, *backs)
            self._days[day] = (token, takings)
            while len(self._days) > KEPT_DAYS:
                del self._days[min(self._days)]
        return takings


def _writes_until(versions: Mapping[int, int], ends: Sequence[int]) -> list[int]:
    days = _longs(list(versions))
    sums = np.concatenate(([0], np.cumsum(_longs(list(versions.values())))))
    return [int(token) for token in sums[np.searchsorted(days, ends, side="right")]]


def _columns(rows: Sequence[tuple[int, ...]], width: int) -> list[Longs]:
    table = np.array(rows, dtype=np.int64).reshape(-1, width)
    return [np.ascontiguousarray(table[:, column]) for column in range(width)]


def _longs(values: Sequence[int]) -> Longs:
    return np.array(values, dtype=np.int64)
