"""The compiled loops of co-visitation: group, weigh, count, normalise and cut, one source product at a time.

Importing this module imports numba; compiled code is kept beside the module. Every array of events may be
memory-mapped: all are read only, and in order of a person's sequence but for the jump to each event of a source.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

_jit: Any = numba.njit(cache=True, nogil=True, boundscheck=False)
_inlined: Any = numba.njit(cache=True, nogil=True, boundscheck=False, inline="always")  # a call costs as much as a pair


@_jit
def group(product, size, order):  # type: ignore[no-untyped-def]
    """Rows of each product, in their own order, into `order` (n,); returns (size + 1,) where each product begins."""
    starts = np.zeros(size + 1, dtype=np.int64)
    for row in range(len(product)):
        starts[product[row] + 1] += 1
    for number in range(size):
        starts[number + 1] += starts[number]
    free = starts.copy()
    for row in range(len(product)):
        order[free[product[row]]] = row
        free[product[row]] += 1
    return starts


@_jit
def weigh(first, last, order, starts, person, worth, mass):  # type: ignore[no-untyped-def]
    """Mass of the products in [first, last): squared worth of each person's event that weighs most."""
    for source in range(first, last):
        total, best, whose = 0.0, 0.0, -1
        for at in range(starts[source], starts[source + 1]):
            row = order[at]
            if person[row] != whose or at == starts[source]:
                total += best * best
                best, whose = 0.0, person[row]
            best = max(best, worth[row])
        mass[source] = total + best * best


@_jit
def count_rows(  # type: ignore[no-untyped-def]
    first, last, order, starts, person, product, step, strength, fresh, tables, window, scales, out_ids, out_weights
):
    """Fill one row of neighbours per source in [first, last); see `covisit` for the meaning of each array.

    `fresh` and `strength` of length 0 stand for ones everywhere.
    """
    source_scale, target_scale = scales
    size = out_ids.shape[0]
    sums = np.zeros(size, dtype=np.float32)
    touched = np.empty(size, dtype=np.int32)
    counted_for = np.zeros(size, dtype=np.int32)  # the last person (by number of visit) who counted for a target
    counted = np.zeros(size, dtype=np.float32)
    events, scratch = (person, product, step, strength, fresh), (sums, touched, counted_for, counted)
    visit = 0
    for source in range(first, last):
        found = 0
        for at in range(starts[source], starts[source + 1]):
            row = order[at]
            if at == starts[source] or person[row] != person[order[at - 1]]:
                visit += 1
            found = _count_way(row, -1, visit, found, events, tables[0], tables[2], window, scratch)
            found = _count_way(row, 1, visit, found, events, tables[0], tables[1], window, scratch)
        keep_strongest(sums, touched, found, source_scale[source], target_scale, out_ids[source], out_weights[source])


@_inlined
def _count_way(row, way, visit, found, events, same, table, window, scratch):  # type: ignore[no-untyped-def]
    """Count the pairs of one event with those of its person on one side; returns how many targets were touched."""
    person, product, step, strength, fresh = events
    sums, touched, counted_for, counted = scratch
    who, source, now, furthest = person[row], product[row], step[row], len(table) - 1
    other = row
    for _ in range(window):
        other += way
        if other < 0 or other >= len(person) or person[other] != who:
            break
        target, apart = product[other], abs(step[other] - now)
        weight = same if apart == 0 else table[min(apart, furthest)]
        if target == source or weight == 0.0:
            continue
        if len(strength):
            weight *= strength[row] * strength[other] * min(fresh[row], fresh[other])
            if weight == 0.0:  # too old for float32: its sum would stay 0, and `touched` would take it twice
                continue
        total = sums[target]
        if total == 0.0:
            touched[found] = target
            found += 1
        # A pair counts once a person, by the occurrence that weighs most.
        before = counted[target] if counted_for[target] == visit else np.float32(0.0)
        if weight > before:
            counted_for[target], counted[target], sums[target] = visit, weight, total + (weight - before)
    return found


@_jit
def keep_strongest(sums, touched, found, scale, target_scale, ids, weights):  # type: ignore[no-untyped-def]
    """Normalise and empty the touched sums and keep the strongest, in order: a heap whose root is the weakest kept."""
    k = len(ids)
    kept = 0
    for n in range(found):
        target = touched[n]
        weight = sums[target] * scale * target_scale[target]
        sums[target] = 0.0
        if kept < k:
            kept += 1
            sift_up(ids, weights, kept - 1, target, weight)
        elif weight > weights[0]:
            sift_down(ids, weights, kept, target, weight)
    for last in range(kept - 1, 0, -1):
        target, weight = ids[last], weights[last]
        ids[last], weights[last] = ids[0], weights[0]
        sift_down(ids, weights, last, target, weight)


@_jit
def sift_up(ids, weights, place, target, weight):  # type: ignore[no-untyped-def]
    """Put a target at `place`, the last of a heap, and move it to where it belongs."""
    while place > 0 and weights[(place - 1) // 2] > weight:
        ids[place], weights[place] = ids[(place - 1) // 2], weights[(place - 1) // 2]
        place = (place - 1) // 2
    ids[place], weights[place] = target, weight


@_jit
def sift_down(ids, weights, length, target, weight):  # type: ignore[no-untyped-def]
    """Put a target in the place of the root of a heap, and move it to where it belongs."""
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
