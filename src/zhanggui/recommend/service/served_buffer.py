"""Holds served lists for a moment, so that hundreds of answers cost one commit.

Every commit makes each reading connection of each process look at the store's index anew, which costs an answer more
than its own reading does. The log of served lists may lose its last group; nothing else waits here.
"""

from __future__ import annotations

import threading
from contextlib import suppress

from zhanggui.kernel.errors import Unavailable
from zhanggui.recommend.ports import ServedLog
from zhanggui.recommend.types.lists import ServedEntry

MOST = 1_000


class ServedBuffer:
    """Hands lists to the log `after_s` seconds after the first that waits, or when 1,000 wait; at once for 0."""

    def __init__(self, log: ServedLog, after_s: float) -> None:
        self._log, self._after_s = log, after_s
        self._lock = threading.Lock()
        self._waiting: list[ServedEntry] = []

    def put(self, entry: ServedEntry) -> None:
        """Take a list; returns at once."""
        with self._lock:
            self._waiting.append(entry)
            waiting = len(self._waiting)
        if self._after_s == 0 or waiting >= MOST:
            self.flush()
        elif waiting == 1:
            timer = threading.Timer(self._after_s, self.flush)
            timer.daemon = True
            timer.start()

    def flush(self) -> None:
        """Hand over all that wait; they are lost when the store was closed meanwhile."""
        with self._lock:
            waiting, self._waiting = self._waiting, []
        if waiting:
            with suppress(Unavailable):
                self._log.log_served(waiting)
