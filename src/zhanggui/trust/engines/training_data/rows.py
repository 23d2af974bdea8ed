"""Rows that look like manipulation, that came twice, or that come from the future. Pure.

No address of a device is kept, so a source is a person: one who says very much of one product, few who say very much
within an hour, newcomers who come on one day to speak against one product. Shapes after Mehta and Nejdl, "Unsupervised
strategies for shilling detection", User Modeling and User-Adapted Interaction 19, 2009; the limits are ours.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from zhanggui.kernel.clock import DAY_MS, HOUR_MS
from zhanggui.kernel.datasheets import TrainingData

Bools = npt.NDArray[np.bool_]
Longs = npt.NDArray[np.int64]
ONE_SOURCE_ROWS, ONE_SOURCE_SHARE = 100, 0.5
"""One person's rows of one product, and their share of all that is said of it."""
BURST_ROWS, BURST_EACH = 100, 20
"""Rows of one product within an hour, and rows for each person who made them."""
OUTLYING_ROWS, FAR_OUT = 500, 3.0
"""One person's rows of a day, and by how many spreads of the middle half of all such days they lie above it."""
BOMB_ROWS, BOMB_FRESH = 30, 0.8
"""Rows against one product on one day, and the share of them by people who had never come before that day."""


def duplicates(data: TrainingData) -> Bools:
    """(n,) rows that say what the row before says: the same person, product, moment and strength."""
    found = np.zeros(len(data.person), dtype=np.bool_)
    columns = (data.person, data.product, data.at_ms, data.strength)
    found[1:] = np.logical_and.reduce([column[1:] == column[:-1] for column in columns])
    return found


def future(data: TrainingData, now_ms: int) -> Bools:
    """(n,) rows of a moment that is yet to come: learning from them would be knowing what nobody knows."""
    return np.asarray(data.at_ms > now_ms, dtype=np.bool_)


def one_source(data: TrainingData) -> Bools:
    """(n,) rows by which one person makes most of what is said of a product; a search is about none (0)."""
    pair, counts = _counted(data.person, data.product)
    of_product = np.bincount(data.product)
    mine = counts[pair]
    found: Bools = (mine >= ONE_SOURCE_ROWS) & (mine >= ONE_SOURCE_SHARE * of_product[data.product])
    return found & (data.product > 0)


def bursts(data: TrainingData) -> Bools:
    """(n,) rows of an hour in which very few people said very much of one product."""
    cell, counts = _counted(data.product, data.at_ms // HOUR_MS)
    busy = (data.product > 0) & (counts[cell] >= BURST_ROWS)
    if not busy.any():
        return busy
    pairs = np.unique(np.stack([cell[busy], data.person[busy]]), axis=1)
    people = np.bincount(pairs[0], minlength=len(counts))
    found: Bools = busy & (counts[cell] >= BURST_EACH * np.maximum(people[cell], 1))
    return found


def outliers(data: TrainingData) -> Bools:
    """(n,) rows of a day on which one person did far more than anybody does in a day, as programs do.

    Far out by Tukey's fences on the logarithm of rows a day: the upper quartile and three times the middle spread.
    """
    cell, counts = _counted(data.person, data.at_ms // DAY_MS)
    if int(counts.max(initial=0)) < OUTLYING_ROWS:
        return np.zeros(len(data.person), dtype=np.bool_)
    low, high = np.quantile(np.log(counts), (0.25, 0.75))
    fence = max(float(OUTLYING_ROWS), float(np.exp(high + FAR_OUT * (high - low))))
    found: Bools = counts[cell] > fence
    return found


def bombing(data: TrainingData) -> Bools:
    """(n,) rows by which many who never came before speak against one product on one day."""
    against = (data.strength < 0) & (data.product > 0)
    found = np.zeros(len(data.person), dtype=np.bool_)
    if int(against.sum()) < BOMB_ROWS:
        return found
    opens = np.flatnonzero(np.diff(data.person, prepend=data.person[0] - 1))
    first_day = np.repeat(data.at_ms[opens] // DAY_MS, np.diff(opens, append=len(data.person)))
    day = data.at_ms[against] // DAY_MS
    cell, counts = _counted(data.product[against], day)
    fresh = np.bincount(cell, weights=first_day[against] == day, minlength=len(counts))
    found[against] = (counts[cell] >= BOMB_ROWS) & (fresh[cell] >= BOMB_FRESH * counts[cell])
    return found


def most_of(data: TrainingData, rows: Bools, most: int = 5) -> tuple[str, ...]:
    """The products that most of these rows are about."""
    numbers, counts = np.unique(data.product[rows], return_counts=True)
    best = np.lexsort((numbers, -counts))[:most]
    return tuple(data.names.get(int(number), "") for number in numbers[best])


def _counted(first: npt.NDArray[np.int64], second: npt.NDArray[np.int64]) -> tuple[Longs, Longs]:
    """((n,) number of each row's pair, (pairs,) rows of it)."""
    if not len(first):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    low = int(second.min())
    key = first.astype(np.int64) * (int(second.max()) - low + 1) + (second.astype(np.int64) - low)
    _, place, counts = np.unique(key, return_inverse=True, return_counts=True)
    return place.astype(np.int64), counts.astype(np.int64)
