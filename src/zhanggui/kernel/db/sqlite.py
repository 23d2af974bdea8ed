"""SQLite in WAL mode, one writer thread a process, one writer at a time among processes."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from pathlib import Path
from types import ModuleType
from typing import Any, Literal, TypeVar

import sqlalchemy as sa

from zhanggui.kernel.errors import Unavailable

from .database import Work, store_closed
from .file_lock import FileLock
from .group_writer import GroupWriter, is_store_failure
from .idle import Idle
from .peeking import Peeking
from .wal import BUSY_MS, TOO_LONG, Wal

T = TypeVar("T")

CHECKPOINT_PAGES = 16_000
"""WAL pages (4 KiB each) after which the writer checkpoints, while it holds the lock. The ids of events come in no
order, so that batches on top of millions of events write nearly the same pages again and again: fewer checkpoints copy
each of them back less often."""
WRITER_CACHE_KIB = 262_144
"""Taken up only as far as the pages written are: on 5 million events 64 MiB held half of what a batch touches."""


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


def _engine(path: Path, *, pool_size: int, is_writer: bool) -> sa.Engine:
    engine = sa.create_engine(
        f"sqlite:///{path}",
        module=sqlite_module(),
        isolation_level="AUTOCOMMIT",
        poolclass=sa.pool.QueuePool,
        pool_size=pool_size,
        max_overflow=64,
        pool_reset_on_return=None,
        connect_args={"check_same_thread": False, "cached_statements": 512, "timeout": BUSY_MS / 1000},
    )

    @sa.event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        for pragma in (
            f"busy_timeout={BUSY_MS}",
            "synchronous=FULL",
            "foreign_keys=ON",
            "wal_autocheckpoint=0",
            f"journal_size_limit={TOO_LONG * CHECKPOINT_PAGES * 4096}",
            # Readers read through the map, so their own caches may be small: there are many of them.
            f"cache_size={-WRITER_CACHE_KIB if is_writer else -4096}",
            "mmap_size=2147483648",
            "temp_store=MEMORY",
            "secure_delete=ON",
            f"query_only={'OFF' if is_writer else 'ON'}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    return engine


def _make(path: Path) -> None:
    """Make the file in WAL mode, readable by its owner only (its log and index take over the rights)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # Under the lock: two processes that switch a new store to WAL at once find it locked.
    with FileLock(path.with_name(path.name + ".lock")):
        # A store that exists is never opened here: closing it would drop the locks that SQLite holds on it (POSIX).
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        connection = sqlite_module().connect(str(path), timeout=BUSY_MS / 1000)
        try:
            connection.execute("PRAGMA journal_mode=WAL").fetchall()
        finally:
            connection.close()


class SqliteDatabase:
    """A store in one file. See `Database` for what its methods promise."""

    dialect: Literal["sqlite", "postgresql"] = "sqlite"

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            _make(path)
        except (OSError, sqlite_module().Error) as error:
            raise Unavailable(
                f"The store {path.name} cannot be opened: {error}.", hint=f"Check the rights of {path.parent}."
            ) from error
        self._readers = _engine(path, pool_size=8, is_writer=False)
        self._engine = _engine(path, pool_size=1, is_writer=True)
        self._failure: type[Exception] = sqlite_module().Error
        self._peeking = Peeking(self._readers)
        self._idle: Idle[sa.Connection] = Idle()
        can_ask = sqlite_module().sqlite_version_info >= (3, 51, 0)
        self._wal = Wal(path, checkpoint_pages=CHECKPOINT_PAGES, can_ask=can_ask)
        self._writer: GroupWriter | None = None
        self._is_closed = False
        self._starting = threading.Lock()

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """A connection on one consistent snapshot; it cannot write."""
        try:
            connection = self._idle.take()
            if connection is None:  # one from the pool costs more than a row
                connection = self._readers.connect()
            try:
                driver: Any = connection.connection.driver_connection  # twice in every answer: not through the layers
                driver.execute("BEGIN")
                try:
                    yield connection
                finally:
                    with suppress(self._failure):  # after a failed disk there may be nothing to undo
                        driver.execute("ROLLBACK")
            except BaseException:  # whatever state it is in, the next reader gets another one
                connection.close()
                raise
            self._idle.give_back(connection)
        except sa.exc.DBAPIError as error:
            if not is_store_failure(error) or "readonly" in str(error.orig):  # a write on it is our own mistake
                raise
            raise _unreadable(self.path, error.orig) from error
        except self._failure as error:
            if not is_store_failure(error):
                raise
            raise _unreadable(self.path, error) from error

    def peek(self, select: str) -> tuple[Any, ...] | None:
        """The first row of a SELECT, outside of any transaction."""
        return self._peeking(select)

    def write(self, work: Work[T]) -> T:
        """Run `work`, commit, answer."""
        if self._writer is not None and self._writer.is_current_thread():
            raise RuntimeError("write() inside a work would wait for itself; use the connection that the work got")
        return (self._writer or self._started_writer()).write(work)

    def submit(self, work: Work[T]) -> Future[T]:
        """Hand `work` to this process's writer."""
        return (self._writer or self._started_writer()).submit(work)

    def _started_writer(self) -> GroupWriter:
        with self._starting:
            if self._is_closed:
                raise store_closed()
            if self._writer is None:
                self._writer = GroupWriter(self._engine, self.path, self._wal)
            return self._writer

    def scrub(self) -> None:
        """Write the store anew and empty its log, under the writers' lock."""
        with self._starting:
            if self._is_closed:
                raise store_closed()
        try:
            with FileLock(self.path.with_name(self.path.name + ".lock")), self._engine.connect() as connection:
                connection.exec_driver_sql("VACUUM")
                is_empty = self._wal.checkpoint_all(connection)
        except (sa.exc.DBAPIError, self._failure) as error:
            raise Unavailable(f"{self.path.name} cannot be written anew: {error}.", hint=_SCRUB_HINT) from error
        if not is_empty:
            raise Unavailable(f"A long read keeps the log of {self.path.name} from being emptied.", hint=_SCRUB_HINT)

    def close(self) -> None:
        """Finish what waits, then close."""
        with self._starting:
            self._is_closed = True
        if self._writer is not None:
            self._writer.close()
        # Whoever closes a store last makes SQLite copy the log back, which is a writer's work.
        with FileLock(self.path.with_name(self.path.name + ".lock")):
            self._peeking.close()
            self._idle.close()
            self._readers.dispose()
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


_SCRUB_HINT = "It is tried again. The disk needs room for a second copy of the store meanwhile."


def _unreadable(path: Path, error: BaseException | None) -> Unavailable:
    return Unavailable(f"The store {path.name} cannot be read: {error}.", hint="Run: zhanggui doctor")
