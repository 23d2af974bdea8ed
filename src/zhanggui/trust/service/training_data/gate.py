"""Looks at a training set before anything learns from it; one that fails stops the training, the old model serves."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from zhanggui.kernel.clock import Clock, to_ms
from zhanggui.kernel.datasheets import DataCheck, DataCheckName, Datasheet, TrainingData
from zhanggui.kernel.db import Database
from zhanggui.kernel.privacy import ConsentGate, Purpose
from zhanggui.shop import PersonBases, bases_of
from zhanggui.trust.engines.training_data import rows as suspect_rows
from zhanggui.trust.engines.training_data.words import forbidden
from zhanggui.trust.tables.datasheets import put_sheet, sheets

Bools = npt.NDArray[np.bool_]
MOST_DOUBLE = 0.5
"""Share of rows that say what the row before says; a till that tells no time of day makes some."""
NEVER_STOPPING: Mapping[DataCheckName, float] = {"outliers": 1.0}
"""Share of rows of checks that only leave rows out: what a program did says nothing of the rows of others."""
MOST_FORBIDDEN = 0.01
"""Share of goods that may name what may not be sold."""
WHERE = 5
_STRONGEST = ("contract", "consent", "public-data")


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingGate:
    """The gate of one shop's trainings.

    Args:
        db: the shop's store.
        clock: gives the present moment.
        gate: says whose data may be learned from, asked anew.
        most_suspect: share of rows that may look like manipulation, or come from the future; these are left out. More
            stops the training.
    """

    db: Database
    clock: Clock
    gate: ConsentGate
    most_suspect: float = 0.05

    def check(self, data: TrainingData) -> tuple[Datasheet, Bools]:
        """(the datasheet, which is kept, (n,) the rows that may be learned from)."""
        began, now_ms = time.perf_counter(), to_ms(self.clock())
        bad: dict[DataCheckName, Bools] = {
            "one_source": suspect_rows.one_source(data),
            "bursts": suspect_rows.bursts(data),
            "outliers": suspect_rows.outliers(data),
            "bombing": suspect_rows.bombing(data),
            "future": suspect_rows.future(data, now_ms),
        }
        kept: Bools = ~np.logical_or.reduce(list(bad.values()))
        people, starts = np.unique(data.person, return_index=True)
        rows = np.diff(starts, append=len(data.person))
        with self.db.read() as db:
            bases = bases_of(db, people.tolist())
        checks = [
            self._consent(people.tolist()),
            self._duplicates(data),
            *(self._suspect(name, data, found) for name, found in bad.items()),
            self._words(data),
            _texts(data),
            _licence(bases),
        ]
        sheet = Datasheet(
            kind=data.kind,
            at_ms=now_ms,
            from_ms=int(data.at_ms.min(initial=now_ms)),
            until_ms=int(data.at_ms[kept].max(initial=0)),
            rows=int(kept.sum()),
            left_out=int((~kept).sum()),
            people=len(people),
            products=len(np.unique(data.product)),
            texts=len(data.texts),
            by_basis=_by_basis(bases, people.tolist(), rows.tolist()),
            checks=tuple(checks),
            seconds=round(time.perf_counter() - began, 3),
        )
        self.db.write(lambda db: put_sheet(db, sheet))
        return sheet, kept

    def sheets(self) -> list[Datasheet]:
        """The newest datasheet of each kind of training, by kind."""
        with self.db.read() as db:
            return sheets(db)

    def _consent(self, people: list[int]) -> DataCheck:
        """Nobody who withdrew meanwhile: reading the rows asked too, but that was a while ago."""
        refused = len(people) - len(self.gate.allowed_among(people, Purpose.TRAINING))
        return _check("consent", refused, len(people), 0.0)

    def _duplicates(self, data: TrainingData) -> DataCheck:
        twice = suspect_rows.duplicates(data)
        return _check("duplicates", int(twice.sum()), len(twice), MOST_DOUBLE, suspect_rows.most_of(data, twice))

    def _suspect(self, name: DataCheckName, data: TrainingData, found: Bools) -> DataCheck:
        limit = NEVER_STOPPING.get(name, self.most_suspect)
        return _check(name, int(found.sum()), len(found), limit, suspect_rows.most_of(data, found))

    def _words(self, data: TrainingData) -> DataCheck:
        found = forbidden(data.texts)
        return _check("words", len(found), len(data.texts), MOST_FORBIDDEN, found[:WHERE])


def _texts(data: TrainingData) -> DataCheck:
    """Words whose licence forbids to learn from them: left out with their count; one that is not stops the training.

    What is left out teaches nothing, and what shoppers did is the shop's own: no share of it stops a training.
    """
    found, of = len(data.withheld), len(data.withheld | data.texts.keys())
    where = tuple(sorted(data.withheld))[:WHERE]
    limit = 0.0 if data.withheld & data.texts.keys() else 1.0
    return _check("texts", found, of, limit, where)


def _licence(bases: dict[int, PersonBases]) -> DataCheck:
    """Published data whose import named no licence or source: it may be learned from, and ought to be named."""
    unnamed = sum(any(kind == "public-data" and not notice for kind, notice in one.bases) for one in bases.values())
    return _check("licence", unnamed, len(bases), 1.0)


def _check(name: DataCheckName, found: int, of: int, limit: float, where: tuple[str, ...] = ()) -> DataCheck:
    blocks = found > limit * of
    return DataCheck(
        name=name,
        state="block" if blocks else "warn" if found else "pass",
        found=found,
        of=of,
        limit=limit,
        where=where,
    )


def _by_basis(bases: dict[int, PersonBases], people: list[int], rows: list[int]) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for person, many in zip(people, rows, strict=True):
        counts[_basis(bases.get(person))] += many
    return dict(sorted(counts.items()))


def _basis(held: PersonBases | None) -> str:
    """The strongest basis that a person's rows are held on."""
    if held is None:
        return "none"
    kinds = {kind for kind, _ in held.bases}
    return next((one for one in _STRONGEST if one in kinds), "visitor" if held.is_visitor else "none")
