"""The compiled inner loops. Importing this module imports numba; compiled code is kept beside the module."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

_jit: Any = numba.njit(cache=True, nogil=True, boundscheck=False)


@_jit
def count_rows(  # type: ignore[no-untyped-def]
    order,
    offsets,
    product,
    session,
    strength,
    fresh,
    start,
    end,
    pair,
    window,
    source_scale,
    target_scale,
    out_ids,
    out_weights,
):
    """Fill one row of neighbours per source product; see `covisit` for the meaning of each array."""
    same, after, before, distance = pair
    size = out_ids.shape[0]
    sums = np.zeros(size, dtype=np.float32)
    touched = np.empty(size, dtype=np.int32)
    counted_for = np.full(size, -1, dtype=np.int64)  # the last person (by first row) who counted for a target
    counted = np.zeros(size, dtype=np.float32)
    for source in range(1, size):
        found = 0
        counted_for[:] = -1
        for at in range(offsets[source], offsets[source + 1]):
            row = order[at]
            low, high = max(start[row], row - window), min(end[row], row + window + 1)
            for other in range(low, high):
                target = product[other]
                apart = session[other] - session[row]
                weight = _pair_weight(apart, same, after, before, distance)
                if target == source or weight == 0.0:
                    continue
                weight *= strength[row] * strength[other] * min(fresh[row], fresh[other])
                if sums[target] == 0.0:
                    touched[found] = target
                    found += 1
                _count_once(sums, counted_for, counted, target, start[row], weight)
        _keep_strongest(sums, touched, found, source_scale[source], target_scale, out_ids[source], out_weights[source])


@_jit
def _pair_weight(apart, same, after, before, distance):  # type: ignore[no-untyped-def]
    if apart == 0:
        return same
    if apart > 0:
        return after * np.exp(-(apart - 1) / distance)
    return before * np.exp((apart + 1) / distance)


@_jit
def _count_once(sums, counted_for, counted, target, person, weight):  # type: ignore[no-untyped-def]
    """Count a pair by the occurrence that weighs most among one person's."""
    if counted_for[target] != person:
        counted_for[target] = person
        counted[target] = 0.0
    if weight > counted[target]:
        sums[target] += weight - counted[target]
        counted[target] = weight


@_jit
def _keep_strongest(sums, touched, found, scale, target_scale, ids, weights):  # type: ignore[no-untyped-def]
    """Normalise and empty the touched sums and keep the strongest, in order: a heap whose root is the weakest kept."""
    k = len(ids)
    kept = 0
    for n in range(found):
        target = touched[n]
        weight = sums[target] * scale * target_scale[target]
        sums[target] = 0.0
        if kept < k:
            kept += 1
            _sift_up(ids, weights, kept - 1, target, weight)
        elif weight > weights[0]:
            _sift_down(ids, weights, kept, target, weight)
    for last in range(kept - 1, 0, -1):
        target, weight = ids[last], weights[last]
        ids[last], weights[last] = ids[0], weights[0]
        _sift_down(ids, weights, last, target, weight)


@_jit
def _sift_up(ids, weights, place, target, weight):  # type: ignore[no-untyped-def]
    while place > 0 and weights[(place - 1) // 2] > weight:
        ids[place], weights[place] = ids[(place - 1) // 2], weights[(place - 1) // 2]
        place = (place - 1) // 2
    ids[place], weights[place] = target, weight


@_jit
def _sift_down(ids, weights, length, target, weight):  # type: ignore[no-untyped-def]
    place = 0
    while 2 * place + 1 < length:
        child = 2 * place + 1
        if child + 1 < length and weights[child + 1] < weights[child]:
            child += 1
        if weights[child] >= weight:
            break
        ids[place], weights[place] = ids[child], weights[child]
        place = child
    ids[place], weights[place] = target, weight


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
