"""The compiled loops of arranging: places are filled one by one, and each move is noted with the rule that made it.

Importing this module imports numba; compiled code is kept beside the module.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

_jit: Any = numba.njit(cache=True, boundscheck=False, nogil=True)

SAME_CATEGORY = 0.5
"""How alike two products of one category are at least; 1 is the same words."""
SMOOTHING = 0.01
"""Share of the shopper's own taste in what a list is taken to show: no logarithm of nothing (Steck 2018)."""


@_jit
def arrange(ids, values, bonus, kinds, strengths, content, pins, quotas, caps, resting, slot, moves, rows):  # type: ignore[no-untyped-def]
    """Fill `rows` (k,) from the ranked list; returns how many rows and how many `moves` (k, 3) there are.

    Args:
        ids: (n,) product numbers in ranked order, with `values` (n,).
        bonus: added to the values (n,), and the rule that speaks loudest in it (n,).
        kinds: category of each product (n,) from 0, and the share of each category in the shopper's taste.
        strengths: of variety and of calibration, in units of the score; and their rules.
        content: neighbour lists, ids and weights in [0, 1].
        pins: rows, places and rules (p,).
        quotas: which products count (q, n), their share of all places (q,), rules (q,).
        caps: group of each product from 0, -1 for none (c, n), at most so many of each (c,), rules (c,).
        resting: (n,) products that come only when nothing else is left, and the rule.
        slot: (size,) zero before and after.
        moves: receives from, to, rule, to be applied one after the other.
        rows: receives rows of the ranked list.
    """
    n, k = len(ids), len(rows)
    left = np.arange(n)
    likeness, gains = np.zeros(n, dtype=np.float32), np.zeros(len(kinds[1]), dtype=np.float32)
    shown, had = np.zeros(len(gains), dtype=np.int64), np.zeros(len(quotas[1]), dtype=np.int64)
    counts = np.zeros((len(caps[1]), n), dtype=np.int64)
    reserved = _reserved(n, k, pins)
    for kind in range(len(gains)):
        gains[kind] = _gain(kinds[1][kind], 0, k)
    for row in range(n):
        slot[ids[row]] = row + 1
    filled, moved = 0, 0
    while filled < min(k, n):
        terms = (values, bonus[0], likeness, gains, kinds[0], strengths[0], strengths[1])
        row, rule = _pick(filled, left[: n - filled], terms, pins, quotas, had, caps, counts, resting[0], reserved)
        if row < 0:
            break
        if row != left[0]:
            if rule < 0:
                rule = _named(row, left[0], terms, bonus[1], strengths, pins, caps, counts, resting, reserved)
            moves[moved, 0], moves[moved, 1], moves[moved, 2] = _take(left, n - filled, row) + filled, filled, rule
            moved += 1
        else:
            _take(left, n - filled, row)
        rows[filled] = row
        filled += 1
        reserved[row] = -1
        _note(row, quotas, had, caps, counts, shown, kinds, gains, k)
        _liken(row, ids, kinds[0], content, slot, likeness)
    for row in range(n):
        slot[ids[row]] = 0
    return filled, moved


@_jit
def add_lift(counted, given, rule, total, loudest, rules):  # type: ignore[no-untyped-def]
    """Add `given` to the `total` (n,) of what counts, and its `rule` to `rules` (n,) where none spoke as loud."""
    for row in range(len(counted)):
        if counted[row]:
            total[row] += given
            if abs(given) > loudest[row]:
                rules[row], loudest[row] = rule, abs(given)


@_jit
def unmet(ids, own, category, created_ms, since_ms):  # type: ignore[no-untyped-def]
    """Which of `ids` (n,) somebody never met: none of `own`, and young or of a category of none of these.

    `category` (size,) numbers categories from 1, 0 for none. Young is what came after `since_ms`, as is what
    `created_ms`, which may be shorter, does not reach.
    """
    groups = 0
    for n in range(len(own)):
        groups = max(groups, category[own[n]])
    is_own, is_known = np.zeros(len(category), dtype=np.bool_), np.zeros(groups + 1, dtype=np.bool_)
    for n in range(len(own)):
        is_own[own[n]] = is_known[category[own[n]]] = True
    found = np.empty(len(ids), dtype=np.bool_)
    for n in range(len(ids)):
        item = ids[n]
        group = category[item]
        is_other = group == 0 or group > groups or not is_known[group]
        found[n] = not is_own[item] and (is_other or item >= len(created_ms) or created_ms[item] > since_ms)
    return found


@_jit
def number_groups(groups, least, numbers):  # type: ignore[no-untyped-def]
    """Give groups above `least` small numbers from `least + 1` on, in order of appearance; others keep theirs.

    Returns the largest number given + 1.
    """
    size = 8
    while size < 2 * len(groups):
        size *= 2
    table = np.full((size, 2), -1, dtype=np.int64)
    following = least + 1
    for row in range(len(groups)):
        group = groups[row]
        if group <= least:
            numbers[row] = group
            continue
        place = (group * 2654435761) & (size - 1)
        while table[place, 0] >= 0 and table[place, 0] != group:
            place = (place + 1) & (size - 1)
        if table[place, 0] < 0:
            table[place, 0], table[place, 1] = group, following
            following += 1
        numbers[row] = table[place, 1]
    return following


@_jit
def _reserved(n, k, pins):  # type: ignore[no-untyped-def]
    """(n,) the pin that keeps a product for its place, -1 for none."""
    reserved = np.full(n, -1, dtype=np.int64)
    for pin in range(len(pins[0])):
        if pins[1][pin] < k:
            reserved[pins[0][pin]] = pin
    return reserved


