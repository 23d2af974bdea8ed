"""Background work about aims: measuring what the slider costs, by hand or when another model serves."""

from __future__ import annotations

import msgspec

from zhanggui.kernel.db import Database
from zhanggui.kernel.jobs import JobContext, JobHandler, Schedule, enqueue
from zhanggui.recommend.errors import NotEnoughEvents
from zhanggui.recommend.service.aims.trade_off import TradeOffs

MEASURE = "recommend.trade_off"
BY_HAND = "by hand"
EVERY_S = 86_400


class MeasureTradeOff(msgspec.Struct, frozen=True):
    """Measure what the slider costs; with `if_due`, only when another model serves than the one that was measured."""

    if_due: bool = False


class Stopped(Exception):
    """The operator cancelled the job."""


def handler(trade_offs: TradeOffs) -> JobHandler[MeasureTradeOff]:
    """How the job is done."""

    def measure(ask: MeasureTradeOff, context: JobContext) -> None:
        if ask.if_due and not trade_offs.is_due():
            return

        def on_step(done: int, of: int) -> None:
            context.on_step(done, of)
            if context.is_cancelled():
                raise Stopped

        try:
            trade_offs.measure(on_step)
        except (NotEnoughEvents, Stopped):
            return

    return JobHandler(kind=MEASURE, payload=MeasureTradeOff, run=measure)


def schedules() -> list[Schedule]:
    """Look once a day."""
    return [Schedule(kind=MEASURE, every_s=EVERY_S, payload=MeasureTradeOff(if_due=True))]


def request_trade_off(db: Database) -> str:
    """Ask for a measurement now; while one waits or runs, a second request is the same. Returns the job's id."""
    return db.write(lambda connection: enqueue(connection, MEASURE, MeasureTradeOff(), dedupe_key=BY_HAND))
