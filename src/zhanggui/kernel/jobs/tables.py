"""The queue's tables and every statement that moves a job from one state to another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.db import shop_metadata

from .errors import LeaseLost
from .types import Claim, Job, JobAsk, JobState, Turn

jobs = sa.Table(
    "jobs",
    shop_metadata,
    sa.Column("id", sa.String(26), primary_key=True),  # ULID: of equally due jobs the older goes first
    sa.Column("kind", sa.String(64), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("payload", sa.LargeBinary, nullable=False),
    sa.Column("dedupe_key", sa.String(256)),  # held while the job waits or runs, null when it has ended
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("due_ms", sa.BigInteger, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("fence", sa.BigInteger, nullable=False),  # raised by each taking; an older holder is refused
    sa.Column("holder", sa.String(128), nullable=False),
    sa.Column("lease_until_ms", sa.BigInteger, nullable=False),
    sa.Column("is_cancel_wanted", sa.Boolean, nullable=False),
    sa.Column("steps_done", sa.BigInteger, nullable=False),
    sa.Column("steps_of", sa.BigInteger, nullable=False),
    sa.Column("error", sa.Text, nullable=False),
    sa.Column("started_ms", sa.BigInteger, nullable=False),
    sa.Column("ended_ms", sa.BigInteger, nullable=False),
    sa.UniqueConstraint("kind", "dedupe_key"),
    sa.Index(None, "state", "due_ms"),
)

job_schedules = sa.Table(
    "job_schedules",
    shop_metadata,
    sa.Column("kind", sa.String(64), primary_key=True),
    sa.Column("every_s", sa.Integer, nullable=False),
    sa.Column("next_ms", sa.BigInteger, nullable=False),
)

ERROR_CHARACTERS = 2_000
_JOB = [jobs.c[name] for name in Job.__struct_fields__]


def _is_due(kinds: Mapping[str, int], now_ms: int) -> sa.ColumnElement[bool]:
    known = sa.or_(*[(jobs.c.kind == kind) & (jobs.c.version <= version) for kind, version in kinds.items()])
    waits = (jobs.c.state == JobState.WAITING) & (jobs.c.due_ms <= now_ms)
    is_stale = (jobs.c.state == JobState.RUNNING) & (jobs.c.lease_until_ms <= now_ms)
    return known & (waits | is_stale)


def has_due(db: sa.Connection, kinds: Mapping[str, int], now_ms: int) -> bool:
    """Whether a job of these kinds (kind → highest version) could be taken now; reads only."""
    if not kinds:
        return False
    return db.execute(sa.select(jobs.c.id).where(_is_due(kinds, now_ms)).limit(1)).first() is not None


def take(db: sa.Connection, kinds: Mapping[str, int], *, holder: str, now_ms: int, lease_until_ms: int) -> Claim | None:
    """Take the job that is due longest: a waiting one, or one whose holder let its lease run out."""
    found = db.execute(
        sa.select(jobs)
        .where(_is_due(kinds, now_ms))
        .order_by(jobs.c.due_ms, jobs.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)  # PostgreSQL; SQLite has one writer
    ).one_or_none()
    if found is None:
        return None
    db.execute(
        sa.update(jobs)
        .where(jobs.c.id == found.id)
        .values(
            state=JobState.RUNNING,
            fence=found.fence + 1,
            attempts=found.attempts + 1,
            holder=holder,
            lease_until_ms=lease_until_ms,
            started_ms=now_ms,
        )
    )
    return Claim(
        id=found.id,
        kind=found.kind,
        version=found.version,
        payload=bytes(found.payload),
        fence=found.fence + 1,
        attempts=found.attempts + 1,
    )


def change_held(db: sa.Connection, claim: Claim, values: Mapping[str, Any]) -> None:
    """Change a job that we hold.

    Raises:
        LeaseLost: somebody else holds it by now, or has ended it.
    """
    changed = db.execute(
        sa.update(jobs)
        .where(jobs.c.id == claim.id, jobs.c.fence == claim.fence, jobs.c.state == JobState.RUNNING)
        .values(**values)
    )
    if changed.rowcount != 1:
        raise LeaseLost(
            f"Job {claim.id} ({claim.kind}) was taken over while it ran.",
            hint="Nothing to do: the other process finishes it.",
        )


def is_cancel_wanted(db: sa.Connection, job_id: str) -> bool:
    """Whether somebody asked for the job to be cancelled."""
    return bool(db.execute(sa.select(jobs.c.is_cancel_wanted).where(jobs.c.id == job_id)).scalar())


def ended(state: JobState, now_ms: int, error: str = "") -> dict[str, Any]:
    """The columns of a job that has come to its end; its dedupe key is free again."""
    return {
        "state": state,
        "ended_ms": now_ms,
        "dedupe_key": None,
        "holder": "",
        "error": error[:ERROR_CHARACTERS],
    }


def waiting(due_ms: int) -> dict[str, Any]:
    """The columns of a job that waits (again)."""
    return {"state": JobState.WAITING, "due_ms": due_ms, "holder": "", "lease_until_ms": 0}


def select_jobs(db: sa.Connection, states: Sequence[JobState], after: str, limit: int) -> list[Job]:
    """Jobs in one of `states`, newest first; `after` is the last id of the page before."""
    query = sa.select(*_JOB).where(jobs.c.state.in_(states)).order_by(jobs.c.id.desc()).limit(limit)
    rows = db.execute(query.where(jobs.c.id < after) if after else query)
    return [msgspec.convert(row, Job, from_attributes=True) for row in rows]


def select_page(db: sa.Connection, ask: JobAsk) -> tuple[list[Job], int]:
    """Jobs as an operator wants to see them, and how many there are in all."""
    fits: sa.ColumnElement[bool] = jobs.c.state.in_(ask.states)
    if ask.kinds is not None:
        fits &= jobs.c.kind.in_(ask.kinds)
    column = jobs.c[ask.sort]
    order = (column.desc() if ask.is_descending else column.asc(), jobs.c.id.desc())
    rows = db.execute(sa.select(*_JOB).where(fits).order_by(*order).offset(ask.offset).limit(ask.limit))
    total = db.execute(sa.select(sa.func.count()).select_from(jobs).where(fits)).scalar_one()
    return [msgspec.convert(row, Job, from_attributes=True) for row in rows], total


def select_turns(db: sa.Connection) -> list[Turn]:
    """Schedules, the next first."""
    rows = db.execute(sa.select(job_schedules).order_by(job_schedules.c.next_ms, job_schedules.c.kind))
    return [msgspec.convert(row, Turn, from_attributes=True) for row in rows]


def select_job(db: sa.Connection, job_id: str) -> Job | None:
    """One job."""
    row = db.execute(sa.select(*_JOB).where(jobs.c.id == job_id)).one_or_none()
    return None if row is None else msgspec.convert(row, Job, from_attributes=True)


def count_by_state(db: sa.Connection) -> dict[tuple[str, JobState], int]:
    """(kind, state) → how many jobs."""
    rows = db.execute(sa.select(jobs.c.kind, jobs.c.state, sa.func.count()).group_by(jobs.c.kind, jobs.c.state))
    return {(kind, JobState(state)): count for kind, state, count in rows}


def forget_ended(db: sa.Connection, before_ms: int) -> None:
    """Delete jobs that were done or cancelled before a moment. Dead ones stay until a person has looked at them."""
    is_over = jobs.c.state.in_([JobState.DONE, JobState.CANCELLED])
    db.execute(sa.delete(jobs).where(is_over & (jobs.c.ended_ms < before_ms)))
