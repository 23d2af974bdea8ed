"""Compiled loops: where targets stand among all products of a row. This imports numba."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

_jit: Any = numba.njit(cache=True, nogil=True, boundscheck=False)


@_jit
def judge_rows(begin, end, scores, target_starts, targets, ks, turn, gains, marks, found, tops):  # type: ignore[no-untyped-def]
    """Mark the rows `begin` to `end` of `scores` (rows, size); see `judge` for the outputs.

    `turn` (size,) says who goes first among equals in `tops`, the lower the earlier; no metric looks at it.
    A score of -inf (or NaN) is never shown.
    """
    most = ks[-1]
    for row in range(begin, end):
        values = scores[row]
        filled = _top(values, most, turn, tops[row])
        first, last = target_starts[row], target_starts[row + 1]
        better, tied, mates = most, 1, 0
        for at in range(first, last):
            score = values[targets[at]]
            above, equal = _standing(values, score, tops[row], filled, most)
            for n in range(len(ks)):
                shown = min(ks[n], above + equal) - min(ks[n], above)
                found[at, n] = shown / equal
                marks[row, n, 1] += shown / equal
                marks[row, n, 2] += (gains[min(ks[n], above + equal)] - gains[min(ks[n], above)]) / equal
            if above < better:
                better, tied, mates = above, equal, 1
            elif above == better and above < most:
                mates += 1
        for n in range(len(ks)):
            k, wanted = ks[n], last - first
            marks[row, n, 4] = marks[row, n, 1] / k
            marks[row, n, 1] /= wanted
            marks[row, n, 2] /= gains[min(k, wanted)]
            marks[row, n, 0], marks[row, n, 3] = _first_mate(better, tied, mates, k)


@_jit
def _top(values, most, turn, top):  # type: ignore[no-untyped-def]
    """Fill `top` with the products of the largest values, best first, 0 where there are fewer; returns how many."""
    kept = np.empty(most, dtype=values.dtype)
    filled, product = 0, 1
    while product < len(values) and filled < most:
        if values[product] > -np.inf:
            _rise(kept, top, turn, filled, values[product], product)
            filled += 1
        product += 1
    for later in range(product, len(values)):
        value = values[later]
        if value >= kept[0] and (value > kept[0] or turn[later] < turn[top[0]]):
            _sink(kept, top, turn, most, value, later)
    for last in range(filled - 1, 0, -1):
        value, product = kept[last], top[last]
        kept[last], top[last] = kept[0], top[0]
        _sink(kept, top, turn, last, value, product)
    top[filled:] = 0
    return filled


@_jit
def _rise(kept, top, turn, place, value, product):  # type: ignore[no-untyped-def]
    """Put an entry at the end of a heap whose root stands last, and let it rise to its place."""
    while place > 0 and _after(kept[(place - 1) // 2], turn[top[(place - 1) // 2]], value, turn[product]) < 0:
        kept[place], top[place] = kept[(place - 1) // 2], top[(place - 1) // 2]
        place = (place - 1) // 2
    kept[place], top[place] = value, product


@_jit
def _after(value, turn, other, other_turn):  # type: ignore[no-untyped-def]
    """1 when a (value, turn) stands after another, -1 when before it."""
    if value < other or (value == other and turn > other_turn):
        return 1
    return -1


@_jit
def _sink(kept, top, turn, length, value, product):  # type: ignore[no-untyped-def]
    """Put an entry at the root of a heap whose root stands last, and let it sink to its place."""
    place = 0
    while 2 * place + 1 < length:
        child = 2 * place + 1
        if child + 1 < length and _after(kept[child + 1], turn[top[child + 1]], kept[child], turn[top[child]]) > 0:
            child += 1
        if _after(kept[child], turn[top[child]], value, turn[product]) < 0:
            break
        kept[place], top[place] = kept[child], top[child]
        place = child
    kept[place], top[place] = value, product


@_jit
def _standing(values, score, top, filled, most):  # type: ignore[no-untyped-def]
    """(products above a score, products at it); `most` above when it cannot be among the first `most`."""
    if not score > -np.inf or filled == 0:
        return most, 1
    least = values[top[filled - 1]]
    if score < least:
        return most, 1
    above, equal = 0, 0
    for place in range(filled):
        above += values[top[place]] > score
        equal += values[top[place]] == score
    if score == least and filled == most:  # others of the same score may stand outside the list
        equal = 0
        for product in range(1, len(values)):
            equal += values[product] == score
    return above, equal


@_jit
def _first_mate(better, tied, mates, k):  # type: ignore[no-untyped-def]
    """(chance of a hit, expected reciprocal rank) within k of the first of `mates` targets among `tied` equals.

    The rank of the first mate is better + j with the chance C(tied - j, mates - 1) / C(tied, mates).
    """
    hit, reciprocal = 0.0, 0.0
    if mates == 0:
        return hit, reciprocal
    chance = mates / tied
    for j in range(1, min(tied - mates + 1, k - better) + 1):
        hit += chance
        reciprocal += chance / (better + j)
        if j < tied:
            chance *= (tied - j - mates + 1) / (tied - j)
    return hit, reciprocal
