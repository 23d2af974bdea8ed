"""What an adversary reads off vectors, told of groups that are large enough."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import numpy as np

from zhanggui.trust.engines.fairness.adversarial import DOUBTS, fit_adversarial
from zhanggui.trust.engines.fairness.costs import Mean
from zhanggui.trust.engines.fairness.debiasing import Eraser, Longs, Reals
from zhanggui.trust.engines.fairness.probing import can_probe, dealt, probe
from zhanggui.trust.types.fairness import GroupKind, ProbeReport, Share, held_off

ERASED: tuple[GroupKind, ...] = ("gender", "age", "region")
DIGITS = 6
Fit = Callable[[Reals, Sequence[Longs]], Eraser]


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


def read_off(
    vectors: Reals, codes: Mapping[GroupKind, Longs], smallest: int, fit: Fit | None = None
) -> list[ProbeReport]:
    """What each reader reads of each kind of group off vectors (n, d); nothing without the extra `fairness`.

    Args:
        vectors: one row a person.
        codes: for each kind (n,) the group of each person, -1 where it is not known.
        smallest: group that is told.
        fit: takes groups out; for each fold it is learned without its people, as it will meet newcomers.
    """
    if not can_probe():
        return []
    large = {kind: told(code, smallest) for kind, code in codes.items()}
    folds = dealt(len(vectors))
    cleaned = [vectors if fit is None else _without(vectors, list(large.values()), part, fit) for part in folds]
    return [
        ProbeReport(
            kind=kind,
            head=one.head,
            auc=share_of(Mean(value=one.auc, low=one.low, high=one.high)),
            chance=round(one.chance, DIGITS),
            tells=one.tells,
        )
        for kind, code in large.items()
        for one in probe(cleaned, code, folds)
    ]


def mildest(vectors: Reals, codes: Mapping[GroupKind, Longs], smallest: int) -> tuple[Fit, list[ProbeReport]]:
    """What takes groups out with as little doubt as holds every reader off, and what these read after it.

    Where none holds them off, the last one, and what they still read.
    """
    fit: Fit = fit_adversarial
    found: list[ProbeReport] = []
    for doubt in DOUBTS:
        fit = partial(fit_adversarial, doubt=doubt)
        found = read_off(vectors, codes, smallest, fit)
        if held_off(found) is not False:
            break
    return fit, found


def _without(vectors: Reals, codes: Sequence[Longs], part: Longs, fit: Fit) -> Reals:
    known = np.setdiff1d(np.arange(len(vectors)), part)
    return fit(vectors[known], [code[known] for code in codes]).told(vectors)


def share_of(mean: Mean) -> Share:
    """A mean with its interval, as it is told."""
    return Share(value=round(mean.value, DIGITS), low=round(mean.low, DIGITS), high=round(mean.high, DIGITS))
