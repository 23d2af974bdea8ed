"""Takes jobs one after another and sees each to its end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.clock import DAY_MS, HOUR_MS, Clock, to_ms
from zhanggui.kernel.db import Database

from .backoff import backoff_ms
from .context import JobContext, Stopped
from .errors import GiveUp, LeaseLost
from .heartbeat import Heartbeat
from .schedules import enqueue_due, has_due_schedule
from .tables import change_held, ended, forget_ended, has_due, is_cancel_wanted, take, waiting
from .types import Claim, Effect, JobHandler, JobState, Schedule

if TYPE_CHECKING:
    import numpy as np

KEPT_DAYS = 7
"""Days for which done and cancelled jobs stay in the list."""
OnEnd = Callable[[str, str, float], None]
"""Told of each try: kind, outcome (`done`, `retried`, `dead`, `cancelled`, `interrupted`, `lost`), seconds."""


class JobRunner:
    """Runs the jobs of one store, one at a time.

    Args:
        db: the store.
        handlers: one for each kind; jobs of other kinds wait for a program that knows them.
        clock: the present moment.
        worker_id: names the holder of a lease, for operators.
        schedules: jobs that come again.
        lease_s: a job whose holder has not renewed for so long is taken over.
        rng: draws the jitter between tries; without one, from the worker's name.
        on_end: told of each try (for metrics and logs).
    """

    def __init__(
        self,
        db: Database,
        handlers: Sequence[JobHandler[Any]],
        clock: Clock,
        worker_id: str,
        *,
        schedules: Sequence[Schedule] = (),
        lease_s: float = 60,
        rng: np.random.Generator | None = None,
        on_end: OnEnd | None = None,
    ) -> None:
        self.db = db
        self._handlers = {handler.kind: handler for handler in handlers}
        self._kinds = {handler.kind: handler.version for handler in handlers}
        self._clock = clock
        self._worker_id = worker_id
        self._schedules = tuple(schedules)
        self._lease_ms = int(lease_s * 1000)
        self._rng = rng
        self._on_end = on_end
        self._swept_ms = 0

    def drain(self, limit: int | None = None, *, should_stop: Callable[[], bool] = lambda: False) -> int:
        """Run what is due until nothing is, `limit` jobs were tried, or `should_stop` says so; returns how many.

        Raises:
            Unavailable: the store cannot be written; a job in hand comes back when its lease has run out.
        """
        tried = 0
        while (limit is None or tried < limit) and not should_stop():
            self._tick()
            claim = self._take()
            if claim is None:
                break
            self._run(claim, should_stop)
            tried += 1
        return tried

    def _tick(self) -> None:
        now_ms = to_ms(self._clock())
        with self.db.read() as db:
            is_due = has_due_schedule(db, self._schedules, now_ms)
        if is_due:
            self.db.write(lambda db: enqueue_due(db, self._schedules, now_ms))
        if now_ms - self._swept_ms >= HOUR_MS:
            self._swept_ms = now_ms
            self.db.write(lambda db: forget_ended(db, now_ms - KEPT_DAYS * DAY_MS))

    def _take(self) -> Claim | None:
        now_ms = to_ms(self._clock())
        with self.db.read() as db:  # an idle runner never takes the writer's lock
            if not has_due(db, self._kinds, now_ms):
                return None
        until = now_ms + self._lease_ms
        return self.db.write(
            lambda db: take(db, self._kinds, holder=self._worker_id, now_ms=now_ms, lease_until_ms=until)
        )

    def _run(self, claim: Claim, should_stop: Callable[[], bool]) -> None:
        began = self._clock()
        context = JobContext(idempotency_key=claim.id, now=began, attempt=claim.attempts, should_stop=should_stop)
        try:
            outcome = self._attempt(claim, context, should_stop)
        except LeaseLost:
            outcome = "lost"
        except Exception as error:  # noqa: BLE001  (a handler may raise anything; the job keeps it)
            outcome = self._failed(claim, error)
        if self._on_end is not None:
            self._on_end(claim.kind, outcome, (self._clock() - began).total_seconds())

    def _attempt(self, claim: Claim, context: JobContext, should_stop: Callable[[], bool]) -> str:
        handler = self._handlers[claim.kind]
        if claim.attempts > handler.max_attempts:  # each try before ended with the death of its process
            raise GiveUp("The process that ran this job died each time.")
        payload = _payload(handler, claim)
        with Heartbeat(self.db, self._clock, claim, context, lease_ms=self._lease_ms):
            effect = _ran(handler, payload, context)
        if not context.has_heard_cancel:
            self.db.write(lambda db: self._finish(db, claim, context, effect))
            return "done"
        return self.db.write(lambda db: self._stopped(db, claim, is_shutdown=should_stop()))

    def _finish(self, db: sa.Connection, claim: Claim, context: JobContext, effect: Effect | None) -> None:
        done, of = context.progress
        values = ended(JobState.DONE, to_ms(self._clock())) | {"steps_done": done, "steps_of": of}
        change_held(db, claim, values)  # first: who has lost the job must not touch anything else
        if effect is not None:
            effect(db)

    def _stopped(self, db: sa.Connection, claim: Claim, *, is_shutdown: bool) -> str:
        now_ms = to_ms(self._clock())
        if is_cancel_wanted(db, claim.id):
            change_held(db, claim, ended(JobState.CANCELLED, now_ms))
            return "cancelled"
        if is_shutdown:  # it starts anew in the next process, and this try does not count
            change_held(db, claim, waiting(now_ms) | {"attempts": claim.attempts - 1})
            return "interrupted"
        return "lost"

    def _failed(self, claim: Claim, error: Exception) -> str:
        now_ms = to_ms(self._clock())
        handler = self._handlers[claim.kind]
        words = f"{type(error).__name__}: {error}"
        is_dead = isinstance(error, GiveUp) or claim.attempts >= handler.max_attempts
        if is_dead:
            values = ended(JobState.DEAD, now_ms, words)
        else:
            due_ms = now_ms + backoff_ms(claim.attempts, self._drawn())
            values = waiting(due_ms) | {"error": words[:2000]}

        def work(db: sa.Connection) -> str:
            if is_cancel_wanted(db, claim.id):
                change_held(db, claim, ended(JobState.CANCELLED, now_ms, words))
                return "cancelled"
            change_held(db, claim, values)
            return "dead" if is_dead else "retried"

        try:
            return self.db.write(work)
        except LeaseLost:
            return "lost"

    def _drawn(self) -> float:
        if self._rng is None:
            import numpy as np

            self._rng = np.random.default_rng(list(self._worker_id.encode()))
        return float(self._rng.random())


def _ran(handler: JobHandler[Any], payload: Any, context: JobContext) -> Effect | None:
    try:
        return handler.run(payload, context)
    except Stopped:
        return None


def _payload(handler: JobHandler[Any], claim: Claim) -> Any:
    try:
        if claim.version == handler.version or handler.upcast is None:
            return msgspec.json.decode(claim.payload, type=handler.payload)
        fields = handler.upcast(claim.version, msgspec.json.decode(claim.payload, type=dict[str, Any]))
        return msgspec.convert(fields, handler.payload)
    except msgspec.ValidationError as error:
        raise GiveUp(f"The payload (version {claim.version}) does not fit {claim.kind}: {error}") from error
