"""What an adversary reads off vectors, told of groups that are large enough."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from zhanggui.trust.engines.fairness.costs import Mean
from zhanggui.trust.engines.fairness.debiasing import Longs, Reals
from zhanggui.trust.engines.fairness.probing import can_probe, probe
from zhanggui.trust.types.fairness import GroupKind, ProbeReport, Share

ERASED: tuple[GroupKind, ...] = ("gender", "age", "region")
DIGITS = 6


def codes_of(labels: Mapping[str, Mapping[int, str]], person: Longs) -> dict[GroupKind, Longs]:
    """The groups (n,) of these people by kind, -1 for none."""
    found: dict[GroupKind, Longs] = {}
    for kind in ERASED:
        of = labels.get(kind, {})
        number = {name: place for place, name in enumerate(sorted(set(of.values())))}
        found[kind] = np.array([number.get(of.get(one, ""), -1) for one in person.tolist()], dtype=np.int64)
    return found


def told(code: Longs, smallest: int) -> Longs:
    """Groups (n,) of at least so many; -1 for whoever is of none of these."""
    sizes = np.bincount(code[code >= 0], minlength=1)
    return np.where((code >= 0) & (sizes[code] >= smallest), code, -1)


def read_off(vectors: Reals, codes: Mapping[GroupKind, Longs], smallest: int) -> list[ProbeReport]:
    """How well an adversary reads each kind of group off vectors (n, d); nothing without the extra `fairness`."""
    if not can_probe():
        return []
    read = {kind: probe(vectors, told(code, smallest)) for kind, code in codes.items()}
    return [
        ProbeReport(
            kind=kind,
            accuracy=share_of(Mean(value=one.accuracy, low=one.low, high=one.high)),
            chance=round(one.chance, DIGITS),
            tells=one.tells,
        )
        for kind, one in read.items()
        if one is not None
    ]


def share_of(mean: Mean) -> Share:
    """A mean with its interval, as it is told."""
    return Share(value=round(mean.value, DIGITS), low=round(mean.low, DIGITS), high=round(mean.high, DIGITS))
