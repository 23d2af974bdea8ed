"""The step line of a price: figures for the drawing, nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from .pricing import Step

LOWEST, HIGHEST = 80.0, 25.0
"""Where the lowest and the highest price are drawn, in percent from the top."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A price written beside the line; in percent from the left and the top."""

    x: float
    y: float
    price_minor: int
    is_last: bool


@dataclass(frozen=True, slots=True)
class Plot:
    """A step line in a box of 100 × 100."""

    line: str
    area: str
    marks: tuple[Mark, ...]
    lowest_minor: int
    since: datetime


def plotted(steps: Sequence[Step], now: datetime) -> Plot:
    """Draw the steps from the first one's moment until now."""
    since = steps[0].at
    span = max((now - since).total_seconds(), 1.0)
    prices = [step.price_minor for step in steps]
    low, high = min(prices), max(prices)
    scale = (LOWEST - HIGHEST) / (high - low) if high > low else 0.0
    xs = [(step.at - since).total_seconds() / span * 100 for step in steps] + [100.0]
    ys = [LOWEST - (price - low) * scale for price in prices]
    points = [(x, y) for n, y in enumerate(ys) for x in (xs[n], xs[n + 1])]
    line = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    marks = [Mark(100.0, ys[-1], prices[-1], is_last=True)]
    if low < prices[-1]:
        n = prices.index(low)
        marks.append(Mark((xs[n] + xs[n + 1]) / 2, ys[n] + 14, low, is_last=False))
    return Plot(line, f"{line}L100 100L0 100Z", tuple(marks), low, since)
