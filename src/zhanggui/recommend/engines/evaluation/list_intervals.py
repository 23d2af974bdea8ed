"""How sure figures of lists are: people drawn again and again, all lists of one person together.

Novelty and diversity are means over lists: their intervals are those of the draws. The Gini of exposure is none, and of
fewer different people it is a little higher: its interval is the figure with 1.96 times the spread of the draws. The
coverage has none: it counts who was shown at all, which fewer different people always makes less, so that drawing says
nothing of how it varies.

Source: Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, chapters 6 and 13.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from zhanggui.recommend.engines.interactions import Ints

from .intervals import drawn
from .tasks import Products
from .variety import gini, rarities, some, unlikeness

DRAWS = 200
_AT_ONCE = 20  # draws whose exposure is held at a time
Interval = tuple[float, float]


def list_intervals(
    tops: Products, owners: Ints, *, wanted_by: Ints, people: int, vectors: Any, seed: int
) -> dict[str, Interval]:
    """95 % intervals of `gini`, `novelty` and `diversity` of `variety`; one that means nothing is left out.

    Args:
        tops: (cases, k) products shown, 0 where there is none.
        owners: (cases,) whom each list is for.
        wanted_by: (size,) people who wanted a product.
        people: people who were counted.
        vectors: what makes products alike, as for `variety`.
        seed: equal seeds draw the same people for every model.
    """
    _, who = np.unique(owners, return_inverse=True)
    persons = int(who.max(initial=-1)) + 1
    if persons < 2:
        return {}
    times = drawn(np.random.default_rng(seed), persons, DRAWS)
    bits = np.where(tops > 0, rarities(wanted_by, people)[tops], 0.0).sum(axis=1)
    chosen = some(tops, vectors)
    unlike = unlikeness(tops[chosen], vectors)
    is_known = np.isfinite(unlike)
    whose = who[chosen][is_known]
    found = {
        "gini": _exposure(tops, who, times, len(wanted_by)),
        "novelty": _mean(times, _each(who, bits, persons), _each(who, (tops > 0).sum(axis=1), persons)),
        "diversity": _mean(times, _each(whose, unlike[is_known], persons), _each(whose, np.ones(len(whose)), persons)),
    }
    return {name: interval for name, interval in found.items() if interval is not None}


def _each(who: Ints, values: NDArray[Any], persons: int) -> NDArray[np.float64]:
    """(persons,) the sum of each one's values."""
    return np.bincount(who, values, persons).astype(np.float64)


def _mean(times: NDArray[np.float64], sums: NDArray[np.float64], counts: NDArray[np.float64]) -> Interval | None:
    """Of a sum over a count, each person's with how often they are drawn."""
    drawn = times @ counts
    if not (drawn > 0).any():
        return None
    low, high = np.quantile((times @ sums)[drawn > 0] / drawn[drawn > 0], (0.025, 0.975))
    return float(low), float(high)


def _exposure(tops: Products, who: Ints, times: NDArray[np.float64], size: int) -> Interval | None:
    import scipy.sparse

    cases, places = np.nonzero(tops)
    if not len(cases):
        return None
    cells = (np.ones(len(cases)), (tops[cases, places], who[cases]))
    shown = scipy.sparse.csr_matrix(cells, shape=(size, times.shape[1]))
    drawn = [
        gini(counts)
        for start in range(0, len(times), _AT_ONCE)
        for counts in np.asarray(shown @ times[start : start + _AT_ONCE].T)[1:].T
    ]
    value, reach = gini(np.asarray(shown.sum(axis=1)).ravel()[1:]), 1.96 * float(np.std(drawn))
    return max(value - reach, 0.0), min(value + reach, 1.0)
