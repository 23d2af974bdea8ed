"""Moves closed days to the archive, folds each person's older history, and takes a person out of it all.

Four steps, each of which may be the last one of a process without loss or doubling:

1. write the day's file (nobody knows it yet),
2. record it: from this commit on the file stands for the day's rows up to `until_seq`, and readers of the history
   pass over those hot rows,
3. by some hundred rows a commit, take them out of the hot table and fold them into their persons' rows,
4. note that the day is purged, and delete the file that it had before.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

import msgspec
import numpy as np
import sqlalchemy as sa

from zhanggui.kernel.clock import DAY_MS, Clock, day_number, to_ms
from zhanggui.kernel.db import Database
from zhanggui.kernel.privacy import Duty
from zhanggui.kernel.slices import sliced
from zhanggui.shop.engines.folding import Longs, fold, within
from zhanggui.shop.errors import ArchiveBusy
from zhanggui.shop.tables import events as tables
from zhanggui.shop.tables.events import QUIET_KINDS, ArchivedDay

from .day_files import DayFiles, to_table, together, where

PURGED_AT_ONCE = 500
ROWS_AT_ONCE = 50_000
MAX_DAY_AGE = 31
SERVED_DAYS = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """The archive of one shop's events. Its methods hold a lock: they run one at a time, in whatever process.

    Args:
        hot_days: that stay in the hot table whole, today included.
        before_leaving: counts what is read from the hot table only, before any of it leaves.
    """

    db: Database
    clock: Clock
    files: DayFiles
    hot_days: int
    before_leaving: Callable[[], object] = lambda: None

    def archive_closed_days(self) -> int:
        """Move all days before the last `hot_days` to the archive; returns how many events moved."""
        closed = day_number(to_ms(self.clock())) - self.hot_days + 1
        with self.files.changing():
            until = self.db.write(tables.watermark)
            self.before_leaving()
            with self.db.read() as db:
                record = tables.archive_record(db)
                hot = [day for day in tables.hot_days(db) if day[0] < closed]
            for day, _, first, last in hot:
                self._write_day(day, record.get(day), first, min(last, until), until)
            moved = self._purge()
            self._sweep()
        return moved

    def forget_person(self, number: int) -> None:
        """Take a person's events out of the hot table, the folded histories, the served lists and every file."""
        with self.files.changing():
            self.db.write(lambda db: tables.forget_person(db, number))
            with self.db.read() as db:
                record = list(tables.archive_record(db).values())
            for day in record:
                self._rewrite_without(day, (number,))
            self._sweep()

    def forget_people(self, numbers: Collection[int]) -> int:
        """Write every file anew that holds events of these persons, without them; returns how many.

        Raises:
            ArchiveBusy: a reader holds a file that was replaced; calling it again deletes it.
        """
        with self.files.changing():
            with self.db.read() as db:
                record = list(tables.archive_record(db).values())
            written = sum(self._rewrite_without(day, numbers) for day in record)
            is_swept = self._sweep()
        if not is_swept:
            raise ArchiveBusy("A long read holds files of the archive.", hint="It is tried again.")
        return written

    def forget_events(self, spans: Longs, on_people: Callable[[Sequence[int]], object]) -> None:
        """Take events out of every file and every folded history.

        Args:
            spans: (n, 2) first and last arrival numbers, upwards.
            on_people: told of whose they were, before they leave a file.
        """
        with self.files.changing():
            with self.db.read() as db:
                record = [day for day in tables.archive_record(db).values() if day.until_seq >= spans[0, 0]]
            for day in record:
                rows = self.files.read(day, ["seq", "person"])
                is_gone = within(rows["seq"].to_numpy(), spans)
                if is_gone.any():
                    people = np.unique(rows["person"].to_numpy()[is_gone]).tolist()
                    on_people(people)
                    for some in sliced(people, PURGED_AT_ONCE):
                        self.db.write(lambda db, some=some: _unfold(db, some, spans))  # type: ignore[misc]
                    self._rewrite(day, ~is_gone)
            self._sweep()

    def drop_old_ids(self, rows_at_once: int = 20_000) -> int:
        """Drop the id tables of days whose events are refused by now; returns how many were dropped."""
        oldest = tables.table_name(day_number(to_ms(self.clock())) - MAX_DAY_AGE)
        with self.db.read() as db:
            old = [name for name in tables.id_tables(db) if name < oldest]
        for name in old:
            while not self.db.write(lambda db, name=name: tables.drop_some(db, name, rows_at_once)):  # type: ignore[misc]
                continue
        return len(old)

    def drop_old_served_lists(self) -> int:
        """Delete the served lists that are older than 90 days; returns how many."""
        before_ms = to_ms(self.clock()) - SERVED_DAYS * DAY_MS
        dropped = 0
        while count := self.db.write(lambda db: tables.forget_served(db, before_ms=before_ms, limit=1000)):
            dropped += count
        return dropped

    def _write_day(self, day: int, before: ArchivedDay | None, first: int, last: int, until: int) -> None:
        after = max(first - 1, before.until_seq if before else 0)
        parts = [self.files.read(before)] if before else []
        while True:
            with self.db.read() as db:
                rows = tables.hot_rows(
                    db,
                    after_seq=after,
                    until_seq=last,
                    limit=ROWS_AT_ONCE,
                    from_ms=day * DAY_MS,
                    to_ms=(day + 1) * DAY_MS,
                    purpose=Duty.UPKEEP,
                )
            if not rows:
                break
            parts.append(to_table(rows))
            after = rows[-1][0]
        if len(parts) == (1 if before else 0):
            return
        table = together(parts)
        sha256 = self.files.write(day, table)
        new = ArchivedDay(day, table.num_rows, sha256, until, before.purged_seq if before else 0)
        self._record(new, before)

    def _record(self, new: ArchivedDay, before: ArchivedDay | None) -> None:
        if not self.db.write(lambda db: tables.record_day(db, new, instead_of=before)):
            raise RuntimeError(f"the record of day {new.day} changed under the archive's lock")

    def _purge(self) -> int:
        with self.db.read() as db:
            due = [day for day in tables.archive_record(db).values() if day.purged_seq < day.until_seq]
        moved = 0
        for day in due:
            seqs = self.files.read(day, ["seq"])["seq"].to_numpy()  # by person: each one's history is folded once
            wanted = seqs[seqs > day.purged_seq].tolist()
            for some in sliced(wanted, PURGED_AT_ONCE):
                moved += self.db.write(lambda db, some=some: _fold_away(db, some))  # type: ignore[misc]
            self.db.write(lambda db, day=day: tables.set_purged(db, day.day, day.until_seq))  # type: ignore[misc]
        return moved

    def _rewrite_without(self, day: ArchivedDay, numbers: Collection[int]) -> bool:
        persons = self.files.read(day, ["person"])["person"].to_numpy()
        is_gone = np.isin(persons, np.fromiter(numbers, dtype=np.int64))
        if not is_gone.any():
            return False
        self._rewrite(day, ~is_gone)
        return True

    def _rewrite(self, day: ArchivedDay, is_left: Any) -> None:
        left = where(self.files.read(day), is_left)
        sha256 = self.files.write(day.day, left)
        self._record(msgspec.structs.replace(day, rows=left.num_rows, sha256=sha256), day)

    def _sweep(self) -> bool:
        with self.db.read() as db:
            record = list(tables.archive_record(db).values())
        return self.files.sweep(record)


def _unfold(db: sa.Connection, persons: Sequence[int], spans: Longs) -> None:
    held = tables.read_folded(db, persons, purpose=Duty.UPKEEP)
    left = {person: history[:, ~within(history[0], spans)] for person, history in held.items()}
    tables.store_folded(db, {person: history for person, history in left.items() if history.size})
    tables.folded_histories.delete_people(db, [person for person, history in left.items() if not history.size])


def _fold_away(db: sa.Connection, seqs: Sequence[int]) -> int:
    taken = sorted(tables.take_hot(db, seqs))
    news: dict[int, Longs] = {}
    for person, rows in groupby(taken, key=itemgetter(0)):
        kept = [row[1:] for row in rows if row[2] > 0 and row[3] not in QUIET_KINDS]
        if kept:
            news[person] = np.array(kept, dtype=np.int64).T
    older = tables.read_folded(db, list(news), purpose=Duty.UPKEEP)
    folded = {person: fold(older.get(person), rows, kept=tables.KEPT) for person, rows in news.items()}
    tables.store_folded(db, folded)
    return len(taken)
