"""What filters and rules know of a shopper: what was done with which product and when, and what was shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhanggui.recommend.engines.filters import Acts
from zhanggui.recommend.engines.interactions import Floats, Ints

from .strengths import DISMISS, IS_ACT


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """Products that a shopper was shown, one entry for each time, and when."""

    product: Ints
    at_ms: Ints


NOT_SEEN = Seen(product=np.zeros(0, dtype=np.int64), at_ms=np.zeros(0, dtype=np.int64))


@dataclass(frozen=True, slots=True, kw_only=True)
class Doer:
    """What a shopper did, columns of one length, newest first; and what a preference dismissed, with when.

    `strength` (events,) is how much each event says in favour of its product, by event number.
    """

    product: Ints
    kind: Ints
    at_ms: Ints
    strength: Floats
    dismissed: Sequence[tuple[int, int]] = ()

    def acts(self, size: int) -> Acts:
        """When each act was last done with each product below `size`."""
        left = np.array(self.dismissed, dtype=np.int64).reshape(-1, 2)
        product = np.concatenate([self.product, left[:, 0]])
        kind = np.concatenate([self.kind, np.full(len(left), DISMISS)])
        at_ms = np.concatenate([self.at_ms, left[:, 1]])
        known = (product > 0) & (product < size)
        products, place = np.unique(product[known], return_inverse=True)
        last: dict[str, Ints] = {}
        kind, at_ms = kind[known], at_ms[known]
        for act, is_it in IS_ACT.items():
            last[act] = np.full(len(products), -1, dtype=np.int64)
            did = is_it[kind]
            np.maximum.at(last[act], place[did], at_ms[did])
        return Acts(products=products, last_ms=last)

    def taste(self, category: NDArray[np.int32]) -> dict[int, float]:
        """Shares of the categories in what was done, by how much each act says; empty for a stranger."""
        known = (self.product > 0) & (self.product < len(category))
        weight = np.maximum(self.strength[self.kind[known]], 0.0)
        sums = np.bincount(category[self.product[known]], weights=weight, minlength=1)
        sums[0] = 0.0
        total = float(sums.sum())
        return {int(at): float(sums[at] / total) for at in np.flatnonzero(sums)} if total > 0 else {}

    def times_unheeded(self, seen: Seen, size: int) -> Ints:
        """(size,) how often each product was shown since anything was last done with it."""
        last_ms = np.full(size, -1, dtype=np.int64)
        known = (self.product > 0) & (self.product < size)
        np.maximum.at(last_ms, self.product[known], self.at_ms[known])
        product, at_ms = seen.product[seen.product < size], seen.at_ms[seen.product < size]
        return np.bincount(product[at_ms > last_ms[product]], minlength=size)
