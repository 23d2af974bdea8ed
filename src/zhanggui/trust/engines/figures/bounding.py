"""Bounds what one person can change in a table, then counts.

Adding or removing one person changes the counts of `counted` by at most `most` in all, and the sums of `summed` by at
most `most` times `most_minor` (L1 sensitivity under the person level of neighbouring; Dwork and Roth 2014, ch. 3).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from zhanggui.trust.types.figures import Longs

Mask = npt.NDArray[np.bool_]


def first_of_each(person: Longs, most: int) -> Mask:
    """The first `most` rows of each person, in the order of the rows."""
    order = np.argsort(person, kind="stable")
    ranked = person[order]
    starts = np.flatnonzero(np.r_[True, ranked[1:] != ranked[:-1]]) if len(ranked) else np.zeros(0, dtype=np.int64)
    lengths = np.diff(np.r_[starts, len(ranked)])
    rank = np.arange(len(ranked)) - np.repeat(starts, lengths)
    kept = np.zeros(len(person), dtype=bool)
    kept[order] = rank < most
    return kept


def counted(person: Longs, cell: Longs, cells: int, most: int) -> Longs:
    """(cells,) rows of each cell, at most `most` of one person in all."""
    kept = first_of_each(person, most)
    return np.bincount(cell[kept], minlength=cells).astype(np.int64)


def summed(person: Longs, cell: Longs, minor: Longs, cells: int, most: int, most_minor: int) -> Longs:
    """(cells,) amounts of each cell; of one person at most `most` rows of at most `most_minor` each."""
    kept = first_of_each(person, most)
    sums = np.zeros(cells, dtype=np.int64)
    np.add.at(sums, cell[kept], np.clip(minor[kept], 0, most_minor))
    return sums


def people(person: Longs, cell: Longs, cells: int, most: int) -> Longs:
    """(cells,) people of each cell, one person in at most `most` cells."""
    if not len(person):
        return np.zeros(cells, dtype=np.int64)
    pairs = np.unique(np.stack([person, cell]), axis=1)
    return counted(pairs[0], pairs[1], cells, most)
