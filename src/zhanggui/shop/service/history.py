"""The one source of behaviour for training and analytics: hot rows and the archive, in one consistent view."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa

from zhanggui.kernel.clock import DAY_MS, day_number, ms_or_none
from zhanggui.kernel.db import Database
from zhanggui.kernel.privacy import ConsentGate, Purpose
from zhanggui.shop.tables.events import ArchivedDay, archive_record, hot_rows

from .checking import allowed
from .day_files import COLUMNS, ROW_GROUP, DayFiles, to_table, where

ALL_TIME = 2**63 - 1
_MAY, _MAY_NOT = 1, 2


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """Reads all events of those whose data may be used for a purpose."""

    db: Database
    files: DayFiles
    gate: ConsentGate | None = None

    def history(
        self,
        purpose: Purpose,
        since: datetime | None = None,
        *,
        kind: int | None = None,
        with_extra: bool = False,
        among: Collection[int] | None = None,
    ) -> Iterator[Any]:
        """Every event once, as Arrow record batches of at most 65,536 rows; some MB in memory at a time.

        Args:
            purpose: whoever has not allowed it is left out; without any record only `service` is allowed.
            since: the earliest moment wanted; None for all.
            kind: events of this kind alone, by its number; None for all.
            with_extra: with the column `extra`, JSON of the fields that have no column.
            among: of these persons alone; of the archive only what holds their rows is read. None for everybody.

        Yields:
            `pyarrow.RecordBatch` of int64 columns seq, person, product (0: none), kind (`EVENT_NUMBERS`), at_ms,
            quantity and value_minor (null where not sent). First what is hot, by arrival, then the archive by day
            and person. Events that arrive or are archived meanwhile change nothing: the view is one moment's.
        """
        columns = COLUMNS if with_extra else COLUMNS[:-1]
        since_ms, reading = ms_or_none(since), _Allowed(purpose, self.gate)
        with self.files.kept():
            with self.db.read() as db:
                record = archive_record(db)
                for person in (None,) if among is None else sorted(among):
                    for batch in self._hot(db, record, since_ms, kind, columns, purpose, person):
                        yield from reading.rows_of(batch)
            for day in record.values():
                if since_ms is not None and day.day < day_number(since_ms):
                    continue
                for batch in self.files.batches(day, columns, among):
                    yield from reading.rows_of(_of_kind(_since(batch, since_ms), kind))

    __call__ = history
    """So that a shop's own reads as one sentence: `shop.history(purpose, since)`."""

    def _hot(
        self,
        db: sa.Connection,
        record: dict[int, ArchivedDay],
        since_ms: int | None,
        kind: int | None,
        columns: Sequence[str],
        purpose: Purpose,
        person: int | None,
    ) -> Iterator[Any]:
        after = 0
        while rows := hot_rows(
            db,
            after_seq=after,
            until_seq=ALL_TIME,
            limit=ROW_GROUP,
            from_ms=since_ms,
            kind=kind,
            person=person,
            purpose=purpose,
        ):
            after = rows[-1][0]
            (batch,) = to_table(rows).select(list(columns)).combine_chunks().to_batches()
            yield where(batch, _is_only_hot(batch, record))


class _Allowed:
    """Who may be read for a purpose: each person is asked for once in a whole reading, and kept as one byte."""

    def __init__(self, purpose: Purpose, gate: ConsentGate | None) -> None:
        self._purpose, self._gate = purpose, gate
        self._said = np.zeros(0, dtype=np.int8)  # by person: 0 where nobody asked yet

    def rows_of(self, batch: Any) -> Iterator[Any]:
        """The rows of those who may be; nothing where there are none."""
        if batch.num_rows and self._purpose is not Purpose.SERVICE:
            persons = batch["person"].to_numpy()
            self._ask(persons)
            batch = where(batch, self._said[persons] == _MAY)
        if batch.num_rows:
            yield batch

    def _ask(self, persons: npt.NDArray[np.int64]) -> None:
        missing = int(persons.max()) + 1 - len(self._said)
        if missing > 0:
            self._said = np.concatenate([self._said, np.zeros(missing, dtype=np.int8)])
        new = np.unique(persons[self._said[persons] == 0])
        if len(new):
            may = allowed(new.tolist(), self._purpose, self._gate)
            self._said[new] = _MAY_NOT
            self._said[list(may)] = _MAY


def _is_only_hot(batch: Any, record: dict[int, ArchivedDay]) -> Any:
    """Which hot rows no file holds yet: some may wait to be purged."""
    days, place = np.unique(batch["at_ms"].to_numpy() // DAY_MS, return_inverse=True)
    until = np.array([record[day].until_seq if day in record else 0 for day in days.tolist()], dtype=np.int64)
    return batch["seq"].to_numpy() > until[place]


def _since(batch: Any, since_ms: int | None) -> Any:
    return batch if since_ms is None else where(batch, batch["at_ms"].to_numpy() >= since_ms)


def _of_kind(batch: Any, kind: int | None) -> Any:
    return batch if kind is None else where(batch, batch["kind"].to_numpy() == kind)