@_jit
def _take(left, count, row):  # type: ignore[no-untyped-def]
    """Take a row out of those that are left; returns the place where it stood."""
    place = 0
    while left[place] != row:
        place += 1
    for at in range(place, count - 1):
        left[at] = left[at + 1]
    return place


@_jit
def _pick(place, left, terms, pins, quotas, had, caps, counts, resting, reserved):  # type: ignore[no-untyped-def]
    """The row for a place and the rule that forces it; -1 for the free choice of the best, row -1 for none."""
    pin = _pin_of(place, pins, reserved)
    if pin >= 0:
        return pins[0][pin], pins[2][pin]
    best = _best(left, terms, quotas[0], -1, caps, counts, resting, reserved)
    for quota in range(len(had)):
        is_due = np.floor((place + 1) * quotas[1][quota] + 1e-6) > had[quota]
        if is_due and (best < 0 or not quotas[0][quota, best]):
            row = _best(left, terms, quotas[0], quota, caps, counts, resting, reserved)
            if row >= 0:
                return row, quotas[2][quota]
    if best < 0:
        return _first_reserved(left, reserved, pins)
    return best, -1


@_jit
def _pin_of(place, pins, reserved):  # type: ignore[no-untyped-def]
    for pin in range(len(pins[0])):
        if pins[1][pin] == place and reserved[pins[0][pin]] >= 0:
            return pin
    return -1


@_jit
def _first_reserved(left, reserved, pins):  # type: ignore[no-untyped-def]
    """What a pin keeps for a place that the list is too short for: it comes now."""
    for row in left:
        if reserved[row] >= 0:
            return row, pins[2][reserved[row]]
    return -1, -1


@_jit
def _best(left, terms, counted, quota, caps, counts, resting, reserved):  # type: ignore[no-untyped-def]
    """The best free row, of equal ones the earlier; resting ones only where there is no other."""
    best, best_worth = -1, np.float32(0.0)
    for row in left:
        if reserved[row] >= 0 or (quota >= 0 and not counted[quota, row]) or _cap_of(row, caps, counts) >= 0:
            continue
        worth = _worth(row, terms)
        is_first = best < 0 or (resting[best] and not resting[row])
        if is_first or (worth > best_worth and resting[row] == resting[best]):
            best, best_worth = row, worth
    return best


@_jit
def _worth(row, terms):  # type: ignore[no-untyped-def]
    values, bonus, likeness, gains, kind, variety, calibration = terms
    return values[row] + bonus[row] - variety * likeness[row] + calibration * gains[kind[row]]


@_jit
def _cap_of(row, caps, counts):  # type: ignore[no-untyped-def]
    """The cap that keeps a row out now, -1 for none."""
    for cap in range(len(caps[1])):
        group = caps[0][cap, row]
        if group >= 0 and counts[cap, group] >= caps[1][cap]:
            return cap
    return -1


@_jit
def _named(row, head, terms, bonus_rule, strengths, pins, caps, counts, resting, reserved):  # type: ignore[no-untyped-def]
    """The rule by which `row` passed `head`, which stood before it: what held `head` back, else the largest term."""
    if reserved[head] >= 0:
        return pins[2][reserved[head]]
    cap = _cap_of(head, caps, counts)
    if cap >= 0:
        return caps[2][cap]
    if resting[0][head] and not resting[0][row]:
        return resting[1]
    _, bonus, likeness, gains, kind, variety, calibration = terms
    by_bonus = bonus[row] - bonus[head]
    by_variety = variety * (likeness[head] - likeness[row])
    by_taste = calibration * (gains[kind[row]] - gains[kind[head]])
    if by_bonus >= by_variety and by_bonus >= by_taste:
        return bonus_rule[row] if bonus[row] >= -bonus[head] else bonus_rule[head]
    return strengths[2] if by_variety >= by_taste else strengths[3]


@_jit
def _note(row, quotas, had, caps, counts, shown, kinds, gains, k):  # type: ignore[no-untyped-def]
    for quota in range(len(had)):
        had[quota] += quotas[0][quota, row]
    for cap in range(len(caps[1])):
        if caps[0][cap, row] >= 0:
            counts[cap, caps[0][cap, row]] += 1
    kind = kinds[0][row]
    shown[kind] += 1
    gains[kind] = _gain(kinds[1][kind], shown[kind], k)


@_jit
def _gain(taste, shown, k):  # type: ignore[no-untyped-def]
    """What one more of a category brings the list nearer to the taste: the fall of its term of KL(taste || list)."""
    if taste <= 0.0:
        return np.float32(0.0)
    floor = SMOOTHING * taste
    step = (1.0 - SMOOTHING) / k
    return np.float32(taste * np.log((step * (shown + 1) + floor) / (step * shown + floor)))


@_jit
def _liken(row, ids, kind, content, slot, likeness):  # type: ignore[no-untyped-def]
    """Note how alike every product is to what was chosen last, where that is more than before."""
    for other in range(len(ids)):
        if kind[other] == kind[row] and kind[row] > 0:
            likeness[other] = max(likeness[other], np.float32(SAME_CATEGORY))
    near, weights = content
    if ids[row] >= len(near):
        return
    for place in range(near.shape[1]):
        target = near[ids[row], place]
        if target == 0:
            break
        if target < len(slot) and slot[target] > 0:
            at = slot[target] - 1
            likeness[at] = max(likeness[at], min(weights[ids[row], place], np.float32(1.0)))
