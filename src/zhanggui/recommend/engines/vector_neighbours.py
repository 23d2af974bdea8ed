"""The nearest products of a space of vectors, found once when vectors come in and kept."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from zhanggui.kernel.vectors import VectorIndex

from .covisitation import Neighbours
from .interactions import Floats, Ints

EXACT_PAIRS = 400_000_000
"""Pairs up to which each is looked at: 20,000 products with themselves; beyond, an index searches."""
_LISTS_FROM = 20_000
_BLOCK = 256


def linked(
    products: NDArray[np.int32], vectors: Floats, lists: Neighbours, came: NDArray[np.int32]
) -> tuple[Neighbours, NDArray[np.bool_]]:
    """Lists of a space in which some vectors are new: these get theirs, and enter those of their neighbours.

    Args:
        products: (n,) numbers of all that have a vector.
        vectors: (n, d) theirs, of length 1.
        lists: (size, k) neighbours by product number, as they were; they are changed in place.
        came: (m,) which of `products` are new or have another vector.

    Returns:
        The lists, and (size,) whose list is another one now.
    """
    from .kernels import unlink, weave  # imports numba

    before = lists.ids.copy()
    is_gone = np.zeros(len(lists.ids), dtype=np.bool_)
    is_gone[came] = True
    unlink(lists.ids, lists.weights, is_gone)
    own = nearest(products, vectors, came, lists.ids.shape[1])
    lists.ids[came], lists.weights[came] = own.ids, own.weights
    weave(lists.ids, lists.weights, came, own.ids, own.weights)
    return lists, is_gone | (lists.ids != before).any(axis=1)


def nearest(products: NDArray[np.int32], vectors: Floats, asked: NDArray[np.int32], k: int) -> Neighbours:
    """(m, k) the nearest of the products `asked` by cosine, nearest first, of equal ones the smaller number first."""
    row_of = np.zeros(int(products.max(initial=0)) + 1, dtype=np.int64)
    row_of[products] = np.arange(len(products))
    queries = vectors[row_of[asked]]
    ids = np.zeros((len(asked), k), dtype=np.int32)
    weights = np.zeros(ids.shape, dtype=np.float32)
    index = None
    if len(asked) * len(products) > EXACT_PAIRS:
        index = VectorIndex.build(products.astype(np.int64), vectors, exact_up_to=_LISTS_FROM)
    for start in range(0, len(asked), _BLOCK):
        block = queries[start : start + _BLOCK]
        found, cosines = _all_pairs(products, vectors, block, k + 1) if index is None else index.search(block, k + 1)
        for n in range(len(block)):
            is_other = (found[n] != asked[start + n]) & (cosines[n] > 0)
            some = np.flatnonzero(is_other)[:k]
            ids[start + n, : len(some)], weights[start + n, : len(some)] = found[n][some], cosines[n][some]
    return Neighbours(ids=ids, weights=weights)


def _all_pairs(products: NDArray[np.int32], vectors: Floats, block: Floats, k: int) -> tuple[Ints, Floats]:
    cosines = block @ vectors.T
    k = min(k, len(products))
    head = np.argpartition(-cosines, k - 1, axis=1)[:, :k]
    found, values = products[head].astype(np.int64), np.take_along_axis(cosines, head, axis=1)
    order = np.lexsort((found, -values), axis=1)
    return np.take_along_axis(found, order, axis=1), np.take_along_axis(values, order, axis=1)
