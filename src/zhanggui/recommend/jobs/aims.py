"""Background work about aims: measuring what the slider costs, by hand or when another model serves; and what lists
showed and what departs, counted anew every hour."""

from __future__ import annotations

from typing import Any

import msgspec

from zhanggui.kernel.db import Database
from zhanggui.kernel.jobs import JobContext, JobHandler, Schedule, enqueue
from zhanggui.recommend.errors import NotEnoughEvents, TrainingStopped
from zhanggui.recommend.service.aims.trade_off import TradeOffs
from zhanggui.recommend.service.aims.watching import Watch
from zhanggui.recommend.service.models.standing import Standing

MEASURE, COUNT = "recommend.trade_off", "recommend.exposure"
BY_HAND = "by hand"
EVERY_S, COUNT_EVERY_S = 86_400, 3_600


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
        except (NotEnoughEvents, TrainingStopped):
            return

    return [
        JobHandler(kind=MEASURE, payload=MeasureTradeOff, run=measure),
        JobHandler(kind=COUNT, payload=CountExposure, run=count),
    ]


def schedules() -> list[Schedule]:
    """Look once a day what the slider costs, and every hour what lists showed."""
    return [
        Schedule(kind=MEASURE, every_s=EVERY_S, payload=MeasureTradeOff(if_due=True)),
        Schedule(kind=COUNT, every_s=COUNT_EVERY_S, payload=CountExposure(), is_due_at_start=True),
    ]


def request_trade_off(db: Database) -> str:
    """Ask for a measurement now; while one waits or runs, a second request is the same. Returns the job's id."""
    return db.write(lambda connection: enqueue(connection, MEASURE, MeasureTradeOff(), dedupe_key=BY_HAND))
