"""What was wanted in the last hours and days: the past once from the history, then each event as it comes."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from zhanggui.kernel.clock import from_ms
from zhanggui.kernel.privacy import Purpose
from zhanggui.recommend.engines.hour_counts import HourCounts
from zhanggui.recommend.engines.interactions import Floats
from zhanggui.recommend.ports import Behaviour, PastBehaviour

MOST_HOURS = 720
ARRIVALS_AT_ONCE = 20_000


class Windows:
    """Counts of goods, of nobody: who did it is not read. The first question reads the last 60 days."""

    def __init__(self, events: Behaviour, history: PastBehaviour) -> None:
        self._events, self._history = events, history
        self._lock = threading.Lock()
        self._counts: HourCounts | None = None
        self._strength: Floats = np.zeros(1, dtype=np.float32)
        self._seen_seq = 0

    def start(self, now_ms: int, strength: Floats) -> None:
        """Read the past, once for each `strength` (events,) of acts. Outside any transaction: it may take seconds."""
        with self._lock:
            if self._counts is None or not np.array_equal(self._strength, strength):
                self._strength, self._seen_seq = strength, 0
                self._counts = HourCounts(2 * MOST_HOURS + 1)
                since = from_ms(now_ms) - timedelta(hours=2 * MOST_HOURS)
                for batch in self._history.history(Purpose.SERVICE, since):
                    columns = (batch.column(name).to_numpy(zero_copy_only=False) for name in _NAMES)
                    self._add(self._counts, columns)

    def compared(
        self, db: sa.Connection, now_ms: int, hours: int, size: int
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """(size, 2) worth and number of acts in the last hours, and in as many before; after `start`."""
        with self._lock:
            counts = self._counts or HourCounts(2 * MOST_HOURS + 1)
            while (came := self._events.arrivals(db, self._seen_seq, ARRIVALS_AT_ONCE, purpose=Purpose.SERVICE)).shape[
                1
            ]:
                self._add(counts, came)
            return counts.within(now_ms, hours, size), counts.within(now_ms, hours, size, skipped=hours)

    def _add(self, counts: HourCounts, columns: Iterable[Any]) -> None:
        seq, product, kind, at_ms = columns
        if len(seq):
            self._seen_seq = max(self._seen_seq, int(seq.max()))
            counts.add(product, self._strength[np.clip(kind, 0, len(self._strength) - 1)], at_ms)


_NAMES = ("seq", "product", "kind", "at_ms")
