"""Background work of this room: training, by hand, by time or by new events."""

from __future__ import annotations

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.db import Database
from zhanggui.kernel.jobs import Effect, Job, JobContext, JobHandler, JobState, Schedule, enqueue, jobs_in
from zhanggui.recommend.errors import NotEnoughEvents
from zhanggui.recommend.service.training.trainer import Trainer
from zhanggui.recommend.service.training.triggers import Triggers

TRAIN = "recommend.train"
BY_HAND = "by hand"
LOOK_EVERY_S = 3_600


class TrainModel(msgspec.Struct, frozen=True):
    """Train anew; with `if_due`, only when the triggers say so.

    One that is asked for `by_hand` may replace a model that a person put back, from the same events too.
    """

    seed: int = 0
    if_due: bool = False
    by_hand: bool = False


def handlers(trainer: Trainer, triggers: Triggers) -> list[JobHandler[TrainModel]]:
    """How the jobs of this room are done. What is due by new events alone takes over what it can."""

    def train(ask: TrainModel, context: JobContext) -> Effect | None:
        trainer.keep_stock()
        trainer.workbench.clear()
        due = triggers.due() if ask.if_due else "time"
        if not due:
            return None

        trainer.models.prune()
        try:
            prepared = trainer.prepare(ask.seed, context.step_or_stop, is_full=due != "events")
        except NotEnoughEvents:
            return None

        def enter(db: sa.Connection) -> None:
            trainer.models.settle(db, prepared.card, by_hand=ask.by_hand)

        return enter

    return [JobHandler(kind=TRAIN, payload=TrainModel, run=train)]


def schedules() -> list[Schedule]:
    """Look every hour, and at the start of a server, whether a training is due; the trends between are live anyway."""
    return [Schedule(kind=TRAIN, every_s=LOOK_EVERY_S, payload=TrainModel(if_due=True), is_due_at_start=True)]


def request_training(db: Database) -> str:
    """Ask for a training now; while one waits or runs, a second request is the same. Returns the job's id."""
    return db.write(lambda connection: enqueue(connection, TRAIN, TrainModel(by_hand=True), dedupe_key=BY_HAND))


def open_training(db: Database) -> Job | None:
    """The training that runs, else one that is due; None when the next is only scheduled."""
    with db.read() as connection:
        found = jobs_in(connection, states=(JobState.RUNNING, JobState.WAITING), limit=200)
    open_jobs = [job for job in found if job.kind == TRAIN and (job.state is JobState.RUNNING or job.due_ms == 0)]
    return min(open_jobs, key=lambda job: job.state is not JobState.RUNNING, default=None)
