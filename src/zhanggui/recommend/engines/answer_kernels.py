"""The compiled loops of one answer: what must not come, scores, the best places, and what a score rests on.

Importing this module imports numba; compiled code is kept beside the module.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

from zhanggui.kernel.clock import DAY_MS

from .blend import ALIKE, ALIKE_TRENDING, BOUGHT, CONTENT
from .scoring_kernels import RECENT, WEIGHT, describe, gather_candidates

_jit: Any = numba.njit(cache=True, boundscheck=False)
BLOCK = 48
"""Of so many candidates each the best is known: 2,000 are about as many blocks as a block has rows."""
NEAR = 4096
"""Remainders by which most products are seen not to be winners without a look into an array of all products."""
LEAST = np.finfo(np.float32).min


@_jit
def block_past(product, is_purchase, is_dismissal, at_ms, now_ms, repeat_rate, rests, blocked):  # type: ignore[no-untyped-def]
    """Mark in `blocked` (size,) what was dismissed, bought within a day, or bought lately and seldom bought again.

    `rests` holds (repeat rate, days) pairs: a product with a smaller rate rests so many days after a purchase.
    """
    for event in range(len(product)):
        item = product[event]
        if item < 0 or item >= len(blocked):
            continue
        if is_dismissal[event]:
            blocked[item] = True
        elif is_purchase[event]:
            days = (now_ms - at_ms[event]) / DAY_MS
            is_resting = days < 1.0
            for rate, rest_days in rests:
                is_resting |= repeat_rate[item] < rate and days < rest_days
            if is_resting:
                blocked[item] = True


@_jit
def copy_at(products, flags, into):  # type: ignore[no-untyped-def]
    """Copy `flags` (size,) of these products into another array; products beyond it are left alone."""
    for n in range(len(products)):
        if 0 <= products[n] < len(flags):
            into[products[n]] = flags[products[n]]


@_jit
def session_units(strength, at_ms, gap_ms, units):  # type: ignore[no-untyped-def]
    """What the acts of the last session say together, newest first, in whole `units`: exact whatever their order."""
    total = np.int64(0)
    for act in range(len(at_ms)):
        if act > 0 and at_ms[act - 1] - at_ms[act] > gap_ms:
            break
        total += np.int64(max(strength[act], np.float32(0.0)) * np.float32(units))
    return total


@_jit
def score_candidates(  # type: ignore[no-untyped-def]
    products, digest, sources, lists, extra, blocked, signals, scales, blend, lent, only_bought, sums, slot, out, scores
):
    """Gather candidates into `out` and score them into `scores` (2, size + 1); returns how many there are.

    The second row of `scores` receives the content feature. `lent` is (is_newcomer (size,), rate): a product that the
    model does not know has no behaviour, for which its content stands at that rate. `only_bought` leaves out what the
    shopper never bought. `slot` and `sums` are zero before and after.
    """
    found = gather_candidates(products, digest, sources, lists, extra, blocked, sums, out)
    is_newcomer, rate = lent
    row = np.empty(len(blend), dtype=np.float32)
    for source in range(len(products)):
        slot[products[source]] = source + 1
    kept = 0
    for n in range(found):
        item = np.uint32(out[n])
        describe(sums[item], signals[item], scales, slot[item] - 1, digest, row)
        sums[item] = 0.0
        if only_bought and row[BOUGHT] == 0.0:
            continue
        if is_newcomer[item]:
            row[ALIKE] = max(row[ALIKE], row[CONTENT] * rate)
        out[kept], scores[0, kept], scores[1, kept] = item, _dot(row, blend), row[CONTENT]
        kept += 1
    for source in range(len(products)):
        slot[products[source]] = 0
    return kept


@_jit
def _dot(row, blend):  # type: ignore[no-untyped-def]
    total = np.float32(0.0)
    for feature in range(BOUGHT):
        total += row[feature] * blend[feature]
    if row[BOUGHT] != 0.0:  # else all that speak of purchases are 0 as well
        for feature in range(BOUGHT, ALIKE_TRENDING):
            total += row[feature] * blend[feature]
    return total + row[ALIKE_TRENDING] * blend[ALIKE_TRENDING]


@_jit
def choose(candidates, scores, penalty, category, balance, k, counts, rows, values):  # type: ignore[no-untyped-def]
    """Fill `rows` and `values` (k,) with the best places, best first; returns how many there are.

    Later products of a category give way to other categories, by the rank of their bare score among their own: so
    lowering a chip can never raise a product that has it. Nothing gains by giving way or by a penalty, hence the search
    ends when the next bare score is below the last place. `counts` is zero before and after.
    """
    left = np.empty(len(scores), dtype=np.float32)
    for row in range(len(scores)):
        left[row] = max(LEAST, scores[row])
    heads = np.empty((len(left) + BLOCK - 1) // BLOCK, dtype=np.int64)
    for block in range(len(heads)):
        heads[block] = _head(left, block)
    taken = np.empty(len(left), dtype=np.int32)
    done, filled = 0, 0
    while done < len(left):
        block = _first(heads, left)
        row = heads[block]
        if filled == k and not scores[row] >= values[k - 1]:
            break
        left[row], taken[done] = -np.inf, row
        heads[block] = _head(left, block)
        done += 1
        value = scores[row] - penalty[candidates[row]]
        group = category[candidates[row]]
        if group > 0:
            group %= len(counts)  # a shop may have had more categories than it has products: then some share a count
            value -= balance * np.log1p(counts[group])
            counts[group] += np.float32(1.0)
        filled = _insert(rows, values, filled, k, row, np.float32(value))
    for n in range(done):
        counts[category[candidates[taken[n]]] % len(counts)] = 0.0
    return filled


@_jit
def _head(left, block):  # type: ignore[no-untyped-def]
    """The row of the best of a block, of equal ones the first."""
    best = block * BLOCK
    for row in range(best + 1, min(best + BLOCK, len(left))):
        if left[row] > left[best]:
            best = row
    return best


@_jit
def _first(heads, left):  # type: ignore[no-untyped-def]
    """The block whose head is best, of equal ones the first."""
    best = 0
    for block in range(1, len(heads)):
        if left[heads[block]] > left[heads[best]]:
            best = block
    return best


@_jit
def _insert(rows, values, filled, k, row, value):  # type: ignore[no-untyped-def]
    """Put a row where its value belongs, of equal ones the earlier row first; the last of `k` falls out."""
    place = filled
    while place > 0 and (value > values[place - 1] or (value == values[place - 1] and row < rows[place - 1])):
        place -= 1
    if place == k:
        return filled
    for at in range(min(filled, k - 1), place, -1):
        rows[at], values[at] = rows[at - 1], values[at - 1]
    rows[place], values[place] = row, value
    return min(filled + 1, k)


@_jit
def explain(  # type: ignore[no-untyped-def]
    winners, products, digest, sources, lists, signals, scales, blend, lent, members, given, slot, shares, top, weights
):
    """Say of each winner (k,) what its score rests on.

    Args:
        members: (15,) factor of each feature.
        given: (k, g) what was added to each score beside the features: the last g factors.
        slot: (size,) zero before and after.
        shares: (k, factors) receives the share of each factor in the positive part of the score.
        top: (k, most) receives the rows of the history that speak loudest, loudest first, -1 for none.
        weights: (k, most) receives the share of the score that each of them answers for.
    """
    parts = split_evidence(winners, products, digest, sources, lists, slot)
    is_newcomer, rate = lent
    row = np.empty(len(blend), dtype=np.float32)
    for source in range(len(products)):
        slot[products[source]] = source + 1
    for n in range(len(winners)):
        item = winners[n]
        sums = parts[n].sum(axis=0)
        describe(sums, signals[item], scales, slot[item] - 1, digest, row)
        if is_newcomer[item]:
            row[ALIKE] = max(row[ALIKE], row[CONTENT] * rate)
        shares[n] = 0.0
        for feature in range(len(blend)):
            shares[n, members[feature]] += row[feature] * blend[feature]
        for extra in range(given.shape[1]):
            shares[n, shares.shape[1] - given.shape[1] + extra] = given[n, extra]
        shares[n] = np.maximum(shares[n], 0.0)
        shares[n] /= max(shares[n].sum(), np.float32(1e-9))
        _loudest(parts[n], shares[n], top[n], weights[n])
    for source in range(len(products)):
        slot[products[source]] = 0


@_jit
def _loudest(parts, shares, top, weights):  # type: ignore[no-untyped-def]
    """The rows of `parts` (rows, 3) with the largest shares of the score, loudest first."""
    top[:], weights[:] = -1, 0.0
    each = np.zeros(3, dtype=np.float32)
    for graph in range(3):
        positive = np.float32(0.0)
        for row in range(len(parts)):
            positive += max(parts[row, graph], np.float32(0.0))
        each[graph] = shares[graph] / max(positive, np.float32(1e-9))
    found = 0
    for row in range(len(parts)):
        weight = np.float32(0.0)
        for graph in range(3):
            weight += max(parts[row, graph], np.float32(0.0)) * each[graph]
        if weight > 0.0:
            found = _insert(top, weights, found, len(top), row, weight)


@_jit
def split_evidence(winners, products, digest, sources, lists, slot):  # type: ignore[no-untyped-def]
    """(winners, rows, 3) what each product of the history added to each winner's sums."""
    parts = np.zeros((len(winners), len(products), 3), dtype=np.float32)
    near = np.zeros(NEAR, dtype=np.bool_)
    for n in range(len(winners)):
        slot[winners[n]] = n + 1
        near[winners[n] % NEAR] = True
    for row in range(min(len(products), sources)):
        for graph in range(3):
            ids, weights = lists[graph]
            if products[row] < len(ids):
                worth = digest[row, RECENT] if graph == 1 else digest[row, WEIGHT]
                _note_list(ids[products[row]], weights[products[row]], worth, row, graph, near, slot, parts)
    for n in range(len(winners)):
        slot[winners[n]] = 0
    return parts


@_jit
def _note_list(ids, weights, worth, row, graph, near, slot, parts):  # type: ignore[no-untyped-def]
    for place in range(len(ids)):
        target = np.uint32(ids[place])
        if target == 0:
            break
        if near[target % NEAR] and target < len(slot) and slot[target] > 0:
            parts[slot[target] - 1, row, graph] = worth * weights[place]
