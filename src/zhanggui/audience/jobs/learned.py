"""Background work: segments are learned anew each week."""

from __future__ import annotations

import msgspec
import sqlalchemy as sa

from zhanggui.audience.service.learned.learning import Learning
from zhanggui.kernel.db import Database
from zhanggui.kernel.jobs import Effect, JobContext, JobHandler, Schedule, enqueue

from .segments import COUNT, CountSegments

LEARN = "audience.learn"
COUNTED = "after a learning"
BY_HAND = "by hand"
WEEK_S = 7 * 86_400


class LearnSegments(msgspec.Struct, frozen=True):
    """Learn segments anew."""

    seed: int = 0


def handler(learning: Learning) -> JobHandler[LearnSegments]:
    """How the job is done; it may be run again at any point."""

    def learn(ask: LearnSegments, context: JobContext) -> Effect:
        draft = learning.prepare(ask.seed, context.step_or_stop)

        def enter(db: sa.Connection) -> None:
            learning.settle(db, draft)
            enqueue(db, COUNT, CountSegments(), dedupe_key=COUNTED)  # the new ones have no size yet

        return enter

    return JobHandler(kind=LEARN, payload=LearnSegments, run=learn)


def schedules() -> list[Schedule]:
    """Once a week; who is in which is worked out live."""
    return [Schedule(kind=LEARN, every_s=WEEK_S, payload=LearnSegments())]


def request_learning(db: Database) -> str:
    """Ask for a learning now; while one waits or runs, a second request is the same. Returns the job's id."""
    return db.write(lambda connection: enqueue(connection, LEARN, LearnSegments(), dedupe_key=BY_HAND))
