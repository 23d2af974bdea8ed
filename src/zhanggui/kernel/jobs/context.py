"""What a job sees of its surroundings while it runs."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime


class Stopped(Exception):
    """A handler ended early, as it was told to: nothing failed."""


class JobContext:
    """Handed to a handler. Its methods cost nothing, so a handler may call them as often as it likes.

    Attributes:
        idempotency_key: the same in each try of a job; send it with every effect outside the store.
        now: when this try began.
        attempt: 1 in the first try.
    """

    def __init__(
        self, *, idempotency_key: str, now: datetime, attempt: int, should_stop: Callable[[], bool] = lambda: False
    ) -> None:
        self.idempotency_key = idempotency_key
        self.now = now
        self.attempt = attempt
        self._should_stop = should_stop
        self._cancelled = threading.Event()
        self.progress = (0, 0)
        self.has_heard_cancel = False

    def on_step(self, done: int, of: int) -> None:
        """Say how far the job is; written about once a second."""
        self.progress = (done, of)

    def is_cancelled(self) -> bool:
        """Whether to stop: somebody cancelled the job, another process took it over, or this one is being stopped.

        A handler that has heard it returns soon; what it returns is then not applied.
        """
        if self._cancelled.is_set() or self._should_stop():
            self.has_heard_cancel = True
        return self.has_heard_cancel

    def step_or_stop(self, done: int, of: int) -> None:
        """Say how far the job is, for work that can be left at any of its steps.

        Raises:
            Stopped: `is_cancelled`; the handler lets it through.
        """
        self.on_step(done, of)
        if self.is_cancelled():
            raise Stopped

    def cancel(self) -> None:
        """Make `is_cancelled` true; called by the runner."""
        self._cancelled.set()
