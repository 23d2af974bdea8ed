"""Background work of this room: training, by hand, by time or by new events."""

from __future__ import annotations

from datetime import datetime

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.db import Database
from zhanggui.kernel.ids import new_id
from zhanggui.kernel.jobs import (
    Effect,
    GiveUp,
    Job,
    JobContext,
    JobHandler,
    JobState,
    Schedule,
    UnknownJob,
    cancel,
    enqueue,
    find_job,
    holder_of,
    jobs_in,
    message_of,
)
from zhanggui.recommend.errors import ModelTooLarge, NotEnoughEvents, RecommendError, UnknownTraining
from zhanggui.recommend.service.training.trainer import Trainer
from zhanggui.recommend.service.training.triggers import Triggers
from zhanggui.recommend.tables.settings import put_setting, setting
from zhanggui.recommend.types.models import Training

TRAIN = "recommend.train"
BY_HAND, BY_HAND_IN_PART = "by hand", "by hand, incremental"
ASKED = "training_asked"
"""The setting that names the job that a person asked for last."""
LOOK_EVERY_S = 3_600


class TrainModel(msgspec.Struct, frozen=True):
    """Train anew; with `if_due`, only when the triggers say so.

    One that is asked for `by_hand` may replace a model that a person put back, from the same events too.
    """

    seed: int = 0
    if_due: bool = False
    by_hand: bool = False
    incremental: bool = False


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
            prepared = trainer.prepare(ask.seed, context.step_or_stop, is_full=due != "events" and not ask.incremental)
        except NotEnoughEvents as error:
            if ask.by_hand:
                raise _in_vain(error) from error
            return None
        except ModelTooLarge as error:
            raise _in_vain(error) from error

        def enter(db: sa.Connection) -> None:
            trainer.models.settle(db, prepared.card, by_hand=ask.by_hand)

        return enter

    return [JobHandler(kind=TRAIN, payload=TrainModel, run=train)]


def _in_vain(error: RecommendError) -> GiveUp:
    """What ends a training that would come to the same again; who asked for it is told why."""
    return GiveUp(f"{error} {error.hint}".rstrip())


def schedules() -> list[Schedule]:
    """Look every hour, and at the start of a server, whether a training is due; the trends between are live anyway."""
    return [Schedule(kind=TRAIN, every_s=LOOK_EVERY_S, payload=TrainModel(if_due=True), is_due_at_start=True)]


def request_training(db: Database, *, incremental: bool = False) -> Training:
    """Ask for a training now; while one waits or runs that does as much, it is that one, and `is_joined` says so.

    A full training does what an incremental one does; an incremental one never stands for a full one, nor one that
    was called off for any.
    """
    own, key = new_id(), BY_HAND_IN_PART if incremental else BY_HAND

    def ask(connection: sa.Connection) -> Training:
        id_ = holder_of(connection, TRAIN, BY_HAND)
        if not id_:
            wanted = TrainModel(by_hand=True, incremental=incremental)
            id_ = enqueue(connection, TRAIN, wanted, dedupe_key=key, job_id=own)
        put_setting(connection, ASKED, id_.encode())
        return msgspec.structs.replace(_told(_found(connection, id_)), is_joined=id_ != own)

    return db.write(ask)


def training_of(db: Database, training_id: str) -> Training:
    """How far a training is.

    Raises:
        UnknownTraining: there is none of that id, or it was forgotten.
    """
    with db.read() as connection:
        return _told(_found(connection, training_id))


def stop_training(db: Database, training_id: str, now: datetime) -> Training:
    """Call a training off: at once where it waits, at its next step where it runs; what serves goes on.

    Raises:
        UnknownTraining: there is none of that id, or it was forgotten.
        NotCancellable: it has ended.
    """

    def stop(connection: sa.Connection) -> Training:
        return _told(cancel(connection, _found(connection, training_id).id, now))

    return db.write(stop)


def _found(db: sa.Connection, training_id: str) -> Job:
    try:
        job = find_job(db, training_id)
    except UnknownJob:
        job = None
    if job is None or job.kind != TRAIN:
        raise UnknownTraining(
            f"No training has the id {training_id!r}.", hint="Start one; those that ended are forgotten after a week."
        )
    return job


def _told(job: Job) -> Training:
    return Training(
        id=job.id,
        state=job.state,
        steps_done=job.steps_done,
        steps_of=job.steps_of,
        is_stopping=job.is_cancel_wanted and job.state is JobState.RUNNING,
        error=message_of(job.error),
        ended_ms=job.ended_ms,
    )


def asked_training(db: Database) -> Training | None:
    """The training that a person asked for last; None where nobody did, or it was forgotten."""
    with db.read() as connection:
        held = setting(connection, ASKED)
        try:
            return None if held is None else _told(find_job(connection, held.decode()))
        except UnknownJob:
            return None


def open_training(db: Database) -> Training | None:
    """The training that runs, else one that is due; None when the next is only scheduled."""
    with db.read() as connection:
        found = jobs_in(connection, states=(JobState.RUNNING, JobState.WAITING), limit=200)
    open_jobs = [job for job in found if job.kind == TRAIN and (job.state is JobState.RUNNING or job.due_ms == 0)]
    found_first = min(open_jobs, key=lambda job: job.state is not JobState.RUNNING, default=None)
    return None if found_first is None else _told(found_first)
