"""How sure a figure is: bootstrap over people, the same draws for every model, so that differences are paired.

Source: Efron and Tibshirani, "An Introduction to the Bootstrap", 1993; cases of one person are drawn together, since
they are alike (Field and Welsh, "Bootstrapping clustered data", 2007, doi:10.1111/j.1467-9868.2007.00593.x).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhanggui.recommend.engines.interactions import Ints

DRAWS = 1000
_MOST_CELLS = 100_000_000  # draws × people: some seconds
_CELLS_AT_ONCE = 2_000_000
_LEAST_DRAWS = 200
_POWER_80 = 2.8
"""1.96 + 0.84 standard errors: what a two-sided test at 5 % sees four times in five."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A mean over cases and where 95 of 100 such samples of people would put it."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One model less another, on the same draws of people.

    Attributes:
        value: difference of the means.
        low: lower end of its 95 % interval.
        high: upper end.
        p_better: share of draws in which it is above 0, ties half.
        detectable: the smallest difference that so many people would show four times in five (5 %, two-sided).
    """

    value: float
    low: float
    high: float
    p_better: float
    detectable: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One model's figures: columns are figures.

    Attributes:
        means: (m,) over cases.
        draws: (draws, m) means over resampled people; row n is the same people for every model.
    """

    means: NDArray[np.float64]
    draws: NDArray[np.float64]

    def estimate(self, column: int) -> Estimate:
        """One figure with its interval."""
        low, high = np.quantile(self.draws[:, column], (0.025, 0.975))
        return Estimate(value=float(self.means[column]), low=float(low), high=float(high))

    def less(self, other: Sample, column: int) -> Difference:
        """This model less another."""
        draws = self.draws[:, column] - other.draws[:, column]
        low, high = np.quantile(draws, (0.025, 0.975))
        return Difference(
            value=float(self.means[column] - other.means[column]),
            low=float(low),
            high=float(high),
            p_better=float((draws > 0).mean() + (draws == 0).mean() / 2),
            detectable=float(_POWER_80 * draws.std()),
        )


def exceeds_chance(gain: NDArray[np.float64], errors: float) -> bool:
    """Whether the mean of a paired gain (cases,) is above so many standard errors; never of no case."""
    return bool(len(gain)) and bool(gain.mean() > errors * gain.std() / len(gain) ** 0.5)


def drawn(rng: np.random.Generator, people: int, draws: int) -> NDArray[np.float64]:
    """(draws, people) how often each is drawn when as many as there are are drawn with replacement.

    Counts times figures sum a draw in one product of matrices, cheaper than visiting the drawn one by one.
    """
    times = np.empty((draws, people))
    for row in times:
        row[:] = np.bincount(rng.integers(people, size=people, dtype=np.int32), minlength=people)
    return times


def resample(values: NDArray[np.float64], owners: Ints, *, seed: int, draws: int = DRAWS) -> Sample:
    """Means of `values` (cases, m) over resampled owners; the same seed and owners draw the same people.

    Args:
        values: figures of each case.
        owners: (cases,) ascending; whom a case belongs to.
        seed: equal seeds pair the models.
        draws: fewer where there are very many people, never under 200.
    """
    starts = np.flatnonzero(np.diff(owners, prepend=owners[0] - 1)) if len(owners) else np.zeros(0, dtype=np.int64)
    if len(starts) == 0:
        nothing = np.full(values.shape[1], np.nan)
        return Sample(means=nothing, draws=nothing[None, :])
    sums = np.add.reduceat(values, starts, axis=0)
    weights = np.diff(starts, append=len(owners)).astype(np.float64)
    table = np.column_stack([sums, weights])
    rng = np.random.default_rng(seed)
    means = np.empty((max(_LEAST_DRAWS, min(draws, _MOST_CELLS // len(starts))), values.shape[1]))
    at_once = max(1, _CELLS_AT_ONCE // len(starts))
    for first in range(0, len(means), at_once):
        part = means[first : first + at_once]
        totals = drawn(rng, len(starts), len(part)) @ table
        part[:] = totals[:, :-1] / totals[:, -1:]
    return Sample(means=values.mean(axis=0), draws=means)
