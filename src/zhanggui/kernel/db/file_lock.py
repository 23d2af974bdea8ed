"""One holder at a time among processes."""

from __future__ import annotations

import fcntl
import os
import struct
import sys
from pathlib import Path
from types import TracebackType

_HAS_DOOR = sys.platform == "linux" and hasattr(fcntl, "F_OFD_SETLKW")
_DOOR_SHUT = struct.pack("hhqqi4x", fcntl.F_WRLCK, os.SEEK_SET, 0, 1, 0)
_DOOR_OPEN = struct.pack("hhqqi4x", fcntl.F_UNLCK, os.SEEK_SET, 0, 1, 0)
_SET_AND_WAIT: int = getattr(fcntl, "F_OFD_SETLKW", 0)


class FileLock:
    """`flock` on a file: the kernel releases it when the process dies, and a waiter sleeps in the kernel.

    The kernel wakes a waiter and lets it try again, so that a holder who comes straight back is mostly faster: with two
    busy writers one of them waited 700 ms. Hence the door (a lock of another kind on the same file): whoever waits for
    the lock stands in it, and the last holder must queue behind them. Where the system has no such lock, luck decides.

    One object is for one thread at a time; it is not reentrant.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handle = -1

    def __enter__(self) -> None:
        if self._handle < 0:
            self._handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        if not _HAS_DOOR:
            fcntl.flock(self._handle, fcntl.LOCK_EX)
            return
        fcntl.fcntl(self._handle, _SET_AND_WAIT, _DOOR_SHUT)
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX)
        finally:
            fcntl.fcntl(self._handle, _SET_AND_WAIT, _DOOR_OPEN)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        fcntl.flock(self._handle, fcntl.LOCK_UN)

    def __del__(self) -> None:
        if self._handle >= 0:
            os.close(self._handle)
