"""What a decision is worth: the expected gain times the chance that there is a gain at all."""

from __future__ import annotations

import math

Z_80 = 1.2815515655446004
"""Standard deviations on either side of the mean that hold 80% of a normal distribution."""


def worth(amount: int | None, low: int | None, high: int | None) -> float:
    """Money times confidence, in the unit of `amount`; 0 where nobody could estimate.

    The interval holds 80%, and the estimate is taken as normal around its amount. A loss avoided counts as a gain.
    """
    if amount is None or low is None or high is None:
        return 0.0
    spread = (high - low) / (2 * Z_80)
    size = abs(amount)
    chance = 1.0 if spread == 0 else 0.5 * (1 + math.erf(size / spread / math.sqrt(2)))
    return size * chance
