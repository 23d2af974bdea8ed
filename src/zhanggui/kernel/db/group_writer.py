"""The writer thread of a SQLite store: works that wait together commit together."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa

from zhanggui.kernel.errors import Unavailable

from .database import Work, store_closed
from .file_lock import FileLock
from .wal import Wal

T = TypeVar("T")
_Item = tuple[Work[Any], "Future[Any] | Awaited"]
_Answer = Callable[[], None]
MAX_GROUP = 256
LINGER_S = 0.0006
"""A commit costs as much as some ten works: where several came together last time, as many are waited for so long."""
LOOK_S = 0.0001
_STORE_FAILED = {"SQLITE_FULL", "SQLITE_IOERR", "SQLITE_READONLY", "SQLITE_CORRUPT", "SQLITE_BUSY", "SQLITE_LOCKED"} | {
    "SQLITE_CANTOPEN",
    "SQLITE_NOMEM",
    "SQLITE_NOTADB",
}
"""What SQLite says when the store, not the statement, is at fault."""


class Awaited:
    """What a thread that waits is told of its work: all it needs of a future, made and woken by one lock."""

    __slots__ = ("_done", "_failure", "_value")

    def __init__(self) -> None:
        self._done = threading.Lock()
        self._done.acquire()
        self._failure: BaseException | None = None

    def set_running_or_notify_cancel(self) -> bool:
        """Whether somebody waits."""
        return True

    running = set_running_or_notify_cancel

    def set_result(self, value: Any) -> None:
        """Wake it with an answer."""
        self._value = value
        self._done.release()

    def set_exception(self, failure: BaseException) -> None:
        """Wake it with what its work raised."""
        self._failure = failure
        self._done.release()

    def result(self) -> Any:
        """Wait for the answer."""
        self._done.acquire()
        if self._failure is not None:
            try:
                raise self._failure
            finally:
                del self  # its failure's traceback holds this frame: a circle
        return self._value


class GroupWriter:
    """One thread that holds the file lock while it writes a group.

    A waiter for the lock sleeps in the kernel. SQLite's own busy wait polls, which gave p99 1.1 s with two server
    processes.
    """

    def __init__(self, engine: sa.Engine, path: Path, wal: Wal) -> None:
        self._engine = engine
        self._lock = FileLock(path.with_name(path.name + ".lock"))
        self._wal = wal
        self._queue: queue.SimpleQueue[_Item | None] = queue.SimpleQueue()
        self._door = threading.Lock()  # nothing may be queued behind the closing mark: nobody would answer it
        self._is_closing = False
        self._thread = threading.Thread(target=self._run, name=f"writer:{path.name}", daemon=True)
        self._thread.start()

    def submit(self, work: Work[T]) -> Future[T]:
        """Queue `work`; the future holds its answer once it is on disk."""
        future: Future[T] = Future()
        self._put(work, future)
        return future

    def write(self, work: Work[T]) -> T:
        """Queue `work` and wait until it is on disk; its answer."""
        awaited = Awaited()
        self._put(work, awaited)
        answer: T = awaited.result()
        return answer

    def _put(self, work: Work[Any], future: Future[Any] | Awaited) -> None:
        with self._door:
            if self._is_closing:
                raise store_closed()
            self._queue.put((work, future))

    def is_current_thread(self) -> bool:
        """Whether the caller is a work (or a future's callback), which must not wait for another work."""
        return threading.current_thread() is self._thread

    def close(self) -> None:
        """Write what waits, then stop the thread."""
        with self._door:
            if not self._is_closing:
                self._is_closing = True
                self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        connection: sa.Connection | None = None
        group: list[_Item] = []
        while (first := self._queue.get()) is not None:
            self._linger(len(group) - 1)
            group = [first]
            try:
                with self._lock:
                    self._take_waiting(group)
                    if connection is None:
                        connection = self._engine.connect()
                        connection.begin()  # for works that ask SQLAlchemy; the transactions themselves are said by us
                    answers = self._write_group(connection, group)
            except Exception as error:  # noqa: BLE001  (every caller must hear of it, whatever it was)
                _let_go(connection)
                connection = None  # the next group starts from a fresh one
                started = [future for _, future in group if future.running() or future.set_running_or_notify_cancel()]
                answers = [_failing(future, _unavailable(error)) for future in started]
            # Answered outside the lock: waking a caller must not keep another process waiting.
            for answer in answers:
                answer()
        with suppress(Exception), self._lock:
            if connection is not None:
                self._wal.checkpoint_all(connection)
            _let_go(connection)

    def _linger(self, others: int) -> None:
        """Wait a moment until so many works wait."""
        until = time.monotonic() + LINGER_S
        while self._queue.qsize() < others and time.monotonic() < until:
            time.sleep(LOOK_S)

    def _take_waiting(self, group: list[_Item]) -> None:
        with suppress(queue.Empty):
            while len(group) < MAX_GROUP:
                item = self._queue.get_nowait()
                if item is None:
                    self._queue.put(None)
                    return
                group.append(item)

    def _write_group(self, connection: sa.Connection, group: list[_Item]) -> list[_Answer]:
        """Run and commit a group; what comes back wakes each caller."""
        # From here on a future cannot be cancelled: its caller learns what became of the work.
        group[:] = [(work, future) for work, future in group if future.set_running_or_notify_cancel()]
        if not group:
            return []
        _say(connection, "BEGIN IMMEDIATE")
        if len(group) == 1:  # a work that shares its transaction with nobody is undone as a whole
            answers = [_answered(connection, group[0], undo=("ROLLBACK",), keep="COMMIT")]
        else:
            answers = [_in_savepoint(connection, item) for item in group]
            _say(connection, "COMMIT")
        with suppress(Exception):  # the commit stands, whatever becomes of a checkpoint
            self._wal.checkpoint_if_due(connection)
        return answers


def _in_savepoint(connection: sa.Connection, item: _Item) -> _Answer:
    _say(connection, "SAVEPOINT work")
    return _answered(connection, item, undo=("ROLLBACK TO work", "RELEASE work"), keep="RELEASE work")


def _answered(connection: sa.Connection, item: _Item, *, undo: Sequence[str], keep: str) -> _Answer:
    """Run a work and keep what it did; undo it when it raises."""
    work, future = item
    try:
        value = work(connection)
    except BaseException as error:  # noqa: BLE001  (it belongs to the caller)
        failure = _unavailable(error) if is_store_failure(error) else error
        try:
            for statement in undo:
                _say(connection, statement)
        except Exception:  # noqa: BLE001
            # After a full disk SQLite may have undone the whole transaction: then the group fails, for that reason.
            raise failure from error
        return _failing(future, failure)
    _say(connection, keep)
    return lambda: future.set_result(value)


def _say(connection: sa.Connection, statement: str) -> None:
    """Say what frames the works straight to the driver; the layers between cost ten times the statement."""
    driver: Any = connection.connection.driver_connection
    driver.execute(statement)


def is_store_failure(error: BaseException) -> bool:
    """Whether the store itself is at fault: disk full, locked by a stranger, unreadable."""
    raised = error.orig if isinstance(error, sa.exc.DBAPIError) else error
    name = str(getattr(raised, "sqlite_errorname", ""))
    return any(name == known or name.startswith(known + "_") for known in _STORE_FAILED)


def _failing(future: Future[Any] | Awaited, failure: BaseException) -> _Answer:
    return lambda: future.set_exception(failure)


def _unavailable(error: BaseException) -> Unavailable:
    if isinstance(error, Unavailable):
        return error
    seen = error.orig if isinstance(error, sa.exc.DBAPIError) else error
    failure = Unavailable(f"The store could not commit: {seen}.", hint="Check free disk space and the file's rights.")
    failure.__cause__ = error
    return failure


def _let_go(connection: sa.Connection | None) -> None:
    if connection is not None:
        with suppress(Exception):
            connection.exec_driver_sql("ROLLBACK")
        with suppress(Exception):
            connection.invalidate()
        with suppress(Exception):
            connection.close()
