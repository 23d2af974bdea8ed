"""What a day brought in, as arrays of its rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Longs = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Takings:
    """Orders and returns of a day, each by time; amounts in minor units of one currency.

    Attributes:
        at_ms: (n,) when each order was placed, ascending.
        value: (n,) what its lines come to.
        channel: (n,) number of its channel.
        is_new: (n,) 1 where its buyer had never ordered before that day, else 0.
        line_order: (m,) row of the order that a line belongs to, ascending.
        line_product: (m,) number of its product.
        line_value: (m,) what it comes to.
        back_ms: (r,) when goods came back, ascending.
        back_value: (r,) what they had come to.
    """

    at_ms: Longs
    value: Longs
    channel: Longs
    is_new: Longs
    line_order: Longs
    line_product: Longs
    line_value: Longs
    back_ms: Longs
    back_value: Longs

    def __len__(self) -> int:
        return len(self.at_ms)

    def places(self, moment_ms: int) -> tuple[int, int]:
        """How many orders, and how many returns, came before a moment."""
        return int(np.searchsorted(self.at_ms, moment_ms)), int(np.searchsorted(self.back_ms, moment_ms))

    def first(self, orders: int, backs: int) -> Takings:
        """The first orders and the first returns."""
        lines = int(np.searchsorted(self.line_order, orders))
        return Takings(
            self.at_ms[:orders],
            self.value[:orders],
            self.channel[:orders],
            self.is_new[:orders],
            self.line_order[:lines],
            self.line_product[:lines],
            self.line_value[:lines],
            self.back_ms[:backs],
            self.back_value[:backs],
        )

    def cumulated(self, moments_ms: Longs) -> Longs:
        """(k,) sales before each of k moments."""
        sums = np.concatenate(([0], np.cumsum(self.value)))
        return np.asarray(sums[np.searchsorted(self.at_ms, moments_ms)], dtype=np.int64)
