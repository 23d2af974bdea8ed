"""Background work of this room: proposals that nobody decides on run out."""

from __future__ import annotations

import msgspec

from zhanggui.kernel.jobs import JobContext, JobHandler, Schedule

from .service.proposals import Proposals

EXPIRE_KIND = "trust.proposals.expire"
EXPIRE_EVERY_S = 300


class ExpireProposals(msgspec.Struct, frozen=True):
    """Close what is overdue."""


def handlers(proposals: Proposals) -> list[JobHandler[ExpireProposals]]:
    """How the jobs of this room are done."""

    def expire(_payload: ExpireProposals, context: JobContext) -> None:
        while not context.is_cancelled() and proposals.expire() > 0:
            pass

    return [JobHandler(kind=EXPIRE_KIND, payload=ExpireProposals, run=expire)]


def schedules() -> list[Schedule]:
    """Look for overdue proposals every five minutes."""
    return [Schedule(kind=EXPIRE_KIND, every_s=EXPIRE_EVERY_S, payload=ExpireProposals())]
