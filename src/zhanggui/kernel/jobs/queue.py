"""Putting work in, looking at it, and stopping it: all inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.clock import to_ms
from zhanggui.kernel.db import insert_ignoring
from zhanggui.kernel.ids import new_id

from .errors import NotCancellable, NotRetryable, UnknownJob
from .tables import count_by_state, ended, jobs, select_job, select_jobs, select_page, select_turns, waiting
from .types import Job, JobAsk, JobState, Turn

OPEN = (JobState.WAITING, JobState.RUNNING)


def enqueue(
    db: sa.Connection,
    kind: str,
    payload: msgspec.Struct,
    *,
    dedupe_key: str = "",
    run_at: datetime | None = None,
    version: int = 1,
    job_id: str = "",
) -> str:
    """Put a job into the queue; it exists when the caller's transaction commits.

    Args:
        db: the connection of the write that the job belongs to.
        kind: the name of a handler.
        payload: what the handler gets.
        dedupe_key: while a job of this kind and key waits or runs, no second one is made.
        run_at: not before this moment; at once without one.
        version: of the payload.
        job_id: the id that it shall have, a ULID; where there is a job of that id already, no second one is made.

    Returns:
        The id of the job, or of the one that holds the dedupe key already.
    """
    row = {
        "id": job_id or new_id(),
        "kind": kind,
        "version": version,
        "payload": msgspec.json.encode(payload),
        "dedupe_key": dedupe_key or None,
        "state": JobState.WAITING,
        "due_ms": 0 if run_at is None else to_ms(run_at),
        "attempts": 0,
        "fence": 0,
        "holder": "",
        "lease_until_ms": 0,
        "is_cancel_wanted": False,
        "steps_done": 0,
        "steps_of": 0,
        "error": "",
        "started_ms": 0,
        "ended_ms": 0,
    }
    if not dedupe_key:
        insert_ignoring(db, jobs, [row], keys=["id"])
        return str(row["id"])
    insert_ignoring(db, jobs, [row], keys=["kind", "dedupe_key"])
    return holder_of(db, kind, dedupe_key)


def jobs_in(
    db: sa.Connection, states: Sequence[JobState] = tuple(JobState), *, after: str = "", limit: int = 50
) -> list[Job]:
    """Jobs in one of `states`, newest first; `after` is the last id of the page before."""
    return select_jobs(db, states, after, limit)


def jobs_page(db: sa.Connection, ask: JobAsk) -> tuple[list[Job], int]:
    """A page of jobs as `ask` orders and narrows them, and how many there are in all."""
    return select_page(db, ask)


def schedules_in(db: sa.Connection) -> list[Turn]:
    """What comes again, the next first."""
    return select_turns(db)


def find_job(db: sa.Connection, job_id: str) -> Job:
    """One job.

    Raises:
        UnknownJob: there is none of that id (ended ones are forgotten after a week).
    """
    found = select_job(db, job_id)
    if found is None:
        raise UnknownJob(f"No job has the id {job_id!r}.", hint="List them with: zhanggui jobs list SHOP")
    return found


def holder_of(db: sa.Connection, kind: str, dedupe_key: str) -> str:
    """The id of the job that waits or runs under a dedupe key; empty where there is none."""
    holds = (jobs.c.kind == kind) & (jobs.c.dedupe_key == dedupe_key)
    return str(db.execute(sa.select(jobs.c.id).where(holds)).scalar_one_or_none() or "")


def counts(db: sa.Connection) -> dict[tuple[str, JobState], int]:
    """(kind, state) → how many jobs."""
    return count_by_state(db)


def cancel(db: sa.Connection, job_id: str, now: datetime) -> Job:
    """Cancel a job: at once when it waits, at its next look when it runs.

    Either way its dedupe key is free: what is asked for from now on is not done by a job that only stops.

    Raises:
        UnknownJob: there is none of that id.
        NotCancellable: it has ended.
    """
    seen = find_job(db, job_id)
    stopped = db.execute(
        sa.update(jobs)
        .where(jobs.c.id == job_id, jobs.c.state == JobState.WAITING)
        .values(**ended(JobState.CANCELLED, to_ms(now)))
    )
    asked = db.execute(
        sa.update(jobs)
        .where(jobs.c.id == job_id, jobs.c.state == JobState.RUNNING)
        .values(is_cancel_wanted=True, dedupe_key=None)
    )
    if stopped.rowcount + asked.rowcount == 0:
        raise NotCancellable(f"Job {job_id} ({seen.kind}) is {seen.state} already.", hint="Nothing is left to stop.")
    return find_job(db, job_id)


def retry(db: sa.Connection, job_id: str) -> Job:
    """Start a job anew that died or was cancelled, with all its tries.

    Raises:
        UnknownJob: there is none of that id.
        NotRetryable: it waits, runs or is done.
    """
    seen = find_job(db, job_id)
    fresh = waiting(0) | {"attempts": 0, "is_cancel_wanted": False, "ended_ms": 0}
    over = jobs.c.state.in_([JobState.DEAD, JobState.CANCELLED])
    if db.execute(sa.update(jobs).where(over & (jobs.c.id == job_id)).values(**fresh)).rowcount == 0:
        raise NotRetryable(
            f"Job {job_id} ({seen.kind}) is {seen.state}; only dead and cancelled jobs start anew.",
            hint="Wait for it to end, or cancel it first." if seen.state in OPEN else "Enqueue it again.",
        )
    return find_job(db, job_id)
