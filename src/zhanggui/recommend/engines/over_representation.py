"""In which groups an audience stands more often than everybody does."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from statistics import NormalDist

from zhanggui.kernel.intervals import wilson

SURE = 0.95
"""That all intervals together hold: each is the wider, the more groups are looked at (Bonferroni)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lift:
    """One group: how many of the audience are in it, its share there and in all, and how often the one is the other.

    `low` and `high` hold what the lift may be by the chance of who is in the audience.
    """

    name: str
    people: int
    share: float
    share_of_all: float
    lift: float
    low: float
    high: float


def over_represented(
    audience: Collection[int], everybody: Collection[int], groups: Mapping[str, Collection[int]], least: int
) -> list[Lift]:
    """The groups that hold more of an audience than of everybody, beyond chance; the surest first.

    Args:
        audience: people, each of whom is of everybody.
        everybody: all who could have been of it.
        groups: by name, whoever is in each; others than everybody are passed over.
        least: a group is told only where so many of the audience are in it, and nobody or so many are not.
    """
    among, all_ = set(audience), set(everybody)
    found = []
    z = NormalDist().inv_cdf(1 - (1 - SURE) / len(groups) / 2) if groups else 0.0
    for name, members in groups.items():
        inside = all_.intersection(members)
        people = len(among & inside)
        others = len(among) - people
        if people < least or 0 < others < least:
            continue
        share, of_all = people / len(among), len(inside) / len(all_)
        low, high = wilson(share, len(among), z)
        one = Lift(
            name=name,
            people=people,
            share=share,
            share_of_all=of_all,
            lift=share / of_all,
            low=low / of_all,
            high=high / of_all,
        )
        if one.low > 1:
            found.append(one)
    return sorted(found, key=lambda one: (-one.low, one.name))
