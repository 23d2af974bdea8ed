"""The compiled loops of one answer: digest a history, gather candidates, score them, split a score into evidence.

Importing this module imports numba; compiled code is kept beside the module.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

_jit: Any = numba.njit(cache=True, nogil=True, boundscheck=False)

# Columns of a digested history.
WEIGHT, RECENT, OWN, OWN_LAST, DAYS, INTERVAL, PURCHASES = range(7)
# Columns of a candidate's features; `blend.FEATURES` names them.
GAP_MS = 1_800_000
DAY_MS = 86_400_000.0


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
def gather_candidates(products, digest, sources, together, recent, content, extra, blocked, scratch, slot, out):  # type: ignore[no-untyped-def]
    """Sum the neighbour lists of the history into `scratch` (size, 3); returns how many candidates `out` holds.

    `blocked` (size,) products never become candidates. `slot` (size,) is zero before and after.
    """
    found = 0
    for row in range(min(len(products), sources)):
        source = products[row]
        for graph in range(3):
            ids, weights = (together, recent, content)[graph]
            if source >= len(ids):
                continue
            worth = digest[row, RECENT] if graph == 1 else digest[row, WEIGHT]
            found = _add_list(ids[source], weights[source], worth, graph, blocked, scratch, slot, out, found)
    for n in range(len(extra) + len(products)):
        target = extra[n] if n < len(extra) else products[n - len(extra)]
        if slot[target] == 0 and not blocked[target]:
            slot[target] = 1
            out[found] = target
            found += 1
    for n in range(found):
        slot[out[n]] = 0
    return found


@_jit
def _add_list(ids, weights, worth, graph, blocked, scratch, slot, out, found):  # type: ignore[no-untyped-def]
    for place in range(len(ids)):
        target = ids[place]
        if target == 0:
            break
        if target >= len(blocked) or blocked[target]:  # a live list may name products younger than the snapshot
            continue
        if slot[target] == 0:
            slot[target] = 1
            out[found] = target
            found += 1
        scratch[target, graph] += worth * weights[place]
    return found


@_jit
def fill_features(candidates, scratch, signals, scales, features):  # type: ignore[no-untyped-def]
    """The features that need no ownership; clears `scratch` behind itself.

    `signals` (size, 5): short trend, middle trend, long popularity (all as logarithms), repeat rate, newness.
    """
    for n in range(len(candidates)):
        item = candidates[n]
        features[n, :] = 0.0
        for graph in range(3):
            if scratch[item, graph] > 0.0:
                features[n, graph] = np.log1p(scratch[item, graph] * scales[graph])
            scratch[item, graph] = 0.0
        for signal in range(3):
            features[n, 3 + signal] = signals[item, signal]
        features[n, 6] = signals[item, 4]
        features[n, 14] = features[n, 0] * features[n, 3]


@_jit
def fill_ownership(candidates, products, digest, signals, slot, features):  # type: ignore[no-untyped-def]
    """The features of products that the shopper bought before. `slot` is zero before and after."""
    for row in range(len(products)):
        slot[products[row]] = row + 1
    for n in range(len(candidates)):
        row = slot[candidates[n]] - 1
        if row < 0 or digest[row, PURCHASES] == 0.0:
            continue
        repeat = signals[candidates[n], 3]
        days = digest[row, DAYS]
        mean_gap = digest[row, INTERVAL] / max(digest[row, PURCHASES] - 1.0, 1.0)
        features[n, 7] = 1.0
        features[n, 8] = np.log(digest[row, OWN] + 0.05)
        features[n, 9] = np.log1p(digest[row, PURCHASES])
        features[n, 10] = np.exp(-days / 30.0)
        features[n, 11] = np.log(repeat + 0.02)
        features[n, 12] = min(days / mean_gap, 3.0) if mean_gap > 0.5 else 0.0
        features[n, 13] = np.exp(-days / 5.0)
        features[n, 14] = 0.0
    for row in range(len(products)):
        slot[products[row]] = 0


@_jit
def split_evidence(winners, products, digest, sources, together, recent, content, slot, parts):  # type: ignore[no-untyped-def]
    """Fill `parts` (winners, rows, 3) with what each product of the history added to each winner's sums."""
    for n in range(len(winners)):
        slot[winners[n]] = n + 1
    for row in range(min(len(products), sources)):
        source = products[row]
        for graph in range(3):
            ids, weights = (together, recent, content)[graph]
            if source >= len(ids):
                continue
            worth = digest[row, RECENT] if graph == 1 else digest[row, WEIGHT]
            _note_list(ids[source], weights[source], worth, row, graph, slot, parts)
    for n in range(len(winners)):
        slot[winners[n]] = 0


@_jit
def _note_list(ids, weights, worth, row, graph, slot, parts):  # type: ignore[no-untyped-def]
    for place in range(len(ids)):
        if ids[place] == 0:
            break
        if ids[place] < len(slot) and slot[ids[place]] > 0:
            parts[slot[ids[place]] - 1, row, graph] = worth * weights[place]


@_jit
def arrange(candidates, scores, head, penalty, category, balance, counts):  # type: ignore[no-untyped-def]
    """Discounted scores, in the order of `candidates`: later products of a category give way to other categories.

    `head` names the rows with the best scores, in order; all others come after them. The discount depends on the
    scores alone, not on `penalty`, so that lowering a chip can never raise a product that has it. `counts` is zero
    before and after.
    """
    arranged = scores.copy()
    discounted = np.zeros(len(scores), dtype=np.bool_)
    for place in range(len(head)):
        n = head[place]
        group = category[candidates[n]]
        discounted[n] = True
        if group > 0:
            arranged[n] -= balance * np.log1p(counts[group])
            counts[group] += np.float32(1.0)
    for n in range(len(candidates)):
        group = category[candidates[n]]
        if group > 0 and not discounted[n] and counts[group] > 0.0:
            arranged[n] -= balance * np.log1p(counts[group])
        arranged[n] -= penalty[candidates[n]]
    for place in range(len(head)):
        counts[category[candidates[head[place]]]] = 0.0
    return arranged
