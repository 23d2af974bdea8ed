"""Guardrails: what a model's lists are like apart from being right; none shall serve that hits more and shows less."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhanggui.kernel.clock import DAY_MS

from .choosing import Replay
from .evaluation.variety import gini
from .interactions import Floats, Interactions, Ints

NEW_MS = 28 * DAY_MS
"""A product counts as new for so long after it was first met; one that nobody met yet is new too."""
NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True, kw_only=True)
class Goods:
    """What is known of products, by number.

    Attributes:
        category: (size,) number of the category, 0 for none.
        first_ms: (size,) when a product was first met, `NEVER` for not yet.
        known: how many products there are.
    """

    category: NDArray[np.int32]
    first_ms: Ints
    known: int

    @classmethod
    def of(cls, past: Interactions, category: NDArray[np.int32], known: int) -> Goods:
        """From behaviour of before the occasions."""
        first_ms = np.full(past.size, NEVER, dtype=np.int64)
        np.minimum.at(first_ms, past.product, past.at_ms)
        return cls(category=category, first_ms=first_ms, known=known)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """Figures over all lists.

    Attributes:
        coverage: share of the products that stand in any list.
        new_share: share of the places that products took which were new at that moment.
        gini: how unevenly products are shown: 0 all alike, near 1 a few only.
        entropy: of the categories shown, in bits.
    """

    coverage: float
    new_share: float
    gini: float
    entropy: float


def tops_of(weights: Floats, replays: Iterable[Replay], k: int) -> NDArray[np.int32]:
    """(occasions, k) the first k candidates of each occasion, 0 where there are fewer; ties go to the earlier one."""
    rows = []
    for one in replays:
        order = np.argsort(-(one.candidates.features @ weights), kind="stable")[:k]
        rows.append(np.pad(one.candidates.ids[order], (0, k - len(order))))
    return np.array(rows, dtype=np.int32).reshape(-1, k)


def shape_of(tops: NDArray[np.int32], at_ms: Ints, goods: Goods) -> Shape:
    """Look at lists.

    Args:
        tops: (occasions, k) products shown, 0 for none.
        at_ms: (occasions,) the moment of each.
        goods: of the products.
    """
    shown = tops > 0
    listed = tops[shown]
    if len(listed) == 0:
        return Shape(coverage=0.0, new_share=0.0, gini=0.0, entropy=0.0)
    moments = np.broadcast_to(at_ms[:, None], tops.shape)[shown]
    first_ms = goods.first_ms[listed]
    counts = np.bincount(listed)
    counts = counts[counts > 0]
    coverage = min(len(counts) / max(goods.known, 1), 1.0)
    counts = np.pad(counts, (0, max(goods.known - len(counts), 0)))
    return Shape(
        coverage=coverage,
        new_share=float(((first_ms == NEVER) | (first_ms > moments - NEW_MS)).mean()),
        gini=gini(counts),
        entropy=_bits(np.bincount(goods.category[listed])),
    )


def _bits(counts: NDArray[np.int64]) -> float:
    shares = counts[counts > 0] / counts.sum()
    return float(abs((shares * np.log2(shares)).sum()))
