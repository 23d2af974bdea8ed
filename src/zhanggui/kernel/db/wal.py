"""Keeps the write-ahead log short. Only the writer checkpoints, while it holds the file lock."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy as sa

BUSY_MS = 10_000
"""How long a statement waits for a stranger that has locked the store (our own processes wait on the file lock)."""
RESTART_BUSY_MS = 50
TOO_LONG = 4
"""A log this many times the usual length is started over by force, which waits a moment for readers."""
BLIND_COMMITS = 64
"""Commits between checkpoints where SQLite cannot say how much waits."""


class Wal:
    """The log of one store.

    SQLite 3.51 and later says how many frames the log has and how many of them stand in the store (6 µs); before,
    the log is copied back every `BLIND_COMMITS`. The file's length says nothing, since the log is reused from its
    start; and its index must never be opened here: closing it would drop the locks that SQLite holds on it (POSIX).
    """

    def __init__(self, path: Path, *, checkpoint_pages: int, can_ask: bool) -> None:
        self._path = path.with_name(path.name + "-wal")
        self._checkpoint_pages = checkpoint_pages
        self._can_ask = can_ask
        self._commits = 0
        self._next_restart = TOO_LONG * checkpoint_pages

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
        elif written - copied >= self._checkpoint_pages:
            _checkpoint(connection, "PASSIVE")

    def checkpoint_all(self, connection: sa.Connection) -> bool:
        """Copy back all that can be; whether the log is empty now."""
        return self._restart(connection)

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
