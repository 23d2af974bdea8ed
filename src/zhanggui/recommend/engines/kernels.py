"""The compiled inner loops. Importing this module imports numba; compiled code is kept beside the module."""

from __future__ import annotations

from typing import Any

import numba

_jit: Any = numba.njit(cache=True, nogil=True, boundscheck=False)


@_jit
def unlink(ids, weights, is_gone):  # type: ignore[no-untyped-def]
    """Take the products of `is_gone` (size,) out of all rows; a row stays without holes."""
    for row in range(len(ids)):
        place = 0
        while place < ids.shape[1] and ids[row, place] != 0:
            if not is_gone[ids[row, place]]:
                place += 1
                continue
            last = place
            while last + 1 < ids.shape[1] and ids[row, last + 1] != 0:
                last += 1
            ids[row, place], weights[row, place] = ids[row, last], weights[row, last]
            ids[row, last], weights[row, last] = 0, 0.0


@_jit
def weave(ids, weights, products, near, cosines):  # type: ignore[no-untyped-def]
    """Enter each of `products` (n,) in the rows of its neighbours `near` (n, k), which end at their first 0."""
    for n in range(len(products)):
        for place in range(near.shape[1]):
            if near[n, place] == 0:
                break
            _enter(ids[near[n, place]], weights[near[n, place]], products[n], cosines[n, place])


@_jit
def _enter(ids, weights, product, weight):  # type: ignore[no-untyped-def]
    """Into its own place, else the first free one, else that of the weakest; of equal ones the newer stays."""
    weakest = 0
    for place in range(len(ids)):
        if ids[place] == product or ids[place] == 0:
            weights[place], ids[place] = weight, product
            return
        if weights[place] < weights[weakest]:
            weakest = place
    if weight >= weights[weakest]:
        weights[weakest], ids[weakest] = weight, product


@_jit
def mark_disordered(starts, order, at_ms, product, is_disordered):  # type: ignore[no-untyped-def]
    """Mark (n,) all places of each person whose rows, `order` from `starts` on, do not ascend in time and product."""
    for person in range(len(starts) - 1):
        for at in range(starts[person] + 1, starts[person + 1]):
            before, row = order[at - 1], order[at]
            if at_ms[row] < at_ms[before] or (at_ms[row] == at_ms[before] and product[row] < product[before]):
                is_disordered[starts[person] : starts[person + 1]] = True
                break


@_jit
def number_moments(person, at_ms, numbers):  # type: ignore[no-untyped-def]
    """Fill (n,) with the number of each event's moment, from 1: another person or another time is another moment."""
    moment = 0
    for row in range(len(person)):
        if row == 0 or person[row] != person[row - 1] or at_ms[row] != at_ms[row - 1]:
            moment += 1
        numbers[row] = moment
