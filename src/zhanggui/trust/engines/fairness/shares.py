"""Shares of groups with intervals that know that a person counts more than once, and the gap between groups. Pure.

Sources: Wilson's interval (`kernel/intervals.py`) at the effective number of cases n / (design effect of persons as
clusters), Kish, "Survey Sampling", 1965; Newcombe's interval of a difference from two of Wilson's (method 10),
Statistics in Medicine 17, 1998; parity as difference and ratio of the greatest and the smallest share, as fairlearn has
them; the ratio's limit of four fifths, US 29 CFR 1607.4(D) (not read; as it is cited).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from zhanggui.kernel.intervals import wilson

Longs = npt.NDArray[np.int64]
CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupCount:
    """One group: the people for whom there is anything to count, hits, cases, and cases that are worth their number."""

    people: int
    hits: int
    of: int
    effective: float

    @property
    def value(self) -> float:
        """The share."""
        return self.hits / self.of

    def interval(self, z: float) -> tuple[float, float]:
        """Wilson's interval at so many standard errors."""
        return wilson(self.value, self.effective, z)


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """The greatest share less the smallest: places of the two groups, its interval over all pairs, the ratio."""

    most: int
    least: int
    value: float
    low: float
    high: float
    ratio: float


def counted(hits: Longs, of: Longs, code: Longs, groups: int) -> list[GroupCount]:
    """Add people up by group.

    Args:
        hits: (n,) what counts of each person.
        of: (n,) out of how many, in [hits, …]; a person with none is not counted.
        code: (n,) the group of each person, -1 for none.
        groups: how many there are.
    """
    used = (of > 0) & (code >= 0)
    return [_group(hits[used & (code == one)], of[used & (code == one)]) for one in range(groups)]


def widest(groups: Sequence[GroupCount]) -> Difference | None:
    """The gap between the most and the least served group; None with fewer than two."""
    if len(groups) < 2:
        return None
    shares = [one.value for one in groups]
    most = int(np.argmax(shares))
    least = len(shares) - 1 - int(np.argmin(shares[::-1]))  # of equal shares the last, so that two groups are named
    z = deviations(len(groups) * (len(groups) - 1) // 2)
    high, low = groups[most], groups[least]
    (high_low, high_high), (low_low, low_high) = high.interval(z), low.interval(z)
    value = high.value - low.value
    return Difference(
        most=most,
        least=least,
        value=value,
        low=value - float(np.hypot(high.value - high_low, low_high - low.value)),
        high=value + float(np.hypot(high_high - high.value, low.value - low_low)),
        ratio=low.value / high.value if high.value else 1.0,
    )


def deviations(looks: int = 1) -> float:
    """Standard errors of a 95 % interval that holds for so many looks at once (Bonferroni)."""
    return NormalDist().inv_cdf(1 - (1 - CONFIDENCE) / (2 * max(looks, 1)))


def _group(hits: Longs, of: Longs) -> GroupCount:
    people, total, cases = len(of), int(hits.sum()), int(of.sum())
    return GroupCount(people=people, hits=total, of=cases, effective=_effective(hits, of, people, total, cases))


def _effective(hits: Longs, of: Longs, people: int, total: int, cases: int) -> float:
    """Cases over the design effect, at least as if each person were one case; the latter where all or none hit."""
    if people < 2 or total in (0, cases):
        return float(people)
    share = total / cases
    variance = people / (people - 1) * float(((hits - share * of) ** 2).sum()) / cases**2
    return float(min(max(share * (1 - share) / variance, 1.0), cases)) if variance else float(people)
