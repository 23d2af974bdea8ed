"""Background work of the watch: a look each hour, and sending what was found."""

from __future__ import annotations

from typing import Any

import msgspec

from zhanggui.kernel.jobs import JobContext, JobHandler, Schedule
from zhanggui.trust.service.watch import Watch
from zhanggui.trust.service.watch.watch import TELL_KIND, TellAlerts

LOOK_KIND = "trust.watch.look"
EVERY_S = 3600


class LookAround(msgspec.Struct, frozen=True):
    """Compare today with the days before."""


def handlers(watch: Watch) -> list[JobHandler[Any]]:
    """How the jobs of the watch are done."""

    def look(_payload: LookAround, _context: JobContext) -> None:
        watch.look()

    def tell(payload: TellAlerts, context: JobContext) -> None:
        watch.send(payload.ids, context.idempotency_key)

    return [
        JobHandler(kind=LOOK_KIND, payload=LookAround, run=look),
        JobHandler(kind=TELL_KIND, payload=TellAlerts, run=tell),
    ]


def schedules() -> list[Schedule]:
    """A look each hour."""
    return [Schedule(kind=LOOK_KIND, every_s=EVERY_S, payload=LookAround())]
