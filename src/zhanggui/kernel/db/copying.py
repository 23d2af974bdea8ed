"""A copy of a SQLite store that others are writing to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .file_lock import FileLock
from .sqlite import sqlite_module


def copy_store(source: Path, target: Path) -> None:
    """Copy a store as it was committed at one moment; readers and writers of it go on meanwhile.

    Only for a process that has not opened the store otherwise: closing a second handle would drop the locks that SQLite
    holds on the file (POSIX).

    Args:
        source: the store.
        target: a file that is not there yet; it is made for its owner only, and is complete without a log beside it.
    """
    target.touch(mode=0o600, exist_ok=False)
    # Whoever closes a store last makes SQLite copy the log back, which is a writer's work.
    lock = FileLock(source.with_name(source.name + ".lock"))
    reading = sqlite_module().connect(f"file:{source}?mode=ro", uri=True)
    try:
        with bare_store(target) as writing:
            reading.backup(writing)
            writing.execute("PRAGMA journal_mode=DELETE").fetchall()
    finally:
        with lock:
            reading.close()


@contextmanager
def bare_store(path: Path) -> Iterator[Any]:
    """A connection to a store that nobody else has open, such as a copy. What is deleted is overwritten."""
    connection = sqlite_module().connect(str(path), isolation_level=None)
    try:
        connection.execute("PRAGMA secure_delete=ON").fetchall()
        yield connection
    finally:
        connection.close()
