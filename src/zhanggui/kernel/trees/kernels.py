"""The compiled loops of trees: what they say, and what each column adds (TreeSHAP).

Importing this module imports numba; compiled code is kept beside the module.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

_jit: Any = numba.njit(cache=True, boundscheck=False, nogil=True)


@_jit
def add_trees(rows, feature, threshold, value, margins):  # type: ignore[no-untyped-def]
    """Add to `margins` (n,) what the trees say of `rows` (n, columns); trees are complete, see `Trees`."""
    inner = np.uint32(feature.shape[1])
    # Unsigned: looked up without a question whether it counts from the end.
    nodes = np.empty(len(rows), dtype=np.uint32)
    for tree in range(len(feature)):
        asked, bounds, leaves = feature[tree], threshold[tree], value[tree]
        nodes[:] = 0
        level = np.uint32(1)
        # One question to all rows, then the next: no row waits for the answer of another.
        while level <= inner:
            for n in range(len(rows)):
                node = nodes[n]
                right = np.uint32(rows[n, np.uint32(asked[node])] > bounds[node])
                nodes[n] = np.uint32(2) * node + np.uint32(1) + right
            level = np.uint32(2) * level + np.uint32(1)
        for n in range(len(rows)):
            margins[n] += leaves[nodes[n] - inner]


@_jit
def share_out(row, feature, threshold, value, cover, depth, given):  # type: ignore[no-untyped-def]
    """Add to `given` (columns,) the Shapley values of the trees' margin for `row`; see `Trees` for the arrays."""
    asked = np.empty(depth, dtype=np.int64)
    kept, rest = np.empty(depth), np.empty(depth)
    inner = feature.shape[1]
    for tree in range(len(feature)):
        for leaf in range(inner + 1):
            if cover[tree, inner + leaf] > 0.0 and value[tree, leaf] != 0.0:
                found = _path(row, feature[tree], threshold[tree], cover[tree], inner + leaf, asked, kept, rest)
                _share_leaf(value[tree, leaf], found, asked, kept, rest, given)


@_jit
def _path(row, feature, threshold, cover, leaf, asked, kept, rest):  # type: ignore[no-untyped-def]
    """The columns that the way to a leaf asks, each once; returns how many.

    `kept` is 1 where the row itself goes that way at all questions about the column, else 0; `rest` the share of the
    training's rows that would, were the column unknown.
    """
    found, node = 0, leaf
    while node > 0:
        parent = (node - 1) // 2
        if not np.isinf(threshold[parent]):
            column = feature[parent]
            goes_here = (row[column] > threshold[parent]) == (node == 2 * parent + 2)
            at = 0
            while at < found and asked[at] != column:
                at += 1
            if at == found:
                asked[at], kept[at], rest[at] = column, 1.0, 1.0
                found += 1
            kept[at] *= goes_here
            rest[at] *= cover[node] / cover[parent]
        node = parent
    return found


@_jit
def _share_leaf(value, found, asked, kept, rest, given):  # type: ignore[no-untyped-def]
    """Share a leaf's value among the columns of its path."""
    sizes = np.empty(found)
    for one in range(found):
        sizes[:] = 0.0
        sizes[0] = 1.0  # of all subsets of so many of the other columns: the product of what each says
        others = 0
        for other in range(found):
            if other != one:
                others += 1
                for size in range(others, 0, -1):
                    if size < found:
                        sizes[size] = sizes[size] * rest[other] + sizes[size - 1] * kept[other]
                sizes[0] *= rest[other]
        weight, total = 1.0 / found, 0.0
        for size in range(found):
            total += weight * sizes[size]  # weight: size! (found - 1 - size)! / found!
            if size < found - 1:
                weight *= (size + 1) / (found - 1 - size)
        given[asked[one]] += value * (kept[one] - rest[one]) * total
