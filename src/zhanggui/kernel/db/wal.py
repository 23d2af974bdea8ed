"""Keeps the write-ahead log short. Only the writer checkpoints, while it holds the file lock."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlalchemy as sa

BUSY_MS = 10_000
"""How long a statement waits for a stranger that has locked the store (our own processes wait on the file lock)."""
RESTART_BUSY_MS = 50
TOO_LONG = 4
"""A log this many times the usual length is started over by force, which waits a moment for readers."""
PAUSE_S = 2.0
"""Between two times that the log is copied back, unless `AT_MOST` times the usual length of it waits: a flood of events
writes nearly the same pages again and again, and each of them is copied once for all."""
AT_MOST = 3
BLIND_COMMITS = 64
"""Commits between checkpoints where SQLite cannot say how much waits."""


class Wal:
    """The log of one store.

    SQLite 3.51 and later says how many frames the log has and how many of them stand in the store (6 µs); before,
    the log is copied back every `BLIND_COMMITS`. The file's length says nothing, since the log is reused from its
    start; and its index must never be opened here: closing it would drop the locks that SQLite holds on it (POSIX).
    """

    def __init__(
        self, path: Path, *, checkpoint_pages: int, can_ask: bool, seconds: Callable[[], float] = time.monotonic
    ) -> None:
        self._path = path.with_name(path.name + "-wal")
        self._checkpoint_pages = checkpoint_pages
        self._can_ask = can_ask
        self._seconds = seconds
        self._commits = 0
        self._next_restart = TOO_LONG * checkpoint_pages
        self._copied_at = seconds() - PAUSE_S

    def checkpoint_if_due(self, connection: sa.Connection) -> None:
        """Copy the log back when enough of it waits; a reader in the way only delays that."""
        if not self._can_ask and not self._is_blind_turn():
            return
        limit = TOO_LONG * self._checkpoint_pages
        written, copied = _checkpoint(connection, "NOOP" if self._can_ask else "PASSIVE")[1:]
        if written < limit:
            self._next_restart = limit
        if written >= self._next_restart:
            # A long read (a training) keeps the log from starting over: try again only when it has grown some more.
            self._next_restart = limit if self._restart(connection) else written + self._checkpoint_pages
        elif self._is_enough(written - copied):
            _checkpoint(connection, "PASSIVE")
            self._copied_at = self._seconds()

    def checkpoint_all(self, connection: sa.Connection) -> bool:
        """Copy back all that can be; whether the log is empty now."""
        return self._restart(connection)

    def _is_enough(self, waiting: int) -> bool:
        is_long_ago = self._seconds() - self._copied_at >= PAUSE_S
        return waiting >= self._checkpoint_pages * (1 if is_long_ago else AT_MOST)

    def _is_blind_turn(self) -> bool:
        self._commits += 1
        return self._commits % BLIND_COMMITS == 0 and self._path.stat().st_size >= self._checkpoint_pages * 4096

    def _restart(self, connection: sa.Connection) -> bool:
        connection.exec_driver_sql(f"PRAGMA busy_timeout={RESTART_BUSY_MS}")
        try:
            return not _checkpoint(connection, "TRUNCATE")[0]
        finally:
            connection.exec_driver_sql(f"PRAGMA busy_timeout={BUSY_MS}")


def _checkpoint(connection: sa.Connection, mode: str) -> tuple[int, int, int]:
    driver: Any = connection.connection.driver_connection  # after every commit: not through the layers
    busy, written, copied = driver.execute(f"PRAGMA wal_checkpoint({mode})").fetchone()
    return busy, written, copied
