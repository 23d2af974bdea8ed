"""The logistic function, and the weights by which it says best what happened. Pure.

Source: Newton's method on the convex loss of logistic regression, as in Hastie, Tibshirani and Friedman, "The Elements
of Statistical Learning", 2009, section 4.4.1, with a small ridge.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Doubles = NDArray[np.float64]
RIDGE = 1e-3
"""Keeps weights from flying off where the design parts the two cases altogether."""
ROUNDS = 50
LONGEST_STEP = 2.0


def sigmoid(values: Doubles) -> Doubles:
    """1 / (1 + exp(-value)) of each value, whatever its size."""
    chances: Doubles = 1.0 / (1.0 + np.exp(-np.clip(values, -50, 50)))
    return chances


def fit_logistic(design: Doubles, came: NDArray[Any], *, start: Doubles, around: Doubles) -> Doubles:
    """(d,) weights of the columns of `design` (n, d) whose sigmoid says best what came true.

    Args:
        design: one row a case; for an intercept, a column of ones.
        came: (n,) whether it came true, as truth values or 0 and 1.
        start: (d,) where the search begins.
        around: (d,) what the ridge holds the weights near to.
    """
    weights = start.copy()
    for _ in range(ROUNDS):
        chance = sigmoid(design @ weights)
        slope = design.T @ (chance - came) + RIDGE * (weights - around)
        bend = (design * (chance * (1 - chance))[:, None]).T @ design + RIDGE * np.eye(len(weights))
        step = np.linalg.solve(bend, slope)
        size = float(np.abs(step).max())
        weights = weights - step * min(1.0, LONGEST_STEP / max(size, 1e-9))
        if size < 1e-9:
            break
    return weights
