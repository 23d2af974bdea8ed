"""From a fitted learner to neighbour lists of one length, and several of them into one.

The list of a product is what the learner says of a history of this product alone. Of linear models nothing but the cut
is lost: a history's score is the sum of its products' lists, so that reasons by event stay exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zhanggui.kernel.steps import OnStep, quiet
from zhanggui.recommend.engines.covisitation import Neighbours
from zhanggui.recommend.engines.interactions import Interactions
from zhanggui.recommend.engines.learners.base import Fitted
from zhanggui.recommend.engines.learners.cells import powered
from zhanggui.recommend.engines.learners.lists import FittedLists

_BATCH = 256
_TENTH = 9


def neighbours_of(fitted: Fitted, size: int, k: int, on_step: OnStep = quiet) -> Neighbours:
    """The k best others of every product, strongest first; what speaks against a product is left out.

    `on_step` hears of every batch of products that is asked about.
    """
    if isinstance(fitted, FittedLists):
        return _of_lists(fitted, k)
    ids, weights = np.zeros((size, k), dtype=np.int32), np.zeros((size, k), dtype=np.float32)
    depth = min(k, size - 1)
    for first in range(1, size, _BATCH):
        on_step(first, size)
        products = np.arange(first, min(first + _BATCH, size))
        scores = fitted.score(_alone(products, size), len(products))
        scores[:, 0] = scores[np.arange(len(products)), products] = 0.0
        best = np.argpartition(scores, -depth, axis=1)[:, -depth:]
        _fill(products, best, np.take_along_axis(scores, best, axis=1), ids, weights)
    return Neighbours(ids=ids, weights=weights)


def summed(parts: Sequence[tuple[Neighbours, float]], k: int) -> Neighbours:
    """A weighted sum of lists, cut to the k strongest."""
    import scipy.sparse

    size = len(parts[0][0].ids)
    total: Any = scipy.sparse.csr_matrix((size, size), dtype=np.float32)
    for near, weight in parts:
        kept = near.ids > 0
        starts = np.concatenate([[0], np.cumsum(kept.sum(axis=1))])
        values = (near.weights[kept] * np.float32(weight)).astype(np.float32)
        total = total + scipy.sparse.csr_matrix((values, near.ids[kept], starts), shape=(size, size))
    return _cut(total.indptr, total.indices, total.data, k)


def extent(near: Neighbours) -> float:
    """The size of a graph's weights: the median over products of the tenth strongest; 1 for a graph that says nothing.

    Graphs divided by it may be summed, and a blend that was learned with one of them fits another.
    """
    tenth = near.weights[:, min(_TENTH, near.weights.shape[1] - 1)]
    told = tenth[tenth > 0] if np.any(tenth > 0) else near.weights[near.weights > 0]
    return float(np.median(told)) if len(told) else 1.0


def _of_lists(fitted: FittedLists, k: int) -> Neighbours:
    lens, mass = fitted.lens, fitted.mass
    sources = np.repeat(np.arange(len(mass)), np.diff(fitted.starts))
    weights = fitted.weights * powered(mass, lens.source_power)[sources] if lens.source_power else fitted.weights
    weights = weights * powered(mass, lens.target_power)[fitted.ids] if lens.target_power else weights
    return _cut(fitted.starts, fitted.ids, weights, k)


def _cut(starts: NDArray[Any], targets: NDArray[Any], values: NDArray[np.float32], k: int) -> Neighbours:
    """The k largest positive entries of every row of a sparse matrix without its diagonal."""
    size = len(starts) - 1
    sources = np.repeat(np.arange(size), np.diff(starts))
    used = np.flatnonzero((values > 0) & (targets != sources) & (targets > 0))
    order = used[np.lexsort((targets[used], -values[used], sources[used]))]
    place = np.arange(len(order)) - np.searchsorted(sources[order], sources[order])
    order, place = order[place < k], place[place < k]
    ids, weights = np.zeros((size, k), dtype=np.int32), np.zeros((size, k), dtype=np.float32)
    ids[sources[order], place], weights[sources[order], place] = targets[order], values[order]
    return Neighbours(ids=ids, weights=weights)


def _fill(
    products: NDArray[np.int64],
    best: NDArray[np.int64],
    scores: NDArray[np.float32],
    ids: NDArray[np.int32],
    weights: NDArray[np.float32],
) -> None:
    order = np.lexsort((best, -scores), axis=1)
    best, scores = np.take_along_axis(best, order, axis=1), np.take_along_axis(scores, order, axis=1)
    kept = scores > 0
    depth = best.shape[1]
    ids[products, :depth] = np.where(kept, best, 0)
    weights[products, :depth] = np.where(kept, scores, 0)


def _alone(products: NDArray[np.int64], size: int) -> Interactions:
    """Histories of one product each."""
    count = len(products)
    return Interactions(
        person=np.arange(count),
        product=products.astype(np.int32),
        at_ms=np.zeros(count, dtype=np.int64),
        strength=np.ones(count, dtype=np.float32),
        is_purchase=np.zeros(count, dtype=np.bool_),
        session=np.arange(count, dtype=np.int32),
        size=size,
    )
