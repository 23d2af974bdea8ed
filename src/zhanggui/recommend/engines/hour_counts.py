"""What was wanted in which hour: sums over any window of whole hours, fed by events in any order."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from zhanggui.kernel.clock import HOUR_MS

from .interactions import Floats, Ints

_PIECES, _WINDOWS = 32, 16


@dataclass(slots=True)
class _Hour:
    """One hour: pieces of (products, worths), folded into one when they grow many."""

    products: list[NDArray[np.int64]] = field(default_factory=list)
    worths: list[Floats] = field(default_factory=list)

    def add(self, products: NDArray[np.int64], worths: Floats) -> None:
        self.products.append(products)
        self.worths.append(worths)
        if len(self.products) > _PIECES:
            known, place = np.unique(np.concatenate(self.products), return_inverse=True)
            summed = np.stack([np.bincount(place, weights=column) for column in np.concatenate(self.worths).T], axis=1)
            self.products, self.worths = [known], [summed.astype(np.float32)]


class HourCounts:
    """Worth and number of acts by product and hour, for the newest `hours`.

    A window that was asked for is kept summed up until its hour is over, and follows each event that comes.

    Args:
        hours: kept; what is older than the newest event by more is forgotten.
    """

    def __init__(self, hours: int) -> None:
        self._most = hours
        self._hours: dict[int, _Hour] = {}
        self._windows: dict[tuple[int, int], NDArray[np.float64]] = {}  # (first, last hour) → sums

    def add(self, product: Ints, worth: Floats, at_ms: Ints) -> None:
        """Count events; those of no product, or that say nothing in favour of theirs, are left out."""
        used = (product > 0) & (worth > 0)
        hour = at_ms[used] // HOUR_MS
        order = np.argsort(hour, kind="stable")
        hour, product = hour[order], product[used][order].astype(np.int64)
        worths = np.stack([worth[used][order], np.ones(len(order), dtype=np.float32)], axis=1)
        of, starts = np.unique(hour, return_index=True)
        ends = np.append(starts, len(hour))[1:]
        for one, first, end in zip(of.tolist(), starts, ends, strict=True):
            self._hours.setdefault(one, _Hour()).add(product[first:end], worths[first:end])
        self._follow(hour, product, worths)
        newest = max(self._hours, default=0)
        for old in [one for one in self._hours if one <= newest - self._most]:
            del self._hours[old]

    def within(self, now_ms: int, hours: int, size: int, *, skipped: int = 0) -> NDArray[np.float64]:
        """(size, 2) summed worth and number of acts in `hours` hours, the running one among them.

        Args:
            now_ms: the moment; later hours do not count.
            hours: how many.
            size: largest product number + 1.
            skipped: hours before now that are left out, for the window before this one.
        """
        last = now_ms // HOUR_MS - skipped
        span = (last - hours + 1, last)
        if span not in self._windows:
            if len(self._windows) >= _WINDOWS:
                self._windows.clear()
            self._windows[span] = self._summed(*span)
        sums = np.zeros((size, 2))
        held = self._windows[span][:size]
        sums[: len(held)] = held
        return sums

    def _summed(self, first: int, last: int) -> NDArray[np.float64]:
        held = [one for hour, one in self._hours.items() if first <= hour <= last]
        products = np.concatenate([np.zeros(0, dtype=np.int64), *(piece for one in held for piece in one.products)])
        worths = np.concatenate([np.zeros((0, 2), dtype=np.float32), *(piece for one in held for piece in one.worths)])
        return np.stack([np.bincount(products, column, minlength=1) for column in worths.T], axis=1)

    def _follow(self, hour: Ints, product: Ints, worths: Floats) -> None:
        for (first, last), sums in self._windows.items():
            inside = (first <= hour) & (hour <= last)
            if inside.any():
                short = int(product[inside].max()) + 1 - len(sums)
                grown = np.vstack([sums, np.zeros((short, 2))]) if short > 0 else sums
                np.add.at(grown, product[inside], worths[inside])
                self._windows[first, last] = grown


def rising(now: NDArray[np.float64], before: NDArray[np.float64]) -> Floats:
    """(n,) worth / √(1 + worth before): the geometric mean of how much and of how much more than before."""
    score: Floats = (now / np.sqrt(1.0 + before)).astype(np.float32)
    return score
