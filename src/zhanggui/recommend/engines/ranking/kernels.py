"""The compiled loops of the second stage: describe the best candidates, and ask the trees.

Importing this module imports numba; compiled code is kept beside the module.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

from zhanggui.kernel.clock import DAY_MS
from zhanggui.kernel.trees.kernels import add_trees
from zhanggui.recommend.engines.blend import ALIKE, CONTENT, FEATURES
from zhanggui.recommend.engines.scoring_kernels import PURCHASES, RECENT, WEIGHT, describe

from . import columns
from .columns import FROM, N_BLEND, N_COLUMNS

_jit: Any = numba.njit(cache=True, boundscheck=False, nogil=True)
N_FEATURES = len(FEATURES)
NEW_DAYS = 28.0
"""A product counts as new for so long after it was first met."""


@_jit
def describe_more(ids, base, first_stage, past, facts, moment, slot, counts, rows):  # type: ignore[no-untyped-def]
    """Fill `rows` (n, columns) of what trees look at.

    Args:
        ids: (n,) candidates.
        base: (n, 15) features of the first stage, `first_stage` (n,) its score.
        past: products, newest event of each, digested columns, and the moments of all events, newest first; now.
        facts: of products: first met, log price, category, fits, log stock.
        moment: what the clock shows and where the shopper is, the columns of fits, and what is foreseen of the shopper.
        slot: (size,) zero before and after; `counts` (size,) too.
    """
    products, _, digest, _, now_ms = past
    first_ms, log_price, category, fits, log_stock = facts
    told, parts, foreseen = moment
    total, usual_price = _open(products, digest, log_price, category, slot, counts)
    shopper = _shopper(past, first_ms)
    for n in range(len(ids)):
        item, row = ids[n], rows[n]
        for column in range(N_BLEND):
            row[column] = base[n, FROM[column]]
        gap = log_price[item] - usual_price if log_price[item] > 0.0 and usual_price > 0.0 else np.float32(0.0)
        row[columns.FIRST_STAGE] = first_stage[n]
        row[columns.AGE] = np.log(1.0 + max(now_ms - first_ms[item], 0) / DAY_MS)
        row[columns.PRICE], row[columns.PRICE_GAP], row[columns.PRICE_DISTANCE] = log_price[item], gap, abs(gap)
        row[columns.HOUR_FIT] = fits[item, parts[0]]
        row[columns.WEEKDAY_FIT] = fits[item, parts[1]]
        row[columns.SEASON_FIT] = fits[item, parts[2]]
        group = category[item]
        row[columns.CATEGORY_SHARE] = (
            counts[group % len(counts)] / total if group > 0 and total > 0.0 else np.float32(0.0)
        )
        own = slot[item] - 1
        row[columns.OWN_INTEREST] = digest[own, WEIGHT] if own >= 0 else np.float32(0.0)
        row[columns.OWN_INTEREST_LATELY] = digest[own, RECENT] if own >= 0 else np.float32(0.0)
        row[columns.STOCK] = log_stock[item]
        row[columns.CHANNEL_FIT], row[columns.DEVICE_FIT] = fits[item, parts[3]], fits[item, parts[4]]
        row[columns.EVENTS : columns.FORESEEN_VALUE] = shopper[columns.EVENTS : columns.FORESEEN_VALUE]
        row[columns.FORESEEN_VALUE : columns.HOUR] = foreseen
        row[columns.HOUR :] = told
    for at in range(len(products)):
        slot[products[at]] = 0
        counts[category[products[at]] % len(counts)] = 0.0


@_jit
def _open(products, digest, log_price, category, slot, counts):  # type: ignore[no-untyped-def]
    """Number the history's products in `slot`, weigh its categories in `counts`; their sum, and the usual log price."""
    total, priced, prices = np.float32(0.0), np.float32(0.0), np.float32(0.0)
    for row in range(len(products)):
        item, weight = products[row], max(digest[row, WEIGHT], np.float32(0.0))
        slot[item] = row + 1
        counts[category[item] % len(counts)] += weight
        total += weight
        if log_price[item] > 0.0:
            priced += weight
            prices += weight * log_price[item]
    return total, prices / priced if priced > 0.0 else np.float32(0.0)


