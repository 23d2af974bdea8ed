"""Which products of a noisy table are named: those that stand out of what noise alone reaches.

Looking only at noisy figures costs no budget (post-processing: Dwork and Roth 2014, prop. 2.1).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence

from zhanggui.trust.types.figures import FigureRow

_MISTAKES = 0.05


def least_told(scale: float, cells: int) -> int:
    """The figure that none of so many empty cells reaches by noise alone, in 95 of 100 tables; 0 without noise.

    One cell's noise exceeds t with a chance of at most e^(-t / scale) / 2; those of all cells add up (union bound).
    """
    return math.ceil(scale * math.log(cells / (2 * _MISTAKES))) if cells and scale else 0


def top_of_each(rows: Sequence[FigureRow], least: int, most: int) -> tuple[FigureRow, ...]:
    """Of each group at most `most` rows, the largest first, none below `least`, none withheld; groups as they came."""
    groups: dict[tuple[str, str], list[FigureRow]] = defaultdict(list)
    for row in rows:
        own = groups[row.group, row.group_of]
        if row.value is not None and row.value >= max(least, 1):
            own.append(row)
    ranked = (sorted(own, key=lambda row: -(row.value or 0))[:most] for own in groups.values())
    return tuple(row for own in ranked for row in own)
