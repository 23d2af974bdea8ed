"""Background work on visits: every five minutes they are counted on."""

from __future__ import annotations

import msgspec

from zhanggui.kernel.jobs import JobContext, JobHandler, Schedule
from zhanggui.shop.service.visits import Visits

COUNT = "shop.count_visits"
EVERY_S = 300


class CountVisits(msgspec.Struct, frozen=True):
    """Count the visits of the events that arrived."""


def handlers(visits: Visits) -> list[JobHandler[CountVisits]]:
    """How it is done; it may be run again at any point."""

    def count(_: CountVisits, _context: JobContext) -> None:
        visits.count()

    return [JobHandler(kind=COUNT, payload=CountVisits, run=count)]


def schedules() -> list[Schedule]:
    """Every five minutes, and as soon as a shop's work begins."""
    return [Schedule(kind=COUNT, every_s=EVERY_S, payload=CountVisits(), is_due_at_start=True)]
