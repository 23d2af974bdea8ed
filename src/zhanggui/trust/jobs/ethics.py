"""Background work of ethics: the checks that look after the clauses run once a day."""

from __future__ import annotations

import msgspec

from zhanggui.kernel.jobs import JobContext, JobHandler, Schedule
from zhanggui.trust.service.ethics import Ethics

ETHICS_KIND = "trust.ethics.check"
DAY_S = 86_400


class CheckEthics(msgspec.Struct, frozen=True):
    """Run the checks that look after the clauses."""


def handler(ethics: Ethics) -> JobHandler[CheckEthics]:
    """Looks after the clauses."""

    def check(_payload: CheckEthics, _context: JobContext) -> None:
        ethics.check()

    return JobHandler(kind=ETHICS_KIND, payload=CheckEthics, run=check)


def schedule() -> Schedule:
    """Once a day."""
    return Schedule(kind=ETHICS_KIND, every_s=DAY_S, payload=CheckEthics())
