"""What another way of choosing would have earned, told from what was shown: with the chance that each place had.

Each row is one place that was shown with a known chance `propensity`; `target` is the chance that the other way would
show the same thing there. Rows of one cluster (a shopper, a list) are not independent, so intervals are over clusters.

Sources: Horvitz and Thompson, JASA 47, 1952 (IPS); Swaminathan and Joachims, NIPS 2015 (SNIPS, the ratio estimator);
Dudík, Langford and Li, ICML 2011, arXiv:1103.4601 (doubly robust); the effective sample size is Kish's.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .interactions import Ints

Reals = NDArray[np.float64]
Z_95 = 1.959964


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged:
    """Places that were shown: columns of one length.

    Attributes:
        reward: what each led to.
        propensity: in (0, 1], the chance with which it was shown.
        target: in [0, 1], the chance with which the other way would show it.
        cluster: whose row it is; rows of one belong together.
        guess: what a model expects of what was shown; None for none.
        guess_target: what it expects of the other way at this place, over all that it might show; None with `guess`.
    """

    reward: Reals
    propensity: Reals
    target: Reals
    cluster: Ints
    guess: Reals | None = None
    guess_target: Reals | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be.

        Raises:
            ValueError: chances out of their range, or columns of different lengths.
        """
        columns = [self.propensity, self.target, self.cluster]
        columns += [one for one in (self.guess, self.guess_target) if one is not None]
        if any(len(one) != len(self.reward) for one in columns):
            raise ValueError("The columns differ in length; there must be one value a row.")
        if np.any((self.propensity <= 0) | (self.propensity > 1)) or np.any((self.target < 0) | (self.target > 1)):
            raise ValueError("Propensities must be above 0 and at most 1, targets in [0, 1].")


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """An estimate of the mean reward of a place, with its 95 % interval; `low` and `high` NaN for one cluster."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimates:
    """What is told of another way of choosing.

    Attributes:
        on_policy: mean reward of what was shown.
        ips: inverse propensity scores; unbiased, wide.
        snips: the same, normalised by its weights; slightly biased, narrower.
        dr: doubly robust: a model's guess, mended by what was seen.
        rows: how many places.
        effective: so many rows of the other way itself would tell as much.
        clipped: share of rows whose weight was cut.
    """

    on_policy: Value
    ips: Value
    snips: Value
    dr: Value
    rows: int
    effective: float
    clipped: float


def estimate(logged: Logged, most_weight: float = 100.0) -> Estimates:
    """All estimates at once.

    Args:
        logged: at least one row.
        most_weight: target / propensity is cut there, which costs some bias and saves much variance.

    Raises:
        ValueError: there is no row.
    """
    if len(logged.reward) == 0:
        raise ValueError("No row: nothing was shown that could be judged.")
    raw = logged.target / logged.propensity
    weight = np.minimum(raw, most_weight)
    reward, mean_weight = logged.reward, weight.mean()
    ratio = float((weight * reward).mean() / mean_weight) if mean_weight > 0 else 0.0
    residual = weight * (reward - ratio) / mean_weight if mean_weight > 0 else np.zeros_like(weight)
    guess, guess_target = _guesses(logged)
    robust = guess_target + weight * (reward - guess)
    squares = float((weight**2).sum())
    return Estimates(
        on_policy=_mean(reward, logged.cluster),
        ips=_mean(weight * reward, logged.cluster),
        snips=_around(ratio, residual, logged.cluster),
        dr=_mean(robust, logged.cluster),
        rows=len(reward),
        effective=float(weight.sum()) ** 2 / squares if squares > 0 else 0.0,
        clipped=float((raw > most_weight).mean()),
    )


def _guesses(logged: Logged) -> tuple[Reals, Reals]:
    """A model's guesses; without one the mean of all other clusters, so that no row is guessed from itself."""
    if logged.guess is not None and logged.guess_target is not None:
        return logged.guess, logged.guess_target
    _, place = np.unique(logged.cluster, return_inverse=True)
    own, count = np.bincount(place, weights=logged.reward), np.bincount(place)
    others = (logged.reward.sum() - own) / np.maximum(len(logged.reward) - count, 1)
    return others[place], others[place]


def _mean(values: Reals, cluster: Ints) -> Value:
    mean = float(values.mean())
    return _around(mean, values - mean, cluster)


def _around(value: float, residual: Reals, cluster: Ints) -> Value:
    """An interval from residuals that sum to 0, whose clusters are independent."""
    _, place = np.unique(cluster, return_inverse=True)
    sums = np.bincount(place, weights=residual)
    n = len(sums)
    if n < 2:
        return Value(value=value, low=float("nan"), high=float("nan"))
    error = float(np.sqrt((sums**2).sum() * n / (n - 1))) / len(residual)
    return Value(value=value, low=value - Z_95 * error, high=value + Z_95 * error)
