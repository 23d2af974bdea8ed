"""A floor under the share of exposure of a group of goods: how much a list gives it, and which quota holds it up.

A place is worth 1 / log2(1 + place), from 1: the position bias of Singh and Joachims, "Fairness of exposure in
rankings", KDD 2018, doi:10.1145/3219819.3220088.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .exposure import spread_of

Reals = NDArray[np.float64]
GROUPS = 20
"""Of lists, each left out once: their spread gives the intervals."""
TWO_SIDED = 1.96
NEAR = 1e-9
"""Shares are sums of fractions: so much apart they are the same."""
ROUNDED = 1e-6
"""What the kernel that arranges adds before it rounds down."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reserve:
    """The least quota that holds a floor: its share of the places, and how many places of the list that is."""

    share: float
    places: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A figure with its 95 % interval."""

    value: float
    low: float
    high: float


def worth_of_places(places: int) -> Reals:
    """(places,) what each place is worth, from the first."""
    worth: Reals = 1.0 / np.log2(np.arange(2, places + 2))
    return worth


def exposures(is_shown: NDArray[np.bool_], is_group: NDArray[np.bool_]) -> tuple[Reals, Reals]:
    """((lists,) exposure of the group, (lists,) of all that is shown), of lists (lists, places)."""
    worth = worth_of_places(is_shown.shape[1])
    return (is_shown & is_group) @ worth, is_shown @ worth


def exposures_of_places(
    lists: NDArray[np.int64], place: NDArray[np.int64], is_group: NDArray[np.bool_]
) -> tuple[Reals, Reals]:
    """The same of places (n,) of lists of any length: each one's list, from 0, its place in it, from 0, its group."""
    worth = 1.0 / np.log2(place + 2.0)
    size = int(lists.max()) + 1 if len(lists) else 0
    return _sums(lists, worth * is_group, size), _sums(lists, worth, size)


def share_over(case: NDArray[np.int64], parts: Reals, wholes: Reals) -> Interval:
    """Exposure of the group over all, of lists (n,): those of one case, a person, are alike and count as one."""
    _, row = np.unique(case, return_inverse=True)
    return ratio_of(_sums(row, parts, 0), _sums(row, wholes, 0))


def _sums(number: NDArray[np.int64], values: Reals, size: int) -> Reals:
    """(size or more,) what the values (n,) of each number add up to."""
    sums: Reals = np.bincount(number, values, size).astype(np.float64, copy=False)
    return sums


def least_quota(floor: float, places: int) -> Reserve | None:
    """The smallest quota with which a list of so many places holds a floor, however late each place comes due.

    A quota of s has floor(i * s) of the first i places: what it gives grows with s and changes only where i * s is
    whole. None: not even all places are enough, as for a floor above 1.
    """
    worth, at = worth_of_places(places), np.arange(1, places + 1)

    def due(share: float) -> Reals:
        whole: Reals = np.floor(at * share + ROUNDED)
        return whole

    def given(share: float) -> float:
        return float(worth[np.diff(due(share), prepend=0.0) > 0].sum())

    shares = sorted({part / of for of in range(1, places + 1) for part in range(1, of + 1)})
    first = bisect_left(shares, (floor - NEAR) * float(worth.sum()), key=given)
    return None if first == len(shares) else Reserve(share=shares[first], places=int(due(shares[first])[-1]))


def ratio_of(parts: Reals, wholes: Reals) -> Interval:
    """Sum over sum of cases (n,), with an interval by a jackknife over groups of them."""
    group = np.arange(len(parts)) % GROUPS
    less_part = parts.sum() - np.bincount(group, parts, GROUPS)
    less_whole = wholes.sum() - np.bincount(group, wholes, GROUPS)
    value = float(parts.sum() / wholes.sum()) if wholes.sum() > 0 else 0.0
    half = TWO_SIDED * spread_of(less_part / less_whole) if (less_whole > 0).all() else 0.0
    return Interval(value=value, low=value - half, high=value + half)


def mean_of(values: Reals) -> Interval:
    """Mean of cases (n,), with its interval; of a cost, of each case's difference."""
    return ratio_of(values, np.ones(len(values)))


def gains_of(is_hit: NDArray[np.bool_], taken: NDArray[np.int64]) -> tuple[Reals, Reals]:
    """((n,) recall, (n,) NDCG) of lists whose places (n, places) hit what was taken, so many things (n,) each."""
    places = is_hit.shape[1]
    worth = worth_of_places(places)
    ideal = np.cumsum(worth)[np.minimum(taken, places) - 1]
    return is_hit.sum(axis=1) / taken, is_hit @ worth / ideal
