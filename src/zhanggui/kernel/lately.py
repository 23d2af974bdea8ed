"""Figures that are dear to count and need not be of this very second."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T")


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
