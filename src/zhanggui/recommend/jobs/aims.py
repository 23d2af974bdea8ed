"""Background work about aims: measuring what the slider costs, by hand or when another model serves; and what lists
showed and what departs, counted anew every hour."""

from __future__ import annotations

from typing import Any

import msgspec

from zhanggui.kernel.db import Database
from zhanggui.kernel.jobs import (
    GiveUp,
    Job,
    JobAsk,
    JobContext,
    JobHandler,
    JobState,
    Schedule,
    enqueue,
    jobs_page,
    message_of,
)
from zhanggui.recommend.errors import NotEnoughEvents, TrainingStopped
from zhanggui.recommend.service.aims.trade_off import TradeOffs
from zhanggui.recommend.service.aims.watching import Watch
from zhanggui.recommend.service.models.standing import Standing
from zhanggui.recommend.types.watching import Measuring

MEASURE, COUNT = "recommend.trade_off", "recommend.exposure"
BY_HAND = "by hand"
EVERY_S, COUNT_EVERY_S = 3_600, 3_600
LOOKED_AT = 200
"""Jobs: more turns than a week has in which they are kept."""


class MeasureTradeOff(msgspec.Struct, frozen=True):
    """Measure what the slider costs; with `if_due`, only when another model serves than the one that was measured."""

    if_due: bool = False


class CountExposure(msgspec.Struct, frozen=True):
    """Count what lists showed over the last weeks, and what departs in them from before."""


def handlers(trade_offs: TradeOffs, watch: Watch, standing: Standing) -> list[JobHandler[Any]]:
    """How the jobs are done."""

    def count(_ask: CountExposure, _context: JobContext) -> None:
        watch.count()
        standing.count()

    def measure(ask: MeasureTradeOff, context: JobContext) -> None:
        if ask.if_due and not trade_offs.is_due():
            return

        try:
            trade_offs.measure(context.step_or_stop)
        except (NotEnoughEvents, TrainingStopped) as error:
            trade_offs.give_up()
            if not ask.if_due:  # who asked is told why nothing came of it
                raise GiveUp(f"{error} {error.hint}".rstrip()) from error

    return [
        JobHandler(kind=MEASURE, payload=MeasureTradeOff, run=measure),
        JobHandler(kind=COUNT, payload=CountExposure, run=count),
    ]


def schedules() -> list[Schedule]:
    """Look every hour whether what the slider costs is to be measured anew, and count what lists showed."""
    return [
        Schedule(kind=MEASURE, every_s=EVERY_S, payload=MeasureTradeOff(if_due=True)),
        Schedule(kind=COUNT, every_s=COUNT_EVERY_S, payload=CountExposure(), is_due_at_start=True),
    ]


def request_trade_off(db: Database) -> str:
    """Ask for a measurement now; while one waits or runs, a second request is the same. Returns the job's id."""
    return db.write(lambda connection: enqueue(connection, MEASURE, MeasureTradeOff(), dedupe_key=BY_HAND))


def measuring_of(db: Database) -> Measuring | None:
    """How far the measurement is that was asked for last; None where none was, or it was forgotten after a week.

    Turns of the schedule that found nothing to measure are passed over.
    """
    with db.read() as connection:
        found, _ = jobs_page(connection, JobAsk(kinds=(MEASURE,), limit=LOOKED_AT))
    told = (_told(job) for job in found if job.state is not JobState.DONE or job.steps_of)
    return next(told, None)


def _told(job: Job) -> Measuring:
    return Measuring(
        job=job.id,
        state=job.state,
        sessions_done=job.steps_done,
        sessions_of=job.steps_of,
        error="" if job.state is JobState.DONE else message_of(job.error),
    )
