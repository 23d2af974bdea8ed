"""Histories as rows of equal length: what was seen, and what came next."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhanggui.recommend.engines.interactions import Floats, Interactions

Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Rows that begin at the left; their ends are filled with zeros.

    Attributes:
        seen: (rows, width) products before a moment; 0 stands for the beginning of a history.
        is_real: (rows, width) whether there is a moment.
        targets: (n,) what came next, in the order of the real places.
        weights: (n,) how much each target says.
    """

    seen: Places
    is_real: NDArray[np.bool_]
    targets: Places
    weights: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Windows:
    """Everybody's events cut into runs.

    Attributes:
        seen: (n,) the product before each event, 0 before the first.
        product: (n,) of each event.
        strength: (n,) of each event, 1 on average.
        starts: (windows,) where each run begins.
        lengths: (windows,).
    """

    seen: Places
    product: Places
    strength: Floats
    starts: Places
    lengths: Places

    @classmethod
    def of(cls, events: Interactions, width: int, rng: np.random.Generator) -> Windows:
        """Runs of at most `width`; events of one moment stand in any order."""
        order = np.lexsort((rng.random(len(events)), events.at_ms, events.person))
        product = events.product[order].astype(np.int64)
        seen = np.zeros(len(events), dtype=np.int64)
        within = events.person[1:] == events.person[:-1]
        seen[1:][within] = product[:-1][within]
        person_starts = events.person_starts()
        lengths = np.diff(person_starts)
        runs = -(-lengths // width)
        number = np.arange(runs.sum()) - np.repeat(np.cumsum(runs) - runs, runs)
        starts = np.repeat(person_starts[:-1], runs) + width * number
        ends = np.minimum(starts + width, np.repeat(person_starts[1:], runs))
        strength = events.strength[order]
        return cls(
            seen=seen,
            product=product,
            strength=strength / np.float32(max(strength.mean(), 1e-6)) if len(strength) else strength,
            starts=starts,
            lengths=ends - starts,
        )

    def batches(self, places: int, rng: np.random.Generator) -> Iterator[Batch]:
        """All runs once, in any order, runs of like length together; about `places` places a batch."""
        order = np.argsort(self.lengths + rng.random(len(self.lengths)) * 2, kind="stable")
        filled = np.cumsum(self.lengths[order])
        cuts = np.searchsorted(filled, np.arange(places, filled[-1] if len(filled) else 0, places), side="left") + 1
        parts = [part for part in np.split(order, np.unique(cuts)) if len(part)]
        for part in rng.permutation(len(parts)):
            yield self._batch(parts[part])

    def _batch(self, runs: Places) -> Batch:
        lengths = self.lengths[runs]
        place = np.arange(lengths.max())
        is_real = place < lengths[:, None]
        rows = np.where(is_real, self.starts[runs][:, None] + place, 0)
        real = rows[is_real]
        return Batch(
            seen=np.where(is_real, self.seen[rows], 0),
            is_real=is_real,
            targets=self.product[real],
            weights=self.strength[real],
        )


def ends_of_histories(histories: Interactions, people: int, width: int) -> tuple[Places, Places]:
    """(people, w) the newest products of each, w ≤ width, beginning at the left, and (people,) the place of the newest.

    A history shorter than `width` begins with 0, as in training; an empty one is that alone.
    """
    wanted = histories.where(histories.strength > 0)
    counts = np.bincount(wanted.person, minlength=people)
    ends = np.cumsum(counts)
    lengths = np.minimum(counts + 1, width)
    place = np.arange(int(lengths.max(initial=1)))
    back = lengths[:, None] - 1 - place  # 0 is the newest
    exists = (back >= 0) & (back < counts[:, None])
    rows = np.where(exists, ends[:, None] - 1 - back, 0)
    products = wanted.product.astype(np.int64) if len(wanted) else np.zeros(1, dtype=np.int64)
    return np.where(exists, products[rows], 0), lengths - 1
