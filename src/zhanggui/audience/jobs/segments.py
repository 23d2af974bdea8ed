"""Background work: how many are in each segment and in any two, once a day."""

from __future__ import annotations

import msgspec

from zhanggui.audience.service.segments.segments import Segments
from zhanggui.kernel.db import Database
from zhanggui.kernel.jobs import Effect, JobContext, JobHandler, Schedule, enqueue

COUNT = "audience.segments"
BY_HAND = "by hand"
DAY_S = 86_400


class CountSegments(msgspec.Struct, frozen=True):
    """Count who is in each segment today."""


def handler(segments: Segments) -> JobHandler[CountSegments]:
    """How the job is done; it may be run again at any point."""

    def run(_ask: CountSegments, context: JobContext) -> Effect | None:
        segments.count_all(context.on_step)
        return None

    return JobHandler(kind=COUNT, payload=CountSegments, run=run)


def schedules() -> list[Schedule]:
    """Once a day; membership is worked out live."""
    return [Schedule(kind=COUNT, every_s=DAY_S, payload=CountSegments(), is_due_at_start=True)]


def request_counting(db: Database) -> str:
    """Ask for a count now; while one waits or runs, a second request is the same. Returns the job's id."""
    return db.write(lambda connection: enqueue(connection, COUNT, CountSegments(), dedupe_key=BY_HAND))
