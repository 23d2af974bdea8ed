"""What each mitigation evens out and costs, measured on this shop; which are in force the settings say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np

from zhanggui.kernel.clock import Clock, to_ms
from zhanggui.kernel.durable import whole_file
from zhanggui.kernel.privacy import Purpose
from zhanggui.trust.engines.fairness.costs import found, mean_of
from zhanggui.trust.engines.fairness.debiasing import Eraser, Longs, Reals
from zhanggui.trust.engines.fairness.mitigating import balancing_weights, even_head_start, lifted, tops
from zhanggui.trust.ports import GroupLabels, Tastes, TasteSample
from zhanggui.trust.types.fairness import (
    FairnessLimits,
    GroupKind,
    Mitigation,
    MitigationReport,
    Mitigations,
    ProbeReport,
)

from .erasing import TasteErasing
from .reading_off import DIGITS, codes_of, mildest, read_off, share_of, told

PLACES = 20
POOL = 90
"""Products among which a list of 20 is arranged."""
MOST_PEOPLE = 5_000
NAME = "mitigations.json"
_decode = msgspec.json.Decoder(Mitigations).decode


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tried:
    """One way of scoring: scores (n, m), and each person's figures."""

    name: Mitigation
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
        erasing: takes groups out of the tastes of profiles.
        in_force: the mitigations that settings have switched on.
        head_start: of reduced products, as it is set; 0 for none.
        folder: of the shop's reports.
    """

    clock: Clock
    tastes: Tastes
    groups: GroupLabels
    limits: FairnessLimits
    erasing: TasteErasing
    in_force: tuple[Mitigation, ...]
    head_start: float
    folder: Path

    def kept(self) -> Mitigations | None:
        """What was measured last; None where nothing was yet."""
        try:
            return _decode((self.folder / NAME).read_bytes())
        except (OSError, msgspec.MsgspecError):
            return None

    def measure(self) -> Mitigations:
        """Learn tastes, with and without weights, and hold each mitigation against what people took next; it is kept.

        Where groups are to be taken out of the tastes of profiles, what takes them out is learned anew.
        """
        found = self._measured()
        self.folder.mkdir(parents=True, exist_ok=True)
        with whole_file(self.folder / NAME) as file:
            file.write(msgspec.json.encode(found))
        return found

    def _measured(self) -> Mitigations:
        of_profiles = self.erasing.measure()
        labels = self.groups.labels(Purpose.ANALYTICS)
        people = self.tastes.people(MOST_PEOPLE)
        codes = codes_of(labels, people)
        weights = dict(zip(people.tolist(), balancing_weights(list(codes.values())).tolist(), strict=True))
        plain, weighed = self.tastes.sample(MOST_PEOPLE, {}), self.tastes.sample(MOST_PEOPLE, weights)
        codes = codes_of(labels, plain.person)
        needed = self._needed(plain, codes)
        start = self.head_start or needed
        fit, after = mildest(plain.vectors, codes, self.limits.smallest_group)
        tried = self._tried(plain, weighed, fit(plain.vectors, [self._told(code) for code in codes.values()]), start)
        as_they_are = self._probes(plain.vectors, codes)
        read: dict[Mitigation, list[ProbeReport]] = {
            "none": as_they_are,
            "reweigh": self._probes(weighed.vectors, codes),
            "erase": after,
            "exposure": as_they_are,
        }
        return Mitigations(
            at_ms=to_ms(self.clock()),
            people=len(plain.person),
            dimensions=int(plain.vectors.shape[1]),
            rows=tuple(self._row(one, tried[0], codes, plain, read[one.name]) for one in tried),
            in_force=self.in_force,
            head_start=round(start, DIGITS),
            needed=round(needed, DIGITS),
            tastes=of_profiles,
        )

    def _needed(self, plain: TasteSample, codes: Mapping[GroupKind, Longs]) -> float:
        scores, least = plain.vectors @ plain.products.T, self.limits.least_ratio
        return max(
            even_head_start(scores, plain.reduced, self._told(code), k=PLACES, pool=POOL, least_ratio=least)
            for code in codes.values()
        )

    def _tried(self, plain: TasteSample, weighed: TasteSample, eraser: Eraser, start: float) -> list[_Tried]:
        without_groups = eraser.told(plain.vectors)
        scores = plain.vectors @ plain.products.T
        return [
            _judged("none", scores, plain),
            _judged("reweigh", weighed.vectors @ weighed.products.T, plain),
            _judged("erase", without_groups @ plain.products.T, plain),
            _judged("exposure", lifted(scores, plain.reduced, start, pool=POOL), plain),
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
            recall=share_of(mean_of(one.recall)),
            ndcg=share_of(mean_of(one.ndcg)),
            recall_cost=share_of(mean_of(without.recall - one.recall)),
            ndcg_cost=share_of(mean_of(without.ndcg - one.ndcg)),
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
        return told(code, self.limits.smallest_group)

    def _spread(self, values: Reals, code: Longs) -> tuple[float, float]:
        """(difference, ratio) of the means of groups that are large enough to be told."""
        sizes = np.bincount(code[code >= 0])
        told = np.flatnonzero(sizes >= self.limits.smallest_group)
        means = [float(values[code == one].mean()) for one in told]
        if len(means) < 2:
            return 0.0, 1.0
        return max(means) - min(means), min(means) / max(means) if max(means) else 1.0

    def _probes(self, vectors: Reals, codes: Mapping[GroupKind, Longs]) -> list[ProbeReport]:
        return read_off(vectors, codes, self.limits.smallest_group)


def _judged(name: Mitigation, scores: Reals, sample: TasteSample) -> _Tried:
    recall, ndcg = found(scores, sample.taken, PLACES)
    return _Tried(name=name, scores=scores, recall=recall, ndcg=ndcg)
