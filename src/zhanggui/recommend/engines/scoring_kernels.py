"""The compiled loops that answers and learning share: digest a history, gather candidates, describe them.

Importing this module imports numba; compiled code is kept beside the module.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

from zhanggui.kernel.clock import DAY_MS

from .blend import (
    ALIKE,
    ALIKE_TRENDING,
    BOUGHT,
    BOUGHT_COUNT,
    BOUGHT_JUST_NOW,
    BOUGHT_LATELY,
    BOUGHT_OFTEN,
    DUE,
    NEWNESS,
    POPULAR,
    REPEAT_RATE,
    RISING,
    TRENDING,
)

_jit: Any = numba.njit(cache=True, boundscheck=False)

# Columns of a digested history.
WEIGHT, RECENT, OWN, OWN_LAST, DAYS, INTERVAL, PURCHASES = range(7)
MARK = 3
"""Column of the sums that says that a product is a candidate."""
GAP_MS = 1_800_000


@_jit
def digest_history(product, strength, is_purchase, at_ms, now_ms, decay, slot, products, newest, digest):  # type: ignore[no-untyped-def]
    """Fold events (newest first) into one row per product; returns how many rows were filled.

    Rows come in order of their newest event. `slot` (size,) is zero before and after; `newest` receives the
    number of the newest event of each row. A product counts once a session, by its strongest event.
    """
    rows, session = 0, 0
    for event in range(len(product)):
        if event > 0 and at_ms[event - 1] - at_ms[event] > GAP_MS:
            session += 1
        item = product[event]
        if item <= 0 or item >= len(slot) or (strength[event] == 0.0 and not is_purchase[event]):
            continue
        row = slot[item] - 1
        if row < 0:
            if rows == len(products):
                continue
            row = rows
            rows += 1
            slot[item] = rows
            products[row], newest[row] = item, event
            digest[row, :] = 0.0
        _add_event(digest[row], strength[event], is_purchase[event], session, (now_ms - at_ms[event]) / DAY_MS, decay)
    for row in range(rows):
        slot[products[row]] = 0
    return rows


@_jit
def _add_event(row, strength, is_purchase, session, days, decay):  # type: ignore[no-untyped-def]
    long, short, half_life_days = decay
    days = max(days, 0.0)
    worth = strength * np.exp(-long * min(session, 40)) * np.exp2(-days / half_life_days)
    if strength < 0.0:
        row[WEIGHT] += worth
        row[RECENT] += strength * np.exp(-short * min(session, 40))
        return
    if row[WEIGHT] >= 0.0:
        row[WEIGHT] = max(row[WEIGHT], worth)
        row[RECENT] = max(row[RECENT], strength * np.exp(-short * min(session, 40)))
    if is_purchase and row[OWN_LAST] != session + 1:
        if row[PURCHASES] == 0.0:
            row[DAYS] = days
        row[PURCHASES] += 1.0
        row[OWN] += np.exp(-long * min(session, 40))
        row[OWN_LAST] = session + 1  # of the oldest purchase so far; the newest is kept in DAYS
        row[INTERVAL] = days - row[DAYS]  # days between the newest and the oldest purchase


@_jit
def gather_candidates(products, digest, sources, lists, extra, blocked, sums, out):  # type: ignore[no-untyped-def]
    """Sum the neighbour lists of the history into `sums` (size, 4); returns how many candidates `out` holds.

    `lists` holds ids and weights of the three graphs: by who had both, by what came with it, by content. `blocked`
    (size,) products never become candidates. The last column of `sums` marks the candidates; who describes one clears
    its row, so that `sums` is zero before and after. `out` has room for one more than there are products.
    """
    found = 0
    for row in range(min(len(products), sources)):
        for graph in range(3):
            ids, weights = lists[graph]
            source = np.uint32(products[row])
            if source < len(ids):
                worth = digest[row, RECENT] if graph == 1 else digest[row, WEIGHT]
                found = _add_list(ids[source], weights[source], worth, graph, len(blocked), sums, out, found)
    for n in range(len(extra) + len(products)):
        found = _add(extra[n] if n < len(extra) else products[n - len(extra)], sums, out, found)
    kept = 0
    for n in range(found):
        item = np.uint32(out[n])
        if blocked[item]:
            sums[item] = 0.0
        else:
            out[kept] = item
            kept += 1
    return kept


@_jit
def _add_list(ids, weights, worth, graph, size, sums, out, found):  # type: ignore[no-untyped-def]
    for place in range(len(ids)):
        target = np.uint32(ids[place])  # unsigned: looked up without a question whether it counts from the end
        if target == 0:
            break
        if target < size:  # a live list may name products younger than the snapshot
            found = _add(target, sums, out, found)
            sums[target, graph] += worth * weights[place]
    return found


@_jit
def _add(target, sums, out, found):  # type: ignore[no-untyped-def]
    """Write a product behind the others and keep it if it is new: a branch would be foreseen wrongly too often."""
    item = np.uint32(target)
    out[found] = item
    found += sums[item, MARK] == 0.0
    sums[item, MARK] = 1.0
    return found


@_jit
def describe(sums, signals, scales, own, digest, row):  # type: ignore[no-untyped-def]
    """Fill the features `row` (15,) of one product.

    `sums` (3 or more,) is what the neighbour lists gave it; `signals` (5,) its short trend, middle trend, long
    popularity (all as logarithms), repeat rate and newness; `own` its row of the digested history, negative for none.
    """
    row[:] = 0.0
    for graph in range(3):
        if sums[graph] > 0.0:
            row[graph] = np.log(np.float32(1.0) + sums[graph] * scales[graph])  # a fourth of the time of log1p
    row[TRENDING], row[RISING], row[POPULAR], row[NEWNESS] = signals[0], signals[1], signals[2], signals[4]
    if own < 0 or digest[own, PURCHASES] == 0.0:
        row[ALIKE_TRENDING] = row[ALIKE] * row[TRENDING]
        return
    days = digest[own, DAYS]
    mean_gap = digest[own, INTERVAL] / max(digest[own, PURCHASES] - 1.0, 1.0)
    row[BOUGHT] = 1.0
    row[BOUGHT_OFTEN] = np.log(digest[own, OWN] + 0.05)
    row[BOUGHT_COUNT] = np.log1p(digest[own, PURCHASES])
    row[BOUGHT_LATELY] = np.exp(-days / 30.0)
    row[REPEAT_RATE] = np.log(signals[3] + 0.02)
    row[DUE] = min(days / mean_gap, 3.0) if mean_gap > 0.5 else 0.0
    row[BOUGHT_JUST_NOW] = np.exp(-days / 5.0)


@_jit
def fill_features(candidates, sums, signals, scales, products, digest, slot, features):  # type: ignore[no-untyped-def]
    """Describe every candidate; clears `sums` behind itself. `slot` is zero before and after."""
    for row in range(len(products)):
        slot[products[row]] = row + 1
    for n in range(len(candidates)):
        item = candidates[n]
        describe(sums[item], signals[item], scales, slot[item] - 1, digest, features[n])
        sums[item] = 0.0
    for row in range(len(products)):
        slot[products[row]] = 0
