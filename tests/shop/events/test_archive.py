"""The archive: nothing is lost or doubled, whatever step was the last, and a person can be taken out of it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from concurrent.futures import Future
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from tests.conftest import FixedClock
from tests.shop.events.builders import an_archive, an_event, history_of, stored

from zhanggui.kernel.db import Database
from zhanggui.kernel.privacy import Purpose
from zhanggui.shop.errors import ArchiveBroken
from zhanggui.shop.service.archive import Archive
from zhanggui.shop.service.day_files import COLUMNS, DayFiles
from zhanggui.shop.service.events import Events
from zhanggui.shop.service.history import History
from zhanggui.shop.tables.events import EventTail, append_events, archive_record, read_tail


class Killed(BaseException):
    """Stands for the end of the process."""


class MortalDatabase:
    """A store whose process dies at the n-th write: before it, or right after its commit."""

    def __init__(self, db: Database, *, lives: int, is_after: bool) -> None:
        self._db, self._lives, self._is_after = db, lives, is_after

    def __getattr__(self, name: str) -> Any:
        return getattr(self._db, name)

    def write(self, work: Callable[..., Any]) -> Any:
        self._lives -= 1
        if self._lives < 0 and not self._is_after:
            raise Killed
        answer = self._db.write(work)
        if self._lives < 0:
            raise Killed
        return answer

    def submit(self, work: Callable[..., Any]) -> Future[Any]:
        raise AssertionError("the archive waits for its writes")


class OnlyThese:
    """A consent gate that lets some persons through."""

    def __init__(self, persons: set[int]) -> None:
        self.persons = persons
        self.asked: list[int] = []

    def allows(self, person: int, purpose: Purpose) -> bool:
        return person in self.persons

    def allowed_among(self, persons: Collection[int], purpose: Purpose) -> set[int]:
        self.asked += persons
        return self.persons & set(persons)


def post_some(db: Database, clock: FixedClock, *, days: int = 6, per_day: int = 4) -> None:
    events = Events(db, clock)
    events.accept(
        [
            an_event(
                visitor_id=f"v{number % 3}",
                product_id=f"p{number}",
                at=clock.now - timedelta(days=day, minutes=number),
                value_minor=number if number % 2 else None,
                context={"surface": "home"} if number == 1 else {},
            )
            for day in range(days)
            for number in range(per_day)
        ]
    )


def tails(db: Database) -> list[list[list[int]]]:
    with db.read() as connection:
        found: list[EventTail] = [read_tail(connection, [person], purpose=Purpose.SERVICE) for person in (1, 2, 3)]
    return [np.stack([tail.seq, tail.product, tail.kind, tail.at_ms, tail.value_minor]).tolist() for tail in found]


def test_archiving_changes_neither_the_history_nor_a_tail(
    any_database: Database, clock: FixedClock, tmp_path: Path
) -> None:
    post_some(any_database, clock)
    before = history_of(any_database, tmp_path, with_extra=True), tails(any_database)

    moved = an_archive(any_database, clock, tmp_path).archive_closed_days()

    assert moved == 12
    assert len(stored(any_database)) == 12
    assert (history_of(any_database, tmp_path, with_extra=True), tails(any_database)) == before
    assert len(list(tmp_path.glob("*.parquet"))) == 3


def test_a_late_event_joins_its_archived_day(any_database: Database, clock: FixedClock, tmp_path: Path) -> None:
    post_some(any_database, clock)
    archive = an_archive(any_database, clock, tmp_path)
    archive.archive_closed_days()
    Events(any_database, clock).accept([an_event(visitor_id="v0", at=clock.now - timedelta(days=4))])
    before = history_of(any_database, tmp_path), tails(any_database)

    assert archive.archive_closed_days() == 1

    assert (history_of(any_database, tmp_path), tails(any_database)) == before
    assert len(list(tmp_path.glob("*.parquet"))) == 3  # the day's old file is gone


@pytest.mark.parametrize("is_after", [False, True], ids=["before", "after"])
def test_a_kill_at_any_write_loses_and_doubles_nothing(
    sqlite: Database, clock: FixedClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, is_after: bool
) -> None:
    monkeypatch.setattr("zhanggui.shop.service.archive.PURGED_AT_ONCE", 3)
    post_some(sqlite, clock)
    before = history_of(sqlite, tmp_path), tails(sqlite)
    kills = 0

    for lives in [*range(7)] * 6:
        mortal = MortalDatabase(sqlite, lives=lives, is_after=is_after)
        try:
            Archive(db=mortal, clock=clock, files=DayFiles(tmp_path), hot_days=3).archive_closed_days()
        except Killed:
            kills += 1
        assert (history_of(sqlite, tmp_path), tails(sqlite)) == before

    assert kills > 0
    an_archive(sqlite, clock, tmp_path).archive_closed_days()
    assert len(stored(sqlite)) == 12
    assert (history_of(sqlite, tmp_path), tails(sqlite)) == before


@pytest.mark.parametrize("step", ["rename", "_sha256", "sync_folder"])
def test_a_kill_while_a_file_is_written_leaves_rubbish_that_the_next_run_takes_away(
    sqlite: Database, clock: FixedClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def die(*_: object) -> None:
        raise Killed

    post_some(sqlite, clock)
    before = history_of(sqlite, tmp_path)
    where = "pathlib.Path.rename" if step == "rename" else f"zhanggui.shop.service.day_files.{step}"
    with monkeypatch.context() as dying:
        dying.setattr(where, die)
        with pytest.raises(Killed):
            an_archive(sqlite, clock, tmp_path).archive_closed_days()
    assert history_of(sqlite, tmp_path) == before

    an_archive(sqlite, clock, tmp_path).archive_closed_days()

    assert history_of(sqlite, tmp_path) == before
    assert not list(tmp_path.glob("*.part"))


def test_a_reader_of_the_history_keeps_its_view_while_days_move(
    sqlite: Database, clock: FixedClock, tmp_path: Path
) -> None:
    post_some(sqlite, clock)
    archive = an_archive(sqlite, clock, tmp_path)
    archive.archive_closed_days()
    expected = history_of(sqlite, tmp_path)
    reading = History(db=sqlite, files=DayFiles(tmp_path)).history(Purpose.SERVICE)
    seen = next(reading).to_pylist()

    clock.advance(days=1)
    Events(sqlite, clock).accept([an_event(at=clock.now - timedelta(days=5))])
    archive.archive_closed_days()

    seen += [row for batch in reading for row in batch.to_pylist()]
    assert sorted((tuple(row.values())[1:] for row in seen), key=repr) == expected
    archive.archive_closed_days()
    assert len(list(tmp_path.glob("*.parquet"))) == 4


def test_the_history_is_of_those_who_allow_the_purpose_and_from_the_moment_on(
    sqlite: Database, clock: FixedClock, tmp_path: Path
) -> None:
    post_some(sqlite, clock)
    an_archive(sqlite, clock, tmp_path).archive_closed_days()

    gate = OnlyThese({2})

    of_one = history_of(sqlite, tmp_path, Purpose.TRAINING, gate=gate)
    recent = history_of(sqlite, tmp_path, since=clock.now - timedelta(days=3, minutes=2))

    assert {row[0] for row in of_one} == {2}
    assert len(of_one) == 6
    assert sorted(gate.asked) == [1, 2, 3]
    assert len(recent) == 12 + 3
    assert history_of(sqlite, tmp_path, Purpose.TRAINING) == []


def test_a_forgotten_person_is_in_no_table_and_no_file(
    any_database: Database, clock: FixedClock, tmp_path: Path
) -> None:
    post_some(any_database, clock)
    archive = an_archive(any_database, clock, tmp_path)
    archive.archive_closed_days()
    before = history_of(any_database, tmp_path)

    archive.forget_person(2)

    assert history_of(any_database, tmp_path) == [row for row in before if row[0] != 2]
    assert tails(any_database)[1] == [[], [], [], [], []]
    with any_database.read() as db:
        record = archive_record(db)
    assert {DayFiles(tmp_path).path(day.day, day.sha256) for day in record.values()} == set(tmp_path.glob("*.parquet"))


def test_a_missing_file_is_named(sqlite: Database, clock: FixedClock, tmp_path: Path) -> None:
    post_some(sqlite, clock)
    an_archive(sqlite, clock, tmp_path).archive_closed_days()
    next(tmp_path.glob("*.parquet")).unlink()

    with pytest.raises(ArchiveBroken, match="parquet"):
        history_of(sqlite, tmp_path)


def test_only_the_last_interactions_are_folded(sqlite: Database, clock: FixedClock, tmp_path: Path) -> None:
    long_ago = int((clock.now - timedelta(days=9)).timestamp() * 1000)
    sqlite.write(lambda db: append_events(db, [(1, n + 1, 0, long_ago + n, None, None) for n in range(700)]))

    an_archive(sqlite, clock, tmp_path).archive_closed_days()

    with sqlite.read() as db:
        tail = read_tail(db, [1], limit=1000, purpose=Purpose.SERVICE)
    assert tail.product.tolist() == list(range(700, 444, -1))


def test_numbers_of_events_are_never_given_again(sqlite: Database, clock: FixedClock, tmp_path: Path) -> None:
    row = (1, 1, 0, int((clock.now - timedelta(days=9)).timestamp() * 1000), None, None)
    sqlite.write(lambda db: append_events(db, [row]))
    an_archive(sqlite, clock, tmp_path).archive_closed_days()

    sqlite.write(lambda db: append_events(db, [row]))

    assert stored(sqlite, "seq") == [(2,)]


def test_what_was_remembered_for_a_time_is_dropped(any_database: Database, clock: FixedClock, tmp_path: Path) -> None:
    Events(any_database, clock).accept([an_event(at=clock.now)])
    archive = an_archive(any_database, clock, tmp_path)

    assert archive.drop_old_ids() == 0
    clock.advance(days=32)
    assert archive.drop_old_ids() == 1


def test_of_days_on_which_somebody_did_not_come_only_the_column_of_persons_is_read(
    sqlite: Database, clock: FixedClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    post_some(sqlite, clock, days=8)
    Events(sqlite, clock).accept([an_event(visitor_id="seldom", at=clock.now - timedelta(days=6))])
    an_archive(sqlite, clock, tmp_path).archive_closed_days()
    Events(sqlite, clock).accept([an_event(visitor_id="seldom", at=clock.now)])
    person = stored(sqlite, "person")[-1][0]
    read: list[tuple[str, ...]] = []
    whole = pq.ParquetFile.read_row_group

    def read_row_group(file: Any, group: int, columns: list[str]) -> Any:
        read.append(tuple(columns))
        return whole(file, group, columns=columns)

    monkeypatch.setattr(pq.ParquetFile, "read_row_group", read_row_group)
    theirs = history_of(sqlite, tmp_path, among=[person])

    assert theirs == [row for row in history_of(sqlite, tmp_path) if row[0] == person]
    assert len(theirs) == 2
    assert [columns for columns in read if columns != ("person",)] == [COLUMNS[:-1]]
