"""Four decimal places, as all shares and strengths of a profile are told."""

from __future__ import annotations

from math import floor


def four(value: float) -> float:
    """A value at or above 0 to four places. `round` looks for the nearest decimal digit by digit: twice the time."""
    return floor(value * 10_000.0 + 0.5) / 10_000.0
