"""From scores to probabilities: how likely a shopper takes a product in their next session.

A score says only how products of one list stand to each other. Less the logarithm of the summed exponents of its list
it is the logarithm of a share; a line through it, on the scale of log odds, is a probability (Platt scaling).

Source: Platt, "Probabilistic outputs for support vector machines", 1999.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zhanggui.kernel.logistic import Doubles, fit_logistic, sigmoid

from .lessons import Lesson

BINS = 10


@dataclass(frozen=True, slots=True)
class Calibration:
    """Log odds = `slope` × log share + `intercept`."""

    slope: float
    intercept: float

    def chances(self, scores: Doubles) -> Doubles:
        """(n,) probabilities of the candidates of one list, of their scores (n,)."""
        return sigmoid(self.slope * log_shares(scores) + self.intercept)


def log_shares(scores: Doubles) -> Doubles:
    """(n,) scores of one list less the logarithm of the sum of their exponents."""
    top = scores.max(initial=-np.inf)
    shares: Doubles = scores - (top + np.log(np.exp(scores - top).sum()))
    return shares


def calibrate(lesson: Lesson, scores: Doubles) -> Calibration | None:
    """The line that fits what was taken; None where nothing or everything was."""
    shares = np.concatenate([log_shares(scores[rows]) for rows in lesson.slices()] or [np.zeros(0)])
    taken = lesson.taken.astype(np.float64)
    if not 0 < taken.sum() < len(taken):
        return None
    design = np.column_stack([shares, np.ones(len(shares))])
    start = np.array([1.0, np.log(taken.mean() / (1 - taken.mean())) - shares.mean()])
    line = fit_logistic(design, taken, start=start, around=np.zeros(2))
    return Calibration(float(line[0]), float(line[1]))


def miscalibration(lesson: Lesson, scores: Doubles, calibration: Calibration) -> float:
    """Expected calibration error: by how much chances and what happened differ, over ten bins of equal size."""
    chances = np.concatenate([calibration.chances(scores[rows]) for rows in lesson.slices()] or [np.zeros(0)])
    if len(chances) == 0:
        return 0.0
    order = np.argsort(chances, kind="stable")
    bins = np.array_split(order, BINS)
    return float(sum(abs(chances[one].sum() - lesson.taken[one].sum()) for one in bins) / len(chances))
