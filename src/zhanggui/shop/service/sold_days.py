"""Units sold of each product since a moment: the sum of days, each read once until one of its orders changes."""

from __future__ import annotations

import threading
from dataclasses import dataclass

import numpy as np
import sqlalchemy as sa

from zhanggui.kernel.clock import DAY_MS, day_number
from zhanggui.kernel.privacy import Purpose
from zhanggui.shop.tables.browsing import sold_between
from zhanggui.shop.tables.order_days import day_versions

from .catalogue_view import Longs


@dataclass(frozen=True, slots=True)
class _Day:
    """What a UTC day sold, from a moment of it on, at a version of its orders."""

    stamp: tuple[int, int]
    products: Longs  # (k,) each once
    units: Longs  # (k,)


class SoldDays:
    """Keeps the days of one window; of several who ask for a day that has changed, the first reads it."""

    def __init__(self) -> None:
        self._days: dict[int, _Day] = {}
        self._reading = threading.Lock()

    def units(self, db: sa.Connection, since_ms: int, until_ms: int, size: int) -> Longs:
        """(size,) units by product number; orders that are dated later than `until_ms` count, cancelled ones do not."""
        with self._reading:
            versions = day_versions(db)  # before the rows: what is newer than its stamp is read again
            first, last = day_number(since_ms), day_number(until_ms)
            sold = np.zeros(size, dtype=np.int64)
            for day in (*range(first, last + 1), *(day for day in versions if day > last)):
                held = self._day(db, day, (versions.get(day, 0), max(since_ms, day * DAY_MS)))
                is_known = held.products < size
                sold[held.products[is_known]] += held.units[is_known]
            for day in [day for day in self._days if day < first]:
                del self._days[day]
        return sold

    def _day(self, db: sa.Connection, day: int, stamp: tuple[int, int]) -> _Day:
        held = self._days.get(day)
        if held is None or held.stamp != stamp:
            rows = np.array(
                sold_between(db, stamp[1], (day + 1) * DAY_MS, purpose=Purpose.SERVICE), dtype=np.int64
            ).reshape(-1, 2)
            held = self._days[day] = _Day(stamp, rows[:, 0].copy(), rows[:, 1].copy())
        return held
