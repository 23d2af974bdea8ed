"""Background work: a look at fairness every six hours, so that what departs is heard without anybody asking."""

from __future__ import annotations

from typing import Any

import msgspec

from zhanggui.kernel.jobs import JobContext, JobHandler, Schedule

from .service.fairness.reporting import Fairness

LOOK = "trust.fairness.look"
EVERY_S = 21_600


class LookAtFairness(msgspec.Struct, frozen=True):
    """Count the last 35 days by group, and raise what is beyond a limit."""


def handlers(fairness: Fairness) -> list[JobHandler[Any]]:
    """How the job is done."""

    def look(_payload: LookAtFairness, _context: JobContext) -> None:
        fairness.look()

    return [JobHandler(kind=LOOK, payload=LookAtFairness, run=look)]


def schedules() -> list[Schedule]:
    """Every six hours."""
    return [Schedule(kind=LOOK, every_s=EVERY_S, payload=LookAtFairness())]
