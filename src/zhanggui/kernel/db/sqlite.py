"""SQLite in WAL mode, one writer thread a process, one writer at a time among processes."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any, Literal, TypeVar

import sqlalchemy as sa

from zhanggui.kernel.errors import Unavailable

from .database import Work
from .group_writer import GroupWriter

T = TypeVar("T")

CHECKPOINT_PAGES = 4000
"""WAL pages (4 KiB each) after which the writer checkpoints, while it holds the lock."""


def sqlite_module() -> ModuleType:
    """pysqlite3 where it is installed, else the standard library's.

    SQLite before 3.51.3 can, very rarely, corrupt a WAL store when two connections write and checkpoint at
    once; both stand under our file lock here, which excludes it.
    """
    try:
        import pysqlite3.dbapi2 as module
    except ImportError:
        return sqlite3
    return module  # type: ignore[no-any-return]


def _engine(path: Path, *, pool_size: int) -> sa.Engine:
    engine = sa.create_engine(
        f"sqlite:///{path}",
        module=sqlite_module(),
        isolation_level="AUTOCOMMIT",
        poolclass=sa.pool.QueuePool,
        pool_size=pool_size,
        max_overflow=64,
        pool_reset_on_return=None,
        connect_args={"check_same_thread": False, "cached_statements": 512},
    )

    @sa.event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "busy_timeout=10000",
            "wal_autocheckpoint=0",
            "cache_size=-65536",
            "mmap_size=268435456",
            "temp_store=MEMORY",
            "secure_delete=ON",
        ):
            connection.execute(f"PRAGMA {pragma}")

    return engine


class SqliteDatabase:
    """A store in one file. See `Database` for what its methods promise."""

    dialect: Literal["sqlite", "postgresql"] = "sqlite"

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._engine = _engine(path, pool_size=8)
        self._writer: GroupWriter | None = None
        self._starting = threading.Lock()

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """A connection on one consistent snapshot."""
        with self._engine.connect() as connection:
            connection.exec_driver_sql("BEGIN")
            try:
                yield connection
            finally:
                connection.exec_driver_sql("ROLLBACK")

    def write(self, work: Work[T]) -> T:
        """Run `work`, commit, answer."""
        return self.submit(work).result()

    def submit(self, work: Work[T]) -> Future[T]:
        """Hand `work` to this process's writer."""
        if self._writer is None:
            with self._starting:
                if self._writer is None:
                    self._writer = GroupWriter(self._engine, self.path, checkpoint_pages=CHECKPOINT_PAGES)
        return self._writer.submit(work)

    def close(self) -> None:
        """Finish what waits, then close."""
        if self._writer is not None:
            self._writer.close()
        self._engine.dispose()

    def require(self) -> None:
        """Raise unless the file is a store that can be read.

        Raises:
            Unavailable: it is not.
        """
        try:
            with self.read() as db:
                db.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar_one()
        except sa.exc.DatabaseError as error:
            raise Unavailable(
                f"{self.path.name} is not a readable SQLite store: {error.orig}", hint="Restore it from a backup."
            ) from error
