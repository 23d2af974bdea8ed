"""The whole history in one order, whether a row is hot or in the archive: what an export is written from."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa

from zhanggui.kernel.clock import DAY_MS
from zhanggui.kernel.privacy import Reason
from zhanggui.shop.tables.events import ArchivedDay, HotRow, archive_record
from zhanggui.shop.tables.past import hot_moments, hot_rows_of

from .day_files import COLUMNS, DayFiles, where

WINDOW = 200_000
"""Archived rows that are sorted at once."""
AT_ONCE = 2_000
FOREVER = 2**63 - 1

Longs = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class PastRows:
    """Reads every event once, by moment and then by arrival."""

    files: DayFiles

    def kept(self) -> AbstractContextManager[None]:
        """While it lasts, no file goes away; it begins before the snapshot that is read from."""
        return self.files.kept()

    def changing(self) -> AbstractContextManager[None]:
        """While it lasts, nobody else archives or restores."""
        return self.files.changing()

    def in_order(self, db: sa.Connection, *, purpose: Reason) -> Iterator[HotRow]:
        """All rows of the snapshot. In memory: `WINDOW` archived rows, and 16 bytes for each hot one."""
        record = archive_record(db)
        return heapq.merge(_hot(db, record, purpose), self._archived(record), key=_place)

    def _archived(self, record: Mapping[int, ArchivedDay]) -> Iterator[HotRow]:
        for day in record.values():
            bounds = _windows(self.files.read(day, ["at_ms"])["at_ms"].to_numpy())
            for first_ms, end_ms in itertools.pairwise(bounds):
                yield from self._window(day, first_ms, end_ms)

    def _window(self, day: ArchivedDay, first_ms: int, end_ms: int) -> Iterator[HotRow]:
        import pyarrow as pa

        parts = []
        for batch in self.files.batches(day, COLUMNS):
            moments = batch["at_ms"].to_numpy()
            parts.append(where(batch, (moments >= first_ms) & (moments < end_ms)))
        table = pa.Table.from_batches(parts).sort_by([("at_ms", "ascending"), ("seq", "ascending")])
        for batch in table.to_batches(max_chunksize=AT_ONCE):
            yield from zip(*(batch[name].to_pylist() for name in COLUMNS), strict=True)


def _place(row: HotRow) -> tuple[int, int]:
    return row[4], row[0]


def _windows(moments: Longs) -> list[int]:
    """The bounds of windows that hold `WINDOW` rows each, or more where so many share a moment."""
    if not len(moments):
        return []
    ordered = np.sort(moments)
    return [*np.unique(ordered[::WINDOW]).tolist(), FOREVER]


def _hot(db: sa.Connection, record: Mapping[int, ArchivedDay], purpose: Reason) -> Iterator[HotRow]:
    """The rows that no file stands for yet."""
    parts = [np.array(page, dtype=np.int64).reshape(-1, 2) for page in hot_moments(db, purpose=purpose)]
    if not parts:
        return
    seqs, moments = np.concatenate(parts).T
    days, place = np.unique(moments // DAY_MS, return_inverse=True)
    until = np.array([record[day].until_seq if day in record else 0 for day in days.tolist()], dtype=np.int64)
    only_hot = seqs > until[place]
    seqs, moments = seqs[only_hot], moments[only_hot]
    ordered = seqs[np.lexsort((seqs, moments))]
    for start in range(0, len(ordered), AT_ONCE):
        rows = hot_rows_of(db, ordered[start : start + AT_ONCE].tolist(), purpose=purpose)
        yield from sorted(rows, key=_place)
