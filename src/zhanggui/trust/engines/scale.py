"""Where an estimate and its interval lie on a drawn axis with round ticks."""

from __future__ import annotations

import math
from dataclasses import dataclass

STEPS = (1, 2, 5, 10)
WANTED = 4
MARGIN = 0.08
"""Room on either side, as a share of what is drawn, so that no label stands beyond the edge."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Places in percent of the axis. `ticks` are (place, value)."""

    low: float
    mid: float
    high: float
    zero: float
    ticks: tuple[tuple[float, int], ...]


def scale(low: int, mid: int, high: int) -> Scale:
    """An axis that holds the interval and zero.

    Args:
        low: end of the interval; low <= mid <= high, in any unit.
        mid: the estimate.
        high: the other end.
    """
    least, most = min(low, 0), max(high, 0)
    step = _round_step(max(most - least, 1) / WANTED)
    first, last = math.floor(least / step), math.ceil(most / step)
    start, end = first * step, max(last, first + 1) * step
    span = (end - start) * (1 + 2 * MARGIN)

    def place(value: int) -> float:
        return round(100 * ((value - start) / span + MARGIN / (1 + 2 * MARGIN)), 1)

    ticks = tuple((place(n * step), n * step) for n in range(first, max(last, first + 1) + 1))
    return Scale(place(low), place(mid), place(high), place(0), ticks)


def _round_step(rough: float) -> int:
    size = int(10 ** math.floor(math.log10(max(rough, 1))))
    return next(step * size for step in STEPS if step * size >= rough)
