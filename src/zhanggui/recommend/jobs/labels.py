"""Background work: labels follow the orders, day by day."""

from __future__ import annotations

import msgspec

from zhanggui.kernel.jobs import Effect, JobContext, JobHandler, Schedule
from zhanggui.recommend.service.labels.earner import Earner

EARN = "recommend.labels"
EVERY_S = 86_400


class EarnLabels(msgspec.Struct, frozen=True):
    """Earn labels anew from the orders of the last year."""


def handler(earner: Earner) -> JobHandler[EarnLabels]:
    """How the job is done."""

    def run(_ask: EarnLabels, _context: JobContext) -> Effect | None:
        earner.refresh()
        return None

    return JobHandler(kind=EARN, payload=EarnLabels, run=run)


def schedules() -> list[Schedule]:
    """Once a day, and at the start of a server."""
    return [Schedule(kind=EARN, every_s=EVERY_S, payload=EarnLabels(), is_due_at_start=True)]
