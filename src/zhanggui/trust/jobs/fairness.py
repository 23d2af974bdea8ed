"""Background work: a look at fairness every six hours, so that what departs is heard without anybody asking.

Once a week the mitigations that are in force are measured anew, and with them what takes groups out of tastes.
"""

from __future__ import annotations

from typing import Any

import msgspec
import structlog

from zhanggui.kernel.errors import ZhangguiError
from zhanggui.kernel.jobs import JobContext, JobHandler, Schedule
from zhanggui.trust.service.fairness.mitigations import MitigationTest
from zhanggui.trust.service.fairness.reporting import Fairness

LOOK, MITIGATE = "trust.fairness.look", "trust.fairness.mitigate"
EVERY_S, WEEK_S = 21_600, 7 * 86_400


log = structlog.get_logger(__name__)


class LookAtFairness(msgspec.Struct, frozen=True):
    """Count the last 35 days by group, and raise what is beyond a limit."""


class MeasureMitigations(msgspec.Struct, frozen=True):
    """Measure what is in force, where anything is."""


def handlers(fairness: Fairness, mitigations: MitigationTest) -> list[JobHandler[Any]]:
    """How the jobs are done."""

    def look(_payload: LookAtFairness, _context: JobContext) -> None:
        fairness.look()

    def measure(_payload: MeasureMitigations, _context: JobContext) -> None:
        if not mitigations.in_force:
            return
        try:
            mitigations.measure()
        except ZhangguiError as error:  # a shop that has nothing to learn from yet
            log.info("fairness.not_measured", why=str(error))

    return [
        JobHandler(kind=LOOK, payload=LookAtFairness, run=look),
        JobHandler(kind=MITIGATE, payload=MeasureMitigations, run=measure),
    ]


def schedules() -> list[Schedule]:
    """Every six hours, and every week."""
    return [
        Schedule(kind=LOOK, every_s=EVERY_S, payload=LookAtFairness()),
        Schedule(kind=MITIGATE, every_s=WEEK_S, payload=MeasureMitigations()),
    ]
