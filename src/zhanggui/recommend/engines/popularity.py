"""How much a product is wanted now: events that fade with a half-life, kept live."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from zhanggui.kernel.clock import DAY_MS

from .interactions import Floats, Interactions, Ints

HALF_LIVES_DAYS = (3.0, 14.0, 120.0)
"""Short trend, middle trend, long popularity."""
_MOST_DAYS = 30  # 2^(30 / 3) is far from the limits of float64
_NOTHING = 1e-12


class Popularity:
    """Three fading counts per product; new events raise them, and their shares need no clock.

    A count is the sum over events of strength × 2^((at - start) / half-life): all products fade alike, so only the
    proportions matter, and letting time pass costs nothing.
    """

    def __init__(self, size: int, start_ms: int) -> None:
        self.start_ms = start_ms
        self.counts = np.zeros((size, len(HALF_LIVES_DAYS)), dtype=np.float64)

    @classmethod
    def of(cls, events: Interactions) -> Popularity:
        """Counts of all events, started at the newest."""
        popularity = cls(events.size, int(events.at_ms.max(initial=0)))
        popularity.add(events.product, events.strength, events.at_ms)
        return popularity

    def add(self, product: NDArray[np.int32], strength: Floats, at_ms: Ints) -> None:
        """Count events, in any order of time; negative strengths lower nothing here."""
        if len(product) == 0:
            return
        newest = int(at_ms.max())
        if newest - self.start_ms > _MOST_DAYS * DAY_MS:
            self._restart(newest)
        worth = np.maximum(strength, 0.0).astype(np.float64)
        days = (at_ms - self.start_ms) / DAY_MS
        for column, half_life in enumerate(HALF_LIVES_DAYS):
            self.counts[:, column] += np.bincount(
                product, weights=worth * np.exp2(days / half_life), minlength=len(self.counts)
            )

    def grow(self, size: int) -> None:
        """Make room for products up to `size`."""
        if size > len(self.counts):
            self.counts = np.vstack([self.counts, np.zeros((size - len(self.counts), self.counts.shape[1]))])

    def trends(self) -> Floats:
        """(size, 3) log(1 + count over the mean of the products ever wanted); log 2 is an average seller."""
        ever = max(int(np.count_nonzero(self.counts[:, -1])), 1)
        means = np.maximum(self.counts.sum(axis=0) / ever, _NOTHING)
        trends: Floats = np.log1p((self.counts / means).astype(np.float32))
        return trends

    def _restart(self, at_ms: int) -> None:
        days = (at_ms - self.start_ms) / DAY_MS
        self.counts *= np.exp2(-days / np.array(HALF_LIVES_DAYS))
        self.start_ms = at_ms


def repeat_rates(events: Interactions, *, prior: float = 5.0) -> Floats:
    """(size,) share of a product's buyers who bought it again in a later session, leaned on the shop's own rate."""
    bought = events.where(events.is_purchase)
    if len(bought) == 0:
        return np.zeros(events.size, dtype=np.float32)
    sessions = np.unique(np.stack([bought.person, bought.product.astype(np.int64), bought.session]), axis=1)
    pairs, times = np.unique(sessions[:2], axis=1, return_counts=True)
    buyers = np.bincount(pairs[1], minlength=events.size)
    again = np.bincount(pairs[1], weights=times > 1, minlength=events.size)
    # One lucky repeat must not beat 40 in 100: lean on the shop's own rate until there is evidence.
    rate = again.sum() / buyers.sum()
    rates: Floats = ((again + prior * rate) / (buyers + prior)).astype(np.float32)
    return rates