@_jit
def _shopper(past, first_ms):  # type: ignore[no-untyped-def]
    """(columns,) those of `columns.OF_SHOPPER`; the others are 0."""
    products, newest, digest, at_ms, now_ms = past
    told = np.zeros(N_COLUMNS, dtype=np.float32)
    if len(products) == 0:
        return told
    bought, new = 0.0, 0
    for row in range(len(products)):
        bought += digest[row, PURCHASES]
        new += (at_ms[newest[row]] - first_ms[products[row]]) / DAY_MS < NEW_DAYS
    told[columns.EVENTS] = np.log(1.0 + len(at_ms))
    told[columns.PURCHASES] = np.log(1.0 + bought)
    told[columns.TENURE] = np.log(1.0 + max(now_ms - at_ms[len(at_ms) - 1], 0) / DAY_MS)
    told[columns.IDLE] = np.log(1.0 + max(now_ms - at_ms[0], 0) / DAY_MS)
    told[columns.NEW_SHARE] = new / len(products)
    return told


@_jit
def best_of(scores, most, border):  # type: ignore[no-untyped-def]
    """Rows of the `most` best scores, in the order of their rows; of equal ones at the `border` the earlier."""
    if len(scores) <= most:
        return np.arange(len(scores))
    spare = most - np.sum(scores > border)
    rows, found = np.empty(most, dtype=np.int64), 0
    for n in range(len(scores)):
        if scores[n] > border or (scores[n] == border and spare > 0):
            spare -= scores[n] == border
            rows[found] = n
            found += 1
    return rows


@_jit
def describe_best(best, ids, scores, past, first, facts, moment, slot, counts):  # type: ignore[no-untyped-def]
    """(n, columns) what trees look at, of the candidates at rows `best`.

    Args:
        best: (n,) rows of `ids` and `scores`, the first stage's.
        past: see `describe_more`.
        first: what the first stage scores by: sources, lists, signals, scales, and (is_newcomer, rate).
        facts, moment, slot, counts: see `describe_more`.
    """
    chosen = ids[best]
    base = describe_base(chosen, past, first, slot)
    rows = np.empty((len(chosen), N_COLUMNS), dtype=np.float32)
    describe_more(chosen, base, scores[best], past, facts, moment, slot, counts, rows)
    return rows


@_jit
def describe_base(chosen, past, first, slot):  # type: ignore[no-untyped-def]
    """(n, 15) features of the first stage of `chosen` (n,); see `describe_best` for the others."""
    products, _, digest, _, _ = past
    sources, lists, signals, scales, lent = first
    sums = _sums(chosen, products, digest, sources, lists, slot)
    base = np.empty((len(chosen), N_FEATURES), dtype=np.float32)
    for source in range(len(products)):
        slot[products[source]] = source + 1
    is_newcomer, rate = lent
    for n in range(len(chosen)):
        item = chosen[n]
        describe(sums[n], signals[item], scales, slot[item] - 1, digest, base[n])
        if is_newcomer[item]:
            base[n, ALIKE] = max(base[n, ALIKE], base[n, CONTENT] * np.float32(rate))
    for source in range(len(products)):
        slot[products[source]] = 0
    return base


@_jit
def _sums(chosen, products, digest, sources, lists, slot):  # type: ignore[no-untyped-def]
    """(n, 3) what the neighbour lists of the history give to each of `chosen` (n,)."""
    sums = np.zeros((len(chosen), 3), dtype=np.float32)
    for n in range(len(chosen)):
        slot[chosen[n]] = n + 1
    for row in range(min(len(products), sources)):
        for graph in range(3):
            ids, weights = lists[graph]
            if products[row] >= len(ids):
                continue
            worth = digest[row, RECENT] if graph == 1 else digest[row, WEIGHT]
            _add_list(ids[products[row]], weights[products[row]], worth, graph, slot, sums)
    for n in range(len(chosen)):
        slot[chosen[n]] = 0
    return sums


@_jit
def _add_list(ids, weights, worth, graph, slot, sums):  # type: ignore[no-untyped-def]
    for place in range(len(ids)):
        target = np.uint32(ids[place])  # unsigned: looked up without a question whether it counts from the end
        if target == 0:
            break
        if target < len(slot) and slot[target] > 0:
            sums[np.uint32(slot[target] - 1), graph] += worth * weights[place]


@_jit
def rescore(ids, scores, most, border, past, first, facts, moment, trees, slot, counts):  # type: ignore[no-untyped-def]
    """Add to the `most` best `scores` (n,) what trees say of them; the others stay below them, in their order.

    `border` is the last of these best, which numpy's partition finds in a fifth of the time that numba's takes.
    """
    if len(ids) == 0:
        return
    best = best_of(scores, most, border)
    rows = describe_best(best, ids, scores, past, first, facts, moment, slot, counts)
    margins = np.zeros(len(best))
    feature, threshold, value = trees
    add_trees(rows, feature, threshold, value, margins)
    least = margins.min()
    if len(best) < len(ids):
        for n in range(len(ids)):
            scores[n] += least
        margins -= least
    for n in range(len(best)):
        scores[best[n]] += margins[n]
