"""A peek: one row as it is now, outside of any transaction."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa

from zhanggui.kernel.db import Database, open_database
from zhanggui.kernel.db.sqlite import SqliteDatabase
from zhanggui.kernel.errors import Unavailable

CUPS = sa.Table("cups", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True), sa.Column("tea", sa.String(20)))


@pytest.fixture
def store(any_database: Database) -> Database:
    any_database.write(CUPS.create)
    return any_database


def pour(database: Database, tea: str) -> None:
    database.write(lambda db: db.execute(sa.insert(CUPS).values(tea=tea)))


def test_a_peek_is_the_first_row_or_none(store: Database) -> None:
    assert store.peek("SELECT tea FROM cups") is None
    pour(store, "龙井")
    pour(store, "碧螺春")

    assert store.peek("SELECT id, tea FROM cups ORDER BY id") == (1, "龙井")


def test_many_threads_peek_at_what_was_committed_before(store: Database) -> None:
    def peek_after_writing(number: int) -> bool:
        pour(store, f"tea {number}")
        return store.peek(f"SELECT tea FROM cups WHERE tea = 'tea {number}'") == (f"tea {number}",)

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(peek_after_writing, range(40)))


def test_a_peek_cannot_write_to_a_file(tmp_path: Path) -> None:
    store = open_database(f"sqlite:///{tmp_path / 'shop.db'}")
    store.write(CUPS.create)

    with pytest.raises(Unavailable, match="readonly"):
        store.peek("DELETE FROM cups")
    store.close()


def test_a_peek_leaves_no_snapshot_behind_that_keeps_the_log_from_starting_over(tmp_path: Path) -> None:
    store = SqliteDatabase(tmp_path / "shop.db")
    store.write(CUPS.create)
    pour(store, "龙井")
    pour(store, "碧螺春")
    store.peek("SELECT tea FROM cups")

    with store._engine.connect() as db:
        busy = db.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()[0]

    assert busy == 0
    store.close()


def test_a_kept_connection_that_died_is_replaced(store: Database) -> None:
    pour(store, "龙井")
    store.peek("SELECT 1")
    idle = store._peeking._idle  # type: ignore[attr-defined]
    died = idle.take()
    died.close()
    idle.give_back(died)

    assert store.peek("SELECT tea FROM cups") == ("龙井",)


def test_a_closed_store_is_not_peeked_at(tmp_path: Path) -> None:
    store = open_database(f"sqlite:///{tmp_path / 'shop.db'}")
    store.peek("SELECT 1")
    store.close()

    with pytest.raises(Unavailable, match="closed"):
        store.peek("SELECT 1")


def test_a_store_that_is_no_store_is_unavailable(tmp_path: Path) -> None:
    store = SqliteDatabase(tmp_path / "shop.db")

    with pytest.raises(Unavailable, match="no such table"):
        store.peek("SELECT * FROM nowhere")
    store.close()
