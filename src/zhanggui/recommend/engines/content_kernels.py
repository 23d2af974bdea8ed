"""The compiled loops of content: the nearest of many documents by cosine, without a look at most pairs.

A word that a tenth of the catalogue has adds little to any cosine, yet its list is what takes the time. So lists are
opened by how much they can still add, the most first, and once what is left could lift nobody to the k-th place, it is
only added to those who were met already.

Source: Turtle and Flood, "Query evaluation: strategies and optimizations", Information Processing & Management 1995,
doi:10.1016/0306-4573(95)00020-H (max score).

Importing this module imports numba; compiled code is kept beside the module.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

_jit: Any = numba.njit(cache=True, nogil=True, boundscheck=False)
MOST_OPENED = 400_000
"""Entries of lists that one document opens, the rarest words first. What they bring is compared exactly; only who
shares nothing but words that hundreds of thousands have may be missed."""
LOOKED_AT = 8
"""A list that is this many times shorter than those who were met is opened sooner than the k-th of them is found."""
SLACK = np.float32(1e-5)
"""By how much sums in another order may differ."""


@_jit
def highest(indptr, weights):  # type: ignore[no-untyped-def]
    """(words,) the highest weight in the list of each word; all are above 0."""
    most = np.zeros(len(indptr) - 1, dtype=np.float32)
    for word in range(len(most)):
        for at in range(indptr[word], indptr[word + 1]):
            most[word] = max(most[word], weights[at])
    return most


@_jit
def nearest(numbers, rows, lists, most, least, sums, asked, ids, cosines):  # type: ignore[no-untyped-def]
    """Fill one row of `ids` and `cosines` (n, k) for each document, nearest first, of equal ones the lower number.

    Args:
        numbers: (n,) which documents.
        rows: CSR of all documents (indptr, words, weights), each of length 1.
        lists: the same as CSC (indptr, documents, weights).
        most: (words,) see `highest`.
        least: a cosine that is not above it is none.
        sums: (size,) zero before and after.
        asked: (words,) zero before and after.
    """
    indptr, words, weights = rows
    met = np.empty(len(sums), dtype=np.int32)
    for row in range(len(numbers)):
        own = numbers[row]
        first, last = indptr[own], indptr[own + 1]
        for at in range(first, last):
            asked[words[at]] = weights[at]
        found, left = _gather(words[first:last], weights[first:last], lists, most, least, ids.shape[1], sums, met)
        _keep(own, found, left, met, rows, asked, least, sums, ids[row], cosines[row])
        for at in range(first, last):
            asked[words[at]] = 0.0


@_jit
def _gather(words, weights, lists, most, least, k, sums, met):  # type: ignore[no-untyped-def]
    """Add up the lists that can matter into `sums`; returns how many documents were `met`, and what is left to add."""
    bounds = weights * most[words]
    order = np.argsort(-bounds)
    left = bounds.sum()
    found, opened = 0, 0
    for place in range(len(order)):
        if left <= least:
            break
        word = words[order[place]]
        start, stop = lists[0][word], lists[0][word + 1]
        is_long = found > k and stop - start > found // LOOKED_AT
        if is_long and left + SLACK < _reached(sums, met[:found], k):
            break
        is_cut = opened + stop - start > MOST_OPENED
        if is_cut and found > k:
            break
        stop = min(stop, start + MOST_OPENED)
        found = _open(start, stop, lists, weights[order[place]], sums, met, found)
        opened += stop - start
        if not is_cut:  # else what was not opened may still be owed to those who were met
            left -= bounds[order[place]]
    return found, max(left, np.float32(0.0))


@_jit
def _open(start, stop, lists, weight, sums, met, found):  # type: ignore[no-untyped-def]
    """Add one list to `sums`; returns how many documents are `met` now."""
    for at in range(start, stop):
        other = lists[1][at]
        if sums[other] == 0.0:
            met[found] = other
            found += 1
        sums[other] += weight * lists[2][at]
    return found


@_jit
def _reached(sums, met, k):  # type: ignore[no-untyped-def]
    """What the k-th best beside the document itself has at least: the (k + 1)-th sum."""
    partial = sums[met]
    return np.partition(partial, len(partial) - k - 1)[len(partial) - k - 1]


@_jit
def _keep(own, found, left, met, rows, asked, least, sums, ids, cosines):  # type: ignore[no-untyped-def]
    """Keep the nearest of those `met`, by their whole cosines; what they had in `sums` is taken away."""
    indptr, words, weights = rows
    k = len(ids)
    border = _reached(sums, met[:found], k) - left - SLACK if found > k else np.float32(0.0)
    filled = 0
    for at in range(found):
        other = met[at]
        partial = sums[other]
        sums[other] = 0.0
        if filled == k:
            border = max(border, cosines[k - 1] - left - SLACK)
        if other == own or partial < border:
            continue
        cosine = np.float32(0.0)
        for cell in range(indptr[other], indptr[other + 1]):
            cosine += weights[cell] * asked[words[cell]]
        if cosine > least:
            filled = _insert(ids, cosines, filled, other, cosine)


@_jit
def _insert(ids, cosines, filled, other, cosine):  # type: ignore[no-untyped-def]
    """Put a document where it belongs; the last of k falls out."""
    place = filled
    while place > 0 and (cosine > cosines[place - 1] or (cosine == cosines[place - 1] and other < ids[place - 1])):
        place -= 1
    if place == len(ids):
        return filled
    for at in range(min(filled, len(ids) - 1), place, -1):
        ids[at], cosines[at] = ids[at - 1], cosines[at - 1]
    ids[place], cosines[place] = other, cosine
    return min(filled + 1, len(ids))


@_jit
def cosines_of(own, others, rows, asked, cosines):  # type: ignore[no-untyped-def]
    """Fill `cosines` (n,) of one document and others; `asked` (words,) is zero before and after."""
    indptr, words, weights = rows
    for at in range(indptr[own], indptr[own + 1]):
        asked[words[at]] = weights[at]
    for n in range(len(others)):
        total = np.float32(0.0)
        for at in range(indptr[others[n]], indptr[others[n] + 1]):
            total += weights[at] * asked[words[at]]
        cosines[n] = total
    for at in range(indptr[own], indptr[own + 1]):
        asked[words[at]] = 0.0
