"""Keeps a job in hand while it runs, writes its progress, and hears when it is cancelled."""

from __future__ import annotations

import threading
from types import TracebackType

from zhanggui.kernel.clock import Clock, to_ms
from zhanggui.kernel.db import Database
from zhanggui.kernel.errors import Unavailable

from .context import JobContext
from .errors import LeaseLost
from .tables import change_held, is_cancel_wanted
from .types import Claim

LOOK_S = 1.0


class Heartbeat:
    """A thread beside a running job.

    It stands beside the handler, not inside `on_step`: a training may compute for minutes without a step, and must not
    lose its job for that.
    """

    def __init__(self, db: Database, clock: Clock, claim: Claim, context: JobContext, *, lease_ms: int) -> None:
        self._db = db
        self._clock = clock
        self._claim = claim
        self._context = context
        self._lease_ms = lease_ms
        self._every_s = min(LOOK_S, lease_ms / 3000)
        self._renewed_ms = to_ms(clock())
        self._written = context.progress
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"heartbeat:{claim.id}", daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._ended.wait(self._every_s):
            try:
                self.beat()
            except LeaseLost:
                self._context.cancel()
                return
            except Unavailable:  # the store is busy or away: the next beat tries again, and the lease decides
                continue

    def beat(self) -> None:
        """Look once: renew the lease when a third of it is gone, write progress when there is any.

        Raises:
            LeaseLost: another process holds the job.
        """
        with self._db.read() as db:
            if is_cancel_wanted(db, self._claim.id):
                self._context.cancel()
        now_ms, progress = to_ms(self._clock()), self._context.progress
        if progress == self._written and now_ms - self._renewed_ms < self._lease_ms // 3:
            return
        values = {"lease_until_ms": now_ms + self._lease_ms, "steps_done": progress[0], "steps_of": progress[1]}
        self._db.write(lambda db: change_held(db, self._claim, values))
        self._written, self._renewed_ms = progress, now_ms
