"""The SQLite store: its file, its log, its lock, and what happens when the disk or a stranger is in the way."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from zhanggui.kernel.db import group_writer
from zhanggui.kernel.db import sqlite as sqlite_store
from zhanggui.kernel.db.sqlite import SqliteDatabase, sqlite_module
from zhanggui.kernel.db.wal import PAUSE_S, Wal
from zhanggui.kernel.errors import Unavailable


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteDatabase]:
    database = SqliteDatabase(tmp_path / "shop.db")
    database.write(lambda db: db.exec_driver_sql("CREATE TABLE t (id INTEGER PRIMARY KEY, body BLOB)").close())
    yield database
    database.close()


def adding(db: sa.Connection, size: int = 10) -> None:
    db.exec_driver_sql("INSERT INTO t (body) VALUES (zeroblob(?))", (size,))


def count(database: SqliteDatabase) -> int:
    with database.read() as db:
        return int(db.exec_driver_sql("SELECT count(*) FROM t").scalar_one())


def test_works_that_wait_together_are_one_commit(store: SqliteDatabase) -> None:
    commits: list[str] = []
    sa.event.listen(
        store._engine, "before_cursor_execute", lambda *a: commits.append(a[2]) if a[2] == "COMMIT" else None
    )
    gate = threading.Event()
    held = store.submit(lambda db: gate.wait(10))
    futures = [store.submit(adding) for _ in range(100)]
    gate.set()

    for future in [held, *futures]:
        future.result(10)
    assert count(store) == 100
    assert len(commits) <= 2


def test_the_file_its_log_and_its_lock_are_for_the_owner_only(store: SqliteDatabase, tmp_path: Path) -> None:
    rights = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}

    assert rights == dict.fromkeys(("shop.db", "shop.db-wal", "shop.db-shm", "shop.db.lock"), 0o600)


def test_every_commit_is_synced_and_no_connection_checkpoints_by_itself(store: SqliteDatabase) -> None:
    def pragmas(db: sa.Connection) -> list[Any]:
        wanted = ("journal_mode", "synchronous", "wal_autocheckpoint", "foreign_keys")
        return [db.exec_driver_sql(f"PRAGMA {name}").scalar() for name in wanted]

    with store.read() as db:
        assert pragmas(db) == ["wal", 2, 0, 1]
    assert store.write(pragmas) == ["wal", 2, 0, 1]


@pytest.mark.parametrize("can_ask", [True, False])
def test_the_log_stays_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, can_ask: bool) -> None:
    monkeypatch.setattr(sqlite_store, "CHECKPOINT_PAGES", 50)
    database = SqliteDatabase(tmp_path / "shop.db")
    database._wal = Wal(database.path, checkpoint_pages=50, can_ask=can_ask)
    database.write(lambda db: db.exec_driver_sql("CREATE TABLE t (id INTEGER PRIMARY KEY, body BLOB)").close())

    for _ in range(600):
        database.write(lambda db: adding(db, 8000))

    assert (tmp_path / "shop.db-wal").stat().st_size < 20 * 50 * 4096
    assert count(database) == 600
    database.close()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["shop.db", "shop.db.lock"]


class Log:
    """A connection whose log has so many pages that wait; keeps what it is told."""

    def __init__(self) -> None:
        self.waiting = 0
        self.said: list[str] = []
        self.connection = self.driver_connection = self

    def execute(self, statement: str) -> Log:
        self.said.append(statement)
        return self

    def fetchone(self) -> tuple[int, int, int]:
        return 0, self.waiting, 0


def test_a_flood_is_copied_back_more_seldom_and_in_bounds(tmp_path: Path) -> None:
    now, log = [100.0], Log()
    wal = Wal(tmp_path / "shop.db", checkpoint_pages=50, can_ask=True, seconds=lambda: now[0])

    def is_copied(waiting: int, *, after_s: float) -> bool:
        log.waiting, log.said = waiting, []
        now[0] += after_s
        wal.checkpoint_if_due(log)  # type: ignore[arg-type]
        return "PRAGMA wal_checkpoint(PASSIVE)" in log.said

    assert not is_copied(49, after_s=0)
    assert is_copied(50, after_s=0)
    assert not is_copied(149, after_s=PAUSE_S / 2)
    assert is_copied(150, after_s=0)
    assert is_copied(50, after_s=PAUSE_S)


def test_a_long_read_lets_the_log_grow_without_stopping_writers_and_it_shrinks_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_store, "CHECKPOINT_PAGES", 20)
    database = SqliteDatabase(tmp_path / "shop.db")
    database.write(lambda db: db.exec_driver_sql("CREATE TABLE t (id INTEGER PRIMARY KEY, body BLOB)").close())
    wal = tmp_path / "shop.db-wal"

    with database.read() as db:
        db.exec_driver_sql("SELECT count(*) FROM t").scalar_one()
        for _ in range(300):
            database.write(lambda db: adding(db, 8000))
        grown = wal.stat().st_size
    for _ in range(100):
        database.write(lambda db: adding(db, 8000))

    assert grown > 16 * 20 * 4096
    assert wal.stat().st_size < grown
    database.close()


def test_a_full_disk_is_unavailable_and_the_store_goes_on_when_there_is_room(store: SqliteDatabase) -> None:
    store.write(lambda db: db.exec_driver_sql("PRAGMA max_page_count=40").close())

    with pytest.raises(Unavailable, match="full") as refused:
        store.write(lambda db: adding(db, 1_000_000))

    assert "disk space" in refused.value.hint
    store.write(lambda db: db.exec_driver_sql("PRAGMA max_page_count=100000").close())
    store.write(adding)
    assert count(store) == 1


def test_a_stranger_that_locks_the_store_makes_it_unavailable_not_broken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_store, "BUSY_MS", 50)
    store = SqliteDatabase(tmp_path / "shop.db")
    store.write(lambda db: db.exec_driver_sql("CREATE TABLE t (id INTEGER PRIMARY KEY, body BLOB)").close())

    with closing(sqlite_module().connect(str(store.path), isolation_level=None)) as stranger:
        stranger.execute("BEGIN IMMEDIATE")
        with pytest.raises(Unavailable, match="locked"):
            store.write(adding)
        stranger.execute("ROLLBACK")

    store.write(adding)
    assert count(store) == 1
    store.close()


def test_a_damaged_file_is_named_with_a_cure(tmp_path: Path) -> None:
    (tmp_path / "shop.db").write_bytes(b"this is no database at all" * 400)

    with pytest.raises(Unavailable, match=r"shop\.db cannot be opened") as refused:
        SqliteDatabase(tmp_path / "shop.db")

    assert refused.value.hint


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(Unavailable, match="cannot be opened"):
        SqliteDatabase(tmp_path / "file" / "shop.db")


def test_write_inside_a_work_is_refused_instead_of_waiting_for_itself(store: SqliteDatabase) -> None:
    with pytest.raises(RuntimeError, match="would wait for itself"):
        store.write(lambda db: store.write(adding))


def test_a_writer_that_cannot_connect_tells_its_callers_and_tries_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = SqliteDatabase(tmp_path / "shop.db")
    connect = store._engine.connect
    failures = iter([OSError("too many open files")])

    def failing_once() -> sa.Connection:
        for failure in failures:
            raise failure
        return connect()

    monkeypatch.setattr(store._engine, "connect", failing_once)

    with pytest.raises(Unavailable, match="too many open files"):
        store.write(adding)
    store.write(lambda db: db.exec_driver_sql("CREATE TABLE t (id INTEGER PRIMARY KEY, body BLOB)").close())
    store.close()


def test_works_beyond_one_group_are_all_written(store: SqliteDatabase, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(group_writer, "MAX_GROUP", 7)

    futures = [store.submit(adding) for _ in range(50)]

    assert [future.result(10) for future in futures] == [None] * 50
    assert count(store) == 50


def test_the_standard_librarys_sqlite_serves_as_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_store, "sqlite_module", lambda: sqlite3)
    store = SqliteDatabase(tmp_path / "shop.db")
    store.write(lambda db: db.exec_driver_sql("CREATE TABLE t (id INTEGER PRIMARY KEY, body BLOB)").close())

    store.write(adding)

    assert count(store) == 1
    store.close()
