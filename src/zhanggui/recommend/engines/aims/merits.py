"""What products are worth to the shop beside what shoppers want of them: their margin, and whether buyers come back."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from zhanggui.kernel.clock import DAY_MS
from zhanggui.recommend.engines.interactions import Floats, Interactions

BOUND = 1.5
"""A product is worth at most e^1.5 = 4.5 times the middle one, and at least as small a part of it."""
WINDOW_DAYS = 180.0
PRIOR_DAYS = 1_000.0
"""Days of buyers at the shop's own rate that each product is leaned on."""


def utility(worth: NDArray[np.float64]) -> Floats:
    """(size,) logarithm of worth over the middle of those known, in [-1.5, 1.5]; 0 where worth (size,) is NaN.

    Scores are log-odds of being taken, so that adding this ranks by expected worth. What is worth nothing, or less, is
    at the lower bound.
    """
    known = ~np.isnan(worth)
    found = np.zeros(len(worth), dtype=np.float32)
    if not known.any():
        return found
    middle = max(float(np.median(worth[known])), 1e-9)
    ratio = np.maximum(worth[known] / middle, np.exp(-BOUND))
    found[known] = np.minimum(np.log(ratio), BOUND)
    return found


def comeback_rates(events: Interactions) -> Floats:
    """(size,) orders a day that a product's buyers place within 180 days after they first bought it.

    A person's purchases of one session are one order. Days that are not over yet do not count, and each product
    leans on the rate of the shop; 0 everywhere in a shop without purchases.
    """
    bought = events.where(events.is_purchase)
    if len(bought) == 0:
        return np.zeros(events.size, dtype=np.float32)
    orders, first_row = np.unique(bought.session, return_index=True)
    person, at_ms = bought.person[first_row], bought.at_ms[first_row]
    by_time = np.lexsort((at_ms, person))
    person, at_ms, place = person[by_time], at_ms[by_time], np.empty(len(orders), dtype=np.int64)
    place[by_time] = np.arange(len(orders))
    end_ms = int(events.at_ms.max())
    pairs, row = np.unique(np.stack([bought.person, bought.product.astype(np.int64)]), axis=1, return_index=True)
    first = place[np.searchsorted(orders, bought.session[row])]
    until_ms = np.minimum(at_ms[first] + int(WINDOW_DAYS * DAY_MS), end_ms)
    last = _rows_until(person, at_ms, pairs[0], until_ms)
    later = np.bincount(pairs[1], weights=last - first - 1, minlength=events.size)
    days = np.bincount(pairs[1], weights=(until_ms - at_ms[first]) / DAY_MS, minlength=events.size)
    rate = later.sum() / max(float(days.sum()), 1.0)
    rates: Floats = ((later + PRIOR_DAYS * rate) / (days + PRIOR_DAYS)).astype(np.float32)
    return rates


def _rows_until(
    person: NDArray[np.int64], at_ms: NDArray[np.int64], who: NDArray[np.int64], until_ms: NDArray[np.int64]
) -> NDArray[np.int64]:
    """(n,) row after the last order of each of `who` (n,) that is not later than `until_ms` (n,)."""
    numbers, rank = np.unique(person, return_inverse=True)
    span = int(at_ms.max() - at_ms.min()) + 2
    keys = rank.astype(np.int64) * span + (at_ms - at_ms.min())
    wanted = np.searchsorted(numbers, who) * span + np.clip(until_ms - at_ms.min(), 0, span - 1)
    found: NDArray[np.int64] = np.searchsorted(keys, wanted, side="right")
    return found
