"""What each mitigation would even out and cost, measured on this shop; nothing is changed by it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from zhanggui.kernel.clock import Clock, to_ms
from zhanggui.kernel.privacy import Purpose
from zhanggui.trust.engines.fairness.costs import Mean, found, mean_of
from zhanggui.trust.engines.fairness.debiasing import Longs, Reals, fit_eraser
from zhanggui.trust.engines.fairness.mitigating import balancing_weights, even_head_start, tops
from zhanggui.trust.engines.fairness.probing import can_probe, probe
from zhanggui.trust.ports import GroupLabels, Tastes, TasteSample
from zhanggui.trust.types.fairness import (
    FairnessLimits,
    GroupKind,
    Mitigation,
    MitigationReport,
    Mitigations,
    ProbeReport,
    Share,
)

PLACES = 20
MOST_PEOPLE = 5_000
ERASED: tuple[GroupKind, ...] = ("gender", "age", "region")
DIGITS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tried:
    """One way of scoring: tastes, scores (n, m), and each person's figures."""

    name: Mitigation
    vectors: Reals
    scores: Reals
    recall: Reals
    ndcg: Reals


@dataclass(frozen=True, slots=True, kw_only=True)
class MitigationTest:
    """Measures mitigations.

    Args:
        clock: gives the present moment.
        tastes: learns them.
        groups: who belongs to which group.
        limits: whose smallest group and ratio hold here too.
    """

    clock: Clock
    tastes: Tastes
    groups: GroupLabels
    limits: FairnessLimits

    def measure(self) -> Mitigations:
        """Learn tastes, with and without weights, and hold each mitigation against what people took next."""
        labels = self.groups.labels(Purpose.ANALYTICS)
        people = self.tastes.people(MOST_PEOPLE)
        codes = codes_of(labels, people)
        weights = dict(zip(people.tolist(), balancing_weights(list(codes.values())).tolist(), strict=True))
        plain, weighed = self.tastes.sample(MOST_PEOPLE, {}), self.tastes.sample(MOST_PEOPLE, weights)
        codes = codes_of(labels, plain.person)
        tried = self._tried(plain, weighed, list(codes.values()))
        read = {one.name: self._probes(one.vectors, codes) for one in tried if one.vectors is not plain.vectors}
        read["none"] = read["exposure"] = self._probes(plain.vectors, codes)
        return Mitigations(
            at_ms=to_ms(self.clock()),
            people=len(plain.person),
            dimensions=int(plain.vectors.shape[1]),
            rows=tuple(self._row(one, tried[0], codes, plain, read[one.name]) for one in tried),
        )

    def _tried(self, plain: TasteSample, weighed: TasteSample, codes: Sequence[Longs]) -> list[_Tried]:
        told = [self._told(code) for code in codes]
        without_groups = fit_eraser(plain.vectors, told).apply(plain.vectors)
        scores = plain.vectors @ plain.products.T
        start = max(
            even_head_start(scores, plain.reduced, code, k=PLACES, least_ratio=self.limits.least_ratio) for code in told
        )
        return [
            _judged("none", plain.vectors, scores, plain),
            _judged("reweigh", weighed.vectors, weighed.vectors @ weighed.products.T, plain),
            _judged("erase", without_groups, without_groups @ plain.products.T, plain),
            _judged("exposure", plain.vectors, scores + start * plain.reduced, plain),
        ]

    def _row(
        self,
        one: _Tried,
        without: _Tried,
        codes: Mapping[GroupKind, Longs],
        sample: TasteSample,
        probes: Sequence[ProbeReport],
    ) -> MitigationReport:
        return MitigationReport(
            name=one.name,
            recall=_share(mean_of(one.recall)),
            ndcg=_share(mean_of(one.ndcg)),
            recall_cost=_share(mean_of(without.recall - one.recall)),
            ndcg_cost=_share(mean_of(without.ndcg - one.ndcg)),
            gap=round(max(self._spread(one.recall, code)[0] for code in codes.values()), DIGITS),
            reduced_ratio=self._reduced(one.scores, codes, sample),
            probes=tuple(probes),
        )

    def _reduced(self, scores: Reals, codes: Mapping[GroupKind, Longs], sample: TasteSample) -> float | None:
        if not sample.reduced.any():
            return None
        shown = sample.reduced[tops(scores, PLACES)].mean(axis=1)
        return round(min(self._spread(shown, code)[1] for code in codes.values()), DIGITS)

    def _told(self, code: Longs) -> Longs:
        """Groups that are large enough to be told; -1 for whoever is of none of these."""
        sizes = np.bincount(code[code >= 0], minlength=1)
        return np.where((code >= 0) & (sizes[code] >= self.limits.smallest_group), code, -1)

    def _spread(self, values: Reals, code: Longs) -> tuple[float, float]:
        """(difference, ratio) of the means of groups that are large enough to be told."""
        sizes = np.bincount(code[code >= 0])
        told = np.flatnonzero(sizes >= self.limits.smallest_group)
        means = [float(values[code == one].mean()) for one in told]
        if len(means) < 2:
            return 0.0, 1.0
        return max(means) - min(means), min(means) / max(means) if max(means) else 1.0

    def _probes(self, vectors: Reals, codes: Mapping[GroupKind, Longs]) -> list[ProbeReport]:
        if not can_probe():
            return []
        read = {kind: probe(vectors, self._told(code)) for kind, code in codes.items()}
        return [
            ProbeReport(
                kind=kind,
                accuracy=_share(Mean(value=one.accuracy, low=one.low, high=one.high)),
                chance=round(one.chance, DIGITS),
                tells=one.tells,
            )
            for kind, one in read.items()
            if one is not None
        ]


def _judged(name: Mitigation, vectors: Reals, scores: Reals, sample: TasteSample) -> _Tried:
    recall, ndcg = found(scores, sample.taken, PLACES)
    return _Tried(name=name, vectors=vectors, scores=scores, recall=recall, ndcg=ndcg)


def codes_of(labels: Mapping[str, Mapping[int, str]], person: Longs) -> dict[GroupKind, Longs]:
    """The groups (n,) of these people by kind, -1 for none."""
    found: dict[GroupKind, Longs] = {}
    for kind in ERASED:
        of = labels.get(kind, {})
        number = {name: place for place, name in enumerate(sorted(set(of.values())))}
        found[kind] = np.array([number.get(of.get(one, ""), -1) for one in person.tolist()], dtype=np.int64)
    return found


def _share(one: Mean) -> Share:
    return Share(value=round(one.value, DIGITS), low=round(one.low, DIGITS), high=round(one.high, DIGITS))
