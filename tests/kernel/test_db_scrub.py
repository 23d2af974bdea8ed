from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from zhanggui.kernel.db import Database, open_database
from zhanggui.kernel.errors import Unavailable

MARK = b"a-mark-that-nothing-else-holds"


@pytest.fixture
def store(tmp_path: Path) -> Database:
    database = open_database(f"sqlite:///{tmp_path}/shop.db")
    database.write(lambda db: db.exec_driver_sql("CREATE TABLE notes (id TEXT PRIMARY KEY, note BLOB)"))
    return database


def files_with_mark(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if MARK in path.read_bytes())


def write_and_delete(store: Database) -> None:
    """Rows in no order, so that pages split and cells are moved about before they are deleted."""

    def put(db: sa.Connection, n: int) -> None:
        id_ = f"{n * 7919 % 10_007:05d}-{MARK.decode()}"
        db.exec_driver_sql("INSERT INTO notes VALUES (?, ?)", (id_, MARK * (1 + n % 40)))

    for n in range(120):
        store.write(lambda db, n=n: put(db, n))  # type: ignore[misc]
    store.write(lambda db: db.exec_driver_sql("DELETE FROM notes"))


def test_after_a_scrub_nothing_deleted_is_left_in_store_and_log(store: Database, tmp_path: Path) -> None:
    write_and_delete(store)
    assert files_with_mark(tmp_path)  # the log at least still has it

    store.scrub()

    assert files_with_mark(tmp_path) == []
    store.write(lambda db: db.exec_driver_sql("INSERT INTO notes VALUES ('kept', 'x')"))
    with store.read() as db:
        assert db.exec_driver_sql("SELECT id FROM notes").scalars().all() == ["kept"]
    store.close()


def test_a_reader_of_an_older_state_is_named_and_nothing_is_lost(store: Database, tmp_path: Path) -> None:
    store.write(lambda db: db.exec_driver_sql("INSERT INTO notes VALUES ('kept', 'x')"))
    with store.read() as reading:
        reading.exec_driver_sql("SELECT count(*) FROM notes").scalar_one()
        write_and_delete(store)
        with pytest.raises(Unavailable, match="long read"):
            store.scrub()

    store.scrub()

    assert files_with_mark(tmp_path) == []
    store.close()


def test_a_scrub_stands_on_both_stores(any_database: Database) -> None:
    any_database.scrub()

    any_database.close()
    with pytest.raises(Unavailable):
        any_database.scrub()
