"""Compiled loops over matrices of people by products. Importing this module imports numba."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

from zhanggui.recommend.engines.covisit_kernels import keep_strongest

_jit: Any = numba.njit(cache=True, nogil=True, boundscheck=False)


@_jit
def walk_rows(  # type: ignore[no-untyped-def]
    begin, end, by_product, by_person, person_scale, source_scale, target_scale, ids, weights
):
    """Fill the rows `begin` to `end` of neighbours: two steps from a product over its people to their products."""
    product_starts, people, taken = by_product
    person_starts, products, strengths = by_person
    size = len(ids)
    together = np.zeros(size, dtype=np.float32)
    touched = np.empty(size, dtype=np.int32)
    for source in range(begin, end):
        found = 0
        for at in range(product_starts[source], product_starts[source + 1]):
            person = people[at]
            step = taken[at] * person_scale[person]
            for to in range(person_starts[person], person_starts[person + 1]):
                target = products[to]
                if target == source:
                    continue
                if together[target] == 0.0:
                    touched[found] = target
                    found += 1
                together[target] += step * strengths[to]
        keep_strongest(together, touched, found, source_scale[source], target_scale, ids[source], weights[source])


@_jit
def gram_rows(begin, end, by_product, by_person, person_scale, gram):  # type: ignore[no-untyped-def]
    """Add up the rows `begin` to `end` of the dense Gram matrix `gram` (size, size)."""
    product_starts, people, taken = by_product
    person_starts, products, strengths = by_person
    for source in range(begin, end):
        row = gram[source]
        for at in range(product_starts[source], product_starts[source + 1]):
            person = people[at]
            step = taken[at] * person_scale[person]
            for to in range(person_starts[person], person_starts[person + 1]):
                row[products[to]] += step * strengths[to]


@_jit
def inverse_to_weights(begin, end, inverse, diagonal):  # type: ignore[no-untyped-def]
    """Turn the rows `begin` to `end` of an inverse Gram matrix into weights: -P / diag(P) by column, diagonal 0."""
    for row in range(begin, end):
        for column in range(len(diagonal)):
            inverse[row, column] /= -diagonal[column]
        inverse[row, row] = 0.0
        inverse[row, 0] = 0.0


@_jit
def mirror(matrix):  # type: ignore[no-untyped-def]
    """Copy the upper triangle of a square matrix to its lower one, in tiles so that both stay in the cache."""
    n, tile = len(matrix), 64
    for top in range(0, n, tile):
        for left in range(top, n, tile):
            for row in range(top, min(top + tile, n)):
                for column in range(max(left, row + 1), min(left + tile, n)):
                    matrix[column, row] = matrix[row, column]


@_jit
def local_rows(begin, end, gram, cross, near, ridge, ids, weights):  # type: ignore[no-untyped-def]
    """Solve one ridge regression per target product, on the products of its row of `near` alone.

    `gram` is (starts, columns, values) of a symmetric sparse matrix, columns ascending; `cross` the same of what each
    product's takers took of what is wanted; `near` ends a row at its first 0. Row `target` of `ids` and `weights`
    (size, k) gets the sources of a target, not the targets of a source.
    """
    system = np.zeros((near.shape[1], near.shape[1]), dtype=np.float32)
    for target in range(begin, end):
        count = 0
        while count < near.shape[1] and near[target, count] != 0:
            count += 1
        sources = np.sort(near[target, :count])
        wanted = np.zeros(count, dtype=np.float32)
        for row in range(count):
            wanted[row] = _entry(cross, sources[row], target)
            _fill(gram, sources, row, system)
            system[row, row] += ridge[sources[row]]
        cholesky_solve(system[:count, :count], wanted)
        ids[target, :count] = sources
        weights[target, :count] = wanted


@_jit
def _entry(gram, row, column):  # type: ignore[no-untyped-def]
    starts, columns, values = gram
    low, high = starts[row], starts[row + 1]
    while low < high:
        middle = (low + high) // 2
        if columns[middle] < column:
            low = middle + 1
        else:
            high = middle
    return values[low] if low < starts[row + 1] and columns[low] == column else np.float32(0.0)


@_jit
def _fill(gram, sources, row, system):  # type: ignore[no-untyped-def]
    """Fill a row of the system up to its diagonal; `sources` ascend, so each search begins where the last ended."""
    starts, columns, values = gram
    at, end = starts[sources[row]], starts[sources[row] + 1]
    for place in range(row + 1):
        wanted, step = sources[place], 1
        while at + step < end and columns[at + step] < wanted:
            at += step
            step *= 2
        high = min(end, at + step)
        while at < high:
            middle = (at + high) // 2
            if columns[middle] < wanted:
                at = middle + 1
            else:
                high = middle
        system[row, place] = values[at] if at < end and columns[at] == wanted else np.float32(0.0)


_fast: Any = numba.njit(cache=True, nogil=True, boundscheck=False, fastmath={"reassoc", "contract", "nsz"})


@_fast
def cholesky_solve(system, wanted):  # type: ignore[no-untyped-def]
    """Cholesky in place: `wanted` becomes the answer. Rows are walked, so that the loops run over neighbours."""
    n = len(wanted)
    for row in range(n):
        for column in range(row):
            total = system[row, column]
            for place in range(column):
                total -= system[row, place] * system[column, place]
            system[row, column] = total / system[column, column]
        total = system[row, row]
        for place in range(row):
            total -= system[row, place] * system[row, place]
        system[row, row] = np.sqrt(total)
        total = wanted[row]
        for place in range(row):
            total -= system[row, place] * wanted[place]
        wanted[row] = total / system[row, row]
    for row in range(n - 1, -1, -1):
        wanted[row] /= system[row, row]
        for place in range(row):
            wanted[place] -= system[row, place] * wanted[row]


@_jit
def add_lists(begin, end, history, lists, scores):  # type: ignore[no-untyped-def]
    """Add to the rows `begin` to `end` of `scores` (people, size) the lists of everybody's products.

    `history` and `lists` are (starts, columns, values) of sparse matrices: people by products, and product by product.
    """
    starts, products, strengths = history
    list_starts, ids, weights = lists
    for person in range(begin, end):
        row = scores[person]
        for at in range(starts[person], starts[person + 1]):
            source, strength = products[at], strengths[at]
            for place in range(list_starts[source], list_starts[source + 1]):
                row[ids[place]] += strength * weights[place]


@_fast
def fold_back(begin, end, starts, columns, values, dense, answer):  # type: ignore[no-untyped-def]
    """Add to `answer` what the rows `begin` to `end` of a sparse matrix, times a dense one, say back to its columns."""
    seen = np.empty(dense.shape[1], dtype=np.float32)
    for row in range(begin, end):
        seen[:] = 0.0
        for at in range(starts[row], starts[row + 1]):
            source, value = dense[columns[at]], values[at]
            for place in range(len(seen)):
                seen[place] += value * source[place]
        for at in range(starts[row], starts[row + 1]):
            to, value = answer[columns[at]], values[at]
            for place in range(len(seen)):
                to[place] += value * seen[place]


@_jit
def panel_gains(scores, weights, starts, taken, k, gains):  # type: ignore[no-untyped-def]
    """Fill `gains` (cases,) with the NDCG@k of each case's candidates, ranked by their weighted scores."""
    total = np.zeros(max(1, np.max(starts[1:] - starts[:-1])), dtype=np.float32)
    for case in range(len(gains)):
        begin, end = starts[case], starts[case + 1]
        for row in range(begin, end):
            total[row - begin] = _weighted(scores[row], weights)
        gain, best, targets = 0.0, 0.0, 0
        for row in range(begin, end):
            if not taken[row]:
                continue
            targets += 1
            if targets <= k:
                best += 1.0 / np.log2(targets + 1.0)
            above = 0
            for other in range(end - begin):
                above += total[other] >= total[row - begin]
            if above <= k:
                gain += 1.0 / np.log2(above + 1.0)
        gains[case] = gain / best if targets else 0.0


@_jit
def _weighted(scores, weights):  # type: ignore[no-untyped-def]
    total = np.float32(0.0)
    for model in range(len(weights)):
        if weights[model] != 0.0:
            total += weights[model] * scores[model]
    return total
