"""The compiled loop from events to cells of people by products. Importing this module imports numba."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

_jit: Any = numba.njit(cache=True, nogil=True, boundscheck=False)


@_jit
def strongest_cells(person, product, weight, size, least, starts, products, values):  # type: ignore[no-untyped-def]
    """Keep of each person's events with a product the one that weighs most; returns how many cells were filled.

    Args:
        person: (n,) row of each event, ascending.
        product: (n,) its column.
        weight: (n,) its weight; of two as far from 0 the lower counts, and 0 leaves no cell.
        size: columns.
        least: people with fewer cells get none.
        starts: (people + 1,) receives where each row begins.
        products: (n,) receives columns, ascending within a row.
        values: (n,) receives weights.
    """
    best = np.zeros(size, dtype=np.float32)
    touched = np.empty(size, dtype=np.int32)
    filled, at = 0, 0
    for row in range(len(starts) - 1):
        starts[row] = filled
        found = 0
        while at < len(person) and person[at] == row:
            held, seen = best[product[at]], weight[at]
            if held == 0.0 and seen != 0.0:
                touched[found] = product[at]
                found += 1
            if abs(seen) > abs(held) or (abs(seen) == abs(held) and seen < held):
                best[product[at]] = seen
            at += 1
        columns = np.sort(touched[:found])
        for n in range(found):
            if found >= least:
                products[filled], values[filled] = columns[n], best[columns[n]]
                filled += 1
            best[columns[n]] = 0.0
    starts[len(starts) - 1] = filled
    return filled
