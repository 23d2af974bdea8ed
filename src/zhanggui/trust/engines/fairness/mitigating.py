"""Two milder ways to even things out: weights for who teaches, and a head start for what some are shown less of. Pure.

Sources: weights after Kamiran and Calders, "Data preprocessing techniques for classification without discrimination",
Knowledge and Information Systems 33, 2012; the exposure constraint after Singh and Joachims, KDD 2018, as one head
start for certain products, the same for everybody: whom a list is for is never looked at, so the flip test holds.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from .debiasing import Longs, Reals

MOST_WEIGHT = 4.0
HALVINGS = 12
Bools = npt.NDArray[np.bool_]


def balancing_weights(codes: Sequence[Longs]) -> Reals:
    """(n,) what each person's events count, so that the groups of each kind teach alike; mean 1, in [¼, 4] before that.

    Args:
        codes: for each kind (n,) the group of each person, -1 where it is not known (they weigh 1).
    """
    weights = np.ones(len(codes[0]) if codes else 0)
    for code in codes:
        known = code >= 0
        sizes = np.bincount(code[known]).astype(np.float64)
        there = sizes > 0
        share = np.zeros(len(sizes))
        share[there] = sizes.sum() / (there.sum() * sizes[there])
        weights[known] *= share[code[known]]
    weights = np.clip(weights, 1 / MOST_WEIGHT, MOST_WEIGHT)
    return np.asarray(weights / weights.mean()) if len(weights) else weights


def lifted(scores: Reals, marked: Bools, share: float, *, pool: int) -> Reals:
    """(n, m) scores as a list is arranged from them: the best `pool` of each row, marked products with a head start.

    Args:
        scores: (n, m) of every product for every person.
        marked: (m,) the products that rise.
        share: of the spread of a row's pool, which they gain; the same for everybody.
        pool: products of a row that take part; all others score nothing.
    """
    rows, values = _pooled(scores, pool)
    found = np.full(scores.shape, -np.inf)
    np.put_along_axis(found, rows, values + share * _spread(values) * marked[rows], axis=1)
    return found


def even_head_start(scores: Reals, marked: Bools, code: Longs, *, k: int, pool: int, least_ratio: float) -> float:
    """The smallest head start for marked products at which no group is shown much less of them than another.

    Args:
        scores: (n, m) of every product for every person.
        marked: (m,) the products that some groups are shown less of.
        code: (n,) groups, -1 for none.
        k: places of a list.
        pool: products among which a list is arranged.
        least_ratio: of the least shown group's share of places to the most shown one's.

    Returns:
        A share of the spread of a list's pool, see `lifted`; 0 where nothing is needed, 1 where that is not enough.
    """
    rows, values = _pooled(scores, pool)
    rises, units = marked[rows], _spread(values)

    def ratio(share: float) -> float:
        best = tops(values + share * units * rises, k)
        shown = np.take_along_axis(rises, best, axis=1).mean(axis=1)
        shares = [shown[code == one].mean() for one in np.unique(code[code >= 0])]
        return float(min(shares) / max(shares)) if len(shares) > 1 and max(shares) > 0 else 1.0

    low, high = 0.0, 1.0
    if not marked.any() or ratio(0.0) >= least_ratio:
        return 0.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if ratio(middle) >= least_ratio else (middle, high)
    return high


def tops(scores: Reals, k: int) -> Longs:
    """(n, k) the best products of each row, best first; of equal scores the lower number."""
    best = np.argsort(-scores, axis=1, kind="stable")[:, :k]
    return best.astype(np.int64)


def _pooled(scores: Reals, pool: int) -> tuple[Longs, Reals]:
    """((n, p) the best products of each row, (n, p) their scores)."""
    rows = tops(scores, pool)
    return rows, np.take_along_axis(scores, rows, axis=1)


def _spread(values: Reals) -> Reals:
    """(n, 1) how far the values of each row lie apart, as lists are arranged by it."""
    if not values.shape[1]:
        return np.zeros((len(values), 1))
    spread: Reals = np.maximum(values.max(axis=1, keepdims=True) - values.min(axis=1, keepdims=True), 1e-3)
    return spread
