"""In which groups an audience stands more often than everybody does.

Source: Wilson, "Probable inference, the law of succession, and statistical inference", JASA 1927, for the interval.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from statistics import NormalDist

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
    for name, members in groups.items():
        inside = all_.intersection(members)
        people = len(among & inside)
        others = len(among) - people
        if people < least or 0 < others < least:
            continue
        share, of_all = people / len(among), len(inside) / len(all_)
        low, high = wilson(people, len(among), 1 - (1 - SURE) / len(groups))
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


def wilson(hits: int, of: int, sure: float) -> tuple[float, float]:
    """Between which shares `hits` of `of` > 0 may come from, with certainty `sure`."""
    z = NormalDist().inv_cdf(0.5 + sure / 2)
    share, spread = hits / of, z * z / of
    middle = (share + spread / 2) / (1 + spread)
    reach = z / (1 + spread) * math.sqrt(share * (1 - share) / of + spread / (4 * of))
    return max(middle - reach, 0.0), min(middle + reach, 1.0)
