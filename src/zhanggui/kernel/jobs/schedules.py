"""Work that comes again and again."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from zhanggui.kernel.db import insert_ignoring

from .queue import enqueue
from .tables import job_schedules
from .types import Schedule


def has_due_schedule(db: sa.Connection, schedules: Iterable[Schedule], now_ms: int) -> bool:
    """Whether a schedule is new, changed or due; reads only."""
    rows = db.execute(sa.select(job_schedules.c.kind, job_schedules.c.every_s, job_schedules.c.next_ms))
    stored = {kind: (every_s, next_ms) for kind, every_s, next_ms in rows}
    for schedule in schedules:
        every_s, next_ms = stored.get(schedule.kind, (0, 0))
        if every_s != schedule.every_s or next_ms <= now_ms:
            return True
    return False


def enqueue_due(db: sa.Connection, schedules: Iterable[Schedule], now_ms: int) -> None:
    """Put in one job for each schedule that is due, and set its next turn: together, so that none is lost or doubled.

    A turn comes at `next_ms + n * every_s`, so a late one does not shift those after it; turns missed while nothing
    ran are made up by one. A schedule whose interval changed counts anew from now.
    """
    for schedule in schedules:
        every_ms = schedule.every_s * 1000
        first_ms = now_ms if schedule.is_due_at_start else now_ms + every_ms
        new = {"kind": schedule.kind, "every_s": schedule.every_s, "next_ms": first_ms}
        insert_ignoring(db, job_schedules, [new], keys=["kind"])
        mine = job_schedules.c.kind == schedule.kind
        row = db.execute(sa.select(job_schedules).where(mine).with_for_update()).one()
        if row.every_s != schedule.every_s:
            db.execute(sa.update(job_schedules).where(mine).values(every_s=schedule.every_s, next_ms=now_ms + every_ms))
        elif row.next_ms <= now_ms:
            turns = (now_ms - row.next_ms) // every_ms + 1
            db.execute(sa.update(job_schedules).where(mine).values(next_ms=row.next_ms + turns * every_ms))
            enqueue(db, schedule.kind, schedule.payload, dedupe_key="schedule", version=schedule.version)
