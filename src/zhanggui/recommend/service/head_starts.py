"""A head start for products below their list price: where some groups are shown less of them, all get more of them.

It is the same in everybody's list, and who a list is for is never looked at: the same history has the same answer. How
large it must be, and what it costs, is measured by `zhanggui fairness mitigate`. Source: the exposure constraint of
Singh and Joachims, "Fairness of exposure in rankings", KDD 2018, doi:10.1145/3219819.3220088, as one term.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from zhanggui.recommend.engines.arranging import Lift
from zhanggui.recommend.ports import Reductions

NAME = ("", "head_start")
"""Whose move it is, as rules are named: nobody's rule."""


@dataclass(frozen=True, slots=True)
class HeadStart:
    """What rises at a moment: products (size,) by number, by a share of each list's spread of values."""

    reduced: NDArray[np.bool_]
    share: float

    def lift(self, ids: NDArray[np.int32], number: int) -> Lift:
        """What it does to a ranked list (n,), under a number that moves name."""
        return Lift(self.reduced[ids], self.share, number)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadStarts:
    """Knows what is reduced now.

    Args:
        reductions: which products are offered below their list price.
        share: of a list's spread of values, in (0, 1].
    """

    reductions: Reductions
    share: float

    def of(self, db: sa.Connection, size: int, now_ms: int) -> HeadStart:
        """The head start as the connection sees offers, of a catalogue of so many numbers."""
        numbers = self.reductions.reduced(db, now_ms)
        reduced = np.zeros(size, dtype=np.bool_)
        reduced[numbers[numbers < size]] = True
        return HeadStart(reduced, self.share)
