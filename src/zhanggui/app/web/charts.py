"""The geometry of a drawn chart: round ticks, and paths in a box of 100 by 100 that stretches. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence

STEPS = (1, 2, 2.5, 5, 10)
WANTED = 3


def ticks(most: float) -> tuple[float, ...]:
    """From zero up to a round figure at or above `most`: three to five of them, one step apart."""
    rough = max(most, 1) / WANTED
    size = 10 ** math.floor(math.log10(rough))
    step = next(step * size for step in STEPS if step * size >= rough * (1 - 1e-9))
    return tuple(n * step for n in range(math.ceil(max(most, 1) / step - 1e-9) + 1))


def line(xs: Sequence[float], values: Sequence[float], top: float) -> str:
    """The path of a line; `xs` in percent of the width, `values` from 0 to `top`. Empty for no points."""
    points = [f"{x:.1f} {_down(value, top):.1f}" for x, value in zip(xs, values, strict=True)]
    return f"M{'L'.join(points)}" if points else ""


def band(xs: Sequence[float], low: Sequence[float], high: Sequence[float], top: float) -> str:
    """The closed path between two lines."""
    there = line(xs, low, top)
    back = line(list(reversed(xs)), list(reversed(high)), top).replace("M", "L", 1)
    return f"{there}{back}Z" if there else ""


def _down(value: float, top: float) -> float:
    return 100 - 100 * min(max(value / top, 0), 1)
