"""Figures that are dear to count and need not be of this very second."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T")
K = TypeVar("K", bound=Hashable)


class AsOf(NamedTuple, Generic[T]):
    """A figure, and when it was counted."""

    value: T
    at_ms: int


class Lately(Generic[T]):
    """Keeps a figure for a while. Many who ask at once make it be counted once.

    Args:
        keep_ms: for how long it is told again before it is counted anew.
    """

    def __init__(self, keep_ms: int) -> None:
        self._keep_ms = keep_ms
        self._held: AsOf[T] | None = None
        self._counting = threading.Lock()

    def holds(self, now_ms: int) -> bool:
        """Whether the figure is told without a count."""
        return self._held is not None and 0 <= now_ms - self._held.at_ms < self._keep_ms

    def get(self, now_ms: int, count: Callable[[], T]) -> AsOf[T]:
        """The figure; while somebody counts it anew, others are told the last one, and wait only for the first."""
        held = self._held
        if held is not None and 0 <= now_ms - held.at_ms < self._keep_ms:
            return held
        if not self._counting.acquire(blocking=held is None):
            assert held is not None
            return held
        try:
            if self._held is held:  # nobody counted while this one waited
                self._held = AsOf(count(), now_ms)
            assert self._held is not None
            return self._held
        finally:
            self._counting.release()


class LatelyOf(Generic[K, T]):
    """Keeps a figure of each of many things for a while, each as `Lately` does; those asked for longest ago go first.

    Args:
        keep_ms: for how long a figure is told again before it is counted anew.
        most: of how many things at once.
    """

    def __init__(self, keep_ms: int, most: int) -> None:
        self._keep_ms, self._most = keep_ms, most
        self._held: OrderedDict[K, Lately[T]] = OrderedDict()
        self._choosing = threading.Lock()

    def holds(self, key: K, now_ms: int) -> bool:
        """Whether the figure of one thing is told without a count."""
        with self._choosing:
            lately = self._held.get(key)
        return lately is not None and lately.holds(now_ms)

    def get(self, key: K, now_ms: int, count: Callable[[], T]) -> AsOf[T]:
        """The figure of one thing; see `Lately.get`."""
        with self._choosing:
            lately = self._held.setdefault(key, Lately(self._keep_ms))
            self._held.move_to_end(key)
            if len(self._held) > self._most:
                self._held.popitem(last=False)
        return lately.get(now_ms, count)
