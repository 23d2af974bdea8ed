"""How served lists were taken up, and whether behaviour drifts: plain counts and two named tests. Pure.

Sources: the population stability index with its expectation under no change, Yurdakul, "Statistical Properties of
Population Stability Index", Western Michigan University, 2018; the two-proportion z test, Fleiss, Levin and Paik,
"Statistical Methods for Rates and Proportions", 2003.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zhanggui.kernel.clock import DAY_MS

from .interactions import Ints

WITHIN_MS = DAY_MS
"""An act counts for a list when it comes within a day after it."""
PSI_LIMIT = 0.25
"""Shares that moved by more than what is usually called a major shift, beyond what chance alone would show."""
LEAST_EVENTS = 200
Z_LIMIT = 2.58
"""A fall that chance alone shows in one of 200 weeks."""
LEAST_FALL = 0.1
LEAST_LISTS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Served lists, product by product: columns of equal length.

    Attributes:
        list: number of the list from 0, ascending.
        person: who saw it.
        product: what was shown.
        at_ms: when.
    """

    list: Ints
    person: Ints
    product: Ints
    at_ms: Ints


def taken_up(shown: Shown, lists: int, person: Ints, product: Ints, at_ms: Ints) -> NDArray[np.bool_]:
    """(lists,) whether its shopper did one of these acts with one of its products within a day after it.

    Args:
        shown: the lists.
        lists: how many there are.
        person: of the acts, any order.
        product: of the acts.
        at_ms: of the acts.
    """
    found = np.zeros(lists, dtype=np.bool_)
    found[shown.list[places_taken(shown, person, product, at_ms)]] = True
    return found


def places_taken(
    shown: Shown, person: Ints, product: Ints, at_ms: Ints, within_ms: int = WITHIN_MS
) -> NDArray[np.bool_]:
    """(rows of `shown`,) whether its shopper did one of these acts with that very product within a time after it."""
    if len(person) == 0 or len(shown.person) == 0:
        return np.zeros(len(shown.person), dtype=np.bool_)
    pairs = np.concatenate([_pair(shown.person, shown.product), _pair(person, product)])
    number = np.unique(pairs, return_inverse=True)[1].astype(np.int64)
    first_ms = min(int(shown.at_ms.min()), int(at_ms.min()))
    span = max(int(shown.at_ms.max()), int(at_ms.max())) - first_ms + within_ms + 2
    places = number[: len(shown.person)] * span + (shown.at_ms - first_ms)
    acts = np.sort(number[len(shown.person) :] * span + (at_ms - first_ms))
    nearest = np.searchsorted(acts, places, side="right")
    is_there: NDArray[np.bool_] = nearest < len(acts)
    is_there[is_there] = acts[nearest[is_there]] <= places[is_there] + within_ms
    return is_there


def stability(before: NDArray[Any], now: NDArray[Any]) -> float:
    """Population stability index of two vectors of counts (n,), less what chance alone is expected to show; 0 or more.

    Half an event is added to each count, so that a category which came or went counts and does not count for ever.
    Empty categories of both are left out.
    """
    used = (before + now) > 0
    before, now = before[used].astype(np.float64), now[used].astype(np.float64)
    if len(before) < 2 or before.sum() == 0 or now.sum() == 0:
        return 0.0
    chance = (len(before) - 1) * (1 / before.sum() + 1 / now.sum())
    p, q = before + 0.5, now + 0.5
    p, q = p / p.sum(), q / q.sum()
    return max(float(((q - p) * np.log(q / p)).sum() - chance), 0.0)


def fall(hits_before: int, of_before: int, hits_now: int, of_now: int) -> float:
    """How many standard errors a share has fallen by; negative where it rose, 0 where nothing can be said."""
    if not of_before or not of_now:
        return 0.0
    whole = (hits_before + hits_now) / (of_before + of_now)
    error: float = math.sqrt(whole * (1 - whole) * (1 / of_before + 1 / of_now))
    return (hits_before / of_before - hits_now / of_now) / error if error else 0.0


def has_drifted(before: NDArray[Any], now: NDArray[Any]) -> bool:
    """Whether events moved between categories: at least 200 on both sides, and a major shift beyond chance."""
    return min(int(before.sum()), int(now.sum())) >= LEAST_EVENTS and stability(before, now) > PSI_LIMIT


def has_fallen(hits_before: int, of_before: int, hits_now: int, of_now: int) -> bool:
    """Whether a share fell by a tenth or more, and by more than chance shows; at least 100 lists on both sides."""
    if min(of_before, of_now) < LEAST_LISTS:
        return False
    is_large = hits_now / of_now <= (1 - LEAST_FALL) * hits_before / of_before
    return is_large and fall(hits_before, of_before, hits_now, of_now) > Z_LIMIT


def _pair(person: Ints, product: Ints) -> Ints:
    return person.astype(np.int64) * 2**31 + product
