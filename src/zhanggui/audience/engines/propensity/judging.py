"""How good chances are: do they order people well (AUC), are they near what happened (Brier), do they come true (ECE)?

Sources: Fawcett, "An introduction to ROC analysis", 2006; Brier, "Verification of forecasts expressed in terms of
probability", 1950; Naeini, Cooper and Hauskrecht, "Obtaining well calibrated probabilities using Bayesian binning",
AAAI 2015 (expected calibration error; here over bins of equal size, not of equal width).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhanggui.audience.engines.lifetime.histories import Doubles, Ints
from zhanggui.kernel.intervals import wilson

BINS = 10
NORMAL_95 = 1.96


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """People with chances alike: how many, the mean chance, the share that it came true for, and its 95 % interval."""

    people: int
    said: float
    came: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """How chances did on people whom neither trees nor calibration had seen."""

    people: int
    came: float
    auc: float
    brier: float
    log_loss: float
    ece: float
    bins: tuple[Bin, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gain:
    """A mean over people with its 95 % interval, of the same people drawn again and again."""

    value: float
    low: float
    high: float


def judge(chance: Doubles, came: NDArray[np.bool_]) -> Judgement:
    """All figures of chances (n,) and what happened (n,), n at least 1."""
    held = np.clip(chance, 1e-6, 1 - 1e-6)
    bins = reliability(chance, came)
    return Judgement(
        people=len(chance),
        came=float(came.mean()),
        auc=auc(chance, came),
        brier=float(np.mean((chance - came) ** 2)),
        log_loss=float(-np.mean(np.where(came, np.log(held), np.log(1 - held)))),
        ece=calibration_error(bins),
        bins=bins,
    )


def calibration_error(bins: Sequence[Bin]) -> float:
    """By how much what was said and what came differ, on average over the people of at least one bin."""
    return sum(one.people * abs(one.said - one.came) for one in bins) / sum(one.people for one in bins)


def auc(chance: Doubles, came: NDArray[np.bool_]) -> float:
    """How often somebody whom it came true for has the higher chance, ties half; 0.5 where all are of one kind."""
    yes = int(came.sum())
    if not 0 < yes < len(came):
        return 0.5
    _, place, count = np.unique(chance, return_inverse=True, return_counts=True)
    rank = (np.cumsum(count) - (count - 1) / 2)[place.ravel()]
    return float((rank[came].sum() - yes * (yes + 1) / 2) / (yes * (len(came) - yes)))


def reliability(chance: Doubles, came: NDArray[np.bool_]) -> tuple[Bin, ...]:
    """Ten bins of equal size, lowest chances first; equal chances are never parted."""
    return tuple(_bin(chance[rows], came[rows]) for rows in _parted(chance))


def deciles(told: Doubles, came: Doubles) -> tuple[Bin, ...]:
    """Ten bins of equal size, lowest foretold first: means, with the normal 95 % interval of the mean that came."""
    found = []
    for rows in _parted(told):
        mean, spread = float(came[rows].mean()), float(came[rows].std()) / len(rows) ** 0.5
        low, high = max(0.0, mean - NORMAL_95 * spread), mean + NORMAL_95 * spread
        found.append(Bin(people=len(rows), said=float(told[rows].mean()), came=mean, low=low, high=high))
    return tuple(found)


def _parted(chance: Doubles) -> list[Ints]:
    """Rows in ten parts of equal size, lowest first; equal ones are never parted."""
    order = np.argsort(chance, kind="stable")
    edges = np.linspace(0, len(chance), BINS + 1)[1:-1].astype(np.int64)
    cuts = np.unique(np.searchsorted(chance[order], chance[order][edges])) if len(chance) else edges
    return [rows for rows in np.split(order, cuts) if len(rows)]


def _bin(chance: Doubles, came: NDArray[np.bool_]) -> Bin:
    share = float(came.mean())
    low, high = wilson(share, len(came), NORMAL_95)
    return Bin(people=len(came), said=float(chance.mean()), came=share, low=low, high=high)


def gain(worse: Doubles, better: Doubles, *, seed: int, draws: int = 1000) -> Gain:
    """The mean of `worse` less `better` (n,), with the interval of people drawn with replacement, paired."""
    parts = worse - better
    rng = np.random.default_rng(seed)
    means = np.array([parts[rng.integers(len(parts), size=len(parts))].mean() for _ in range(draws)])
    low, high = np.quantile(means, (0.025, 0.975))
    return Gain(value=float(parts.mean()), low=float(low), high=float(high))
