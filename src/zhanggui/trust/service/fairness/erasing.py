"""Groups taken out of the tastes of profiles: learned from people's tastes, measured, and applied where one is told.

What is learned are a mean and a matrix: nothing of a person. Where the setting `fairness.erase_tastes` is on, no taste
is told before there is something to take groups out with.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from zhanggui.kernel.datasheets import DataGate, TrainingData
from zhanggui.kernel.durable import whole_file
from zhanggui.kernel.privacy import Purpose
from zhanggui.trust.engines.fairness.costs import found, mean_of
from zhanggui.trust.engines.fairness.debiasing import Eraser, Longs, Reals
from zhanggui.trust.ports import GroupLabels, PersonTastes, TasteRows
from zhanggui.trust.types.fairness import FairnessLimits, GroupKind, TasteErasure

from .reading_off import Fit, codes_of, mildest, read_off, share_of, told

KIND = "taste_eraser"
"""Of the training, on its datasheet."""
MOST_PEOPLE = 5_000
PLACES = 20
AT_ONCE = 200
"""People whose scores of all products are held at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TasteErasing:
    """Learns what to take out of tastes, and takes it out.

    Args:
        tastes: of many people at once.
        groups: who belongs to which group; read of those who allow training.
        limits: whose smallest group holds here too.
        path: of the file with what was learned.
        is_on: whether tastes are told without groups.
        data_gate: looks at the tastes first; where they do not pass, what was learned before stays.
    """

    tastes: PersonTastes
    groups: GroupLabels
    limits: FairnessLimits
    path: Path
    is_on: bool
    data_gate: DataGate

    def measure(self) -> TasteErasure | None:
        """What an adversary reads off tastes with groups and without, and what it costs; None without tastes.

        Where the setting is on, what was learned is applied from the next taste on.
        """
        rows = self.tastes.rows(MOST_PEOPLE)
        if not len(rows.person):
            return None
        codes = codes_of(self.groups.labels(Purpose.TRAINING), rows.person)
        smallest = self.limits.smallest_group
        sheet, kept = self.data_gate.check(_as_data(rows))
        known = {kind: code[kept] for kind, code in codes.items()}
        fit, after = (None, []) if sheet.reason else mildest(rows.vectors[kept], known, smallest)
        eraser = self._kept() if fit is None else _fitted(fit, rows.vectors[kept], known, smallest)
        if eraser is None:
            eraser = _nothing_taken(rows)
        elif self.is_on and not sheet.reason:
            self._keep(eraser)
        if fit is None:
            after = read_off(eraser.told(rows.vectors), codes, smallest)
        recall, ndcg = _found(rows.without, rows)
        left_recall, left_ndcg = _found(eraser.told(rows.without), rows)
        return TasteErasure(
            people=len(rows.person),
            dimensions=int(rows.vectors.shape[1]),
            is_applied=self.is_on,
            recall=share_of(mean_of(recall)),
            recall_cost=share_of(mean_of(recall - left_recall)),
            ndcg_cost=share_of(mean_of(ndcg - left_ndcg)),
            before=tuple(read_off(rows.vectors, codes, smallest)),
            after=tuple(after),
            refused=sheet.reason,
        )

    def erase(self, taste: Sequence[float]) -> tuple[float, ...]:
        """A taste without groups; as it is where the setting is off, empty while nothing was learned."""
        if not self.is_on:
            return tuple(taste)
        eraser = self._kept()
        if eraser is None or len(eraser.mean) != len(taste):
            return ()
        return tuple(eraser.told(np.array([taste], dtype=np.float64))[0].tolist())

    def _keep(self, eraser: Eraser) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        written = io.BytesIO()
        np.save(written, np.vstack([eraser.mean, eraser.removal]), allow_pickle=False)
        with whole_file(self.path) as file:
            file.write(written.getvalue())

    def _kept(self) -> Eraser | None:
        try:
            held = np.load(self.path, allow_pickle=False)
        except (OSError, ValueError):
            return None
        return Eraser(mean=held[0], removal=held[1:])


def _as_data(rows: TasteRows) -> TrainingData:
    """Tastes as the gate looks at them: a row a person, about the newest thing that they like."""
    return TrainingData(
        kind=KIND,
        person=rows.person,
        product=rows.number,
        at_ms=rows.at_ms,
        strength=np.ones(len(rows.person)),
        texts=rows.texts,
        withheld=rows.withheld,
        names=rows.names,
    )


def _fitted(fit: Fit, vectors: Reals, codes: Mapping[GroupKind, Longs], smallest: int) -> Eraser:
    return fit(vectors, [told(code, smallest) for code in codes.values()])


def _nothing_taken(rows: TasteRows) -> Eraser:
    """What a shop has whose first set was refused: tastes as they are, so that the figures say a cost of nothing."""
    size = int(rows.vectors.shape[1])
    return Eraser(mean=np.zeros(size), removal=np.zeros((size, size)))


def _found(vectors: Reals, rows: TasteRows) -> tuple[Reals, Reals]:
    """((n,) recall, (n,) NDCG) of the newest thing that each person likes, among what anybody here likes."""
    parts = [
        found(vectors[start : start + AT_ONCE] @ rows.products.T, rows.taken[start : start + AT_ONCE], PLACES)
        for start in range(0, len(vectors), AT_ONCE)
    ]
    return np.concatenate([one for one, _ in parts]), np.concatenate([one for _, one in parts])
