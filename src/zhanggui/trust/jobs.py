"""Background work of trust: proposals that nobody decides on run out."""

from __future__ import annotations

import msgspec

from zhanggui.kernel.jobs import JobContext, JobHandler, Schedule

from .service.proposals import Proposals

EXPIRE_KIND = "trust.proposals.expire"
EXPIRE_EVERY_S = 300


class ExpireProposals(msgspec.Struct, frozen=True):
    """Close what is overdue."""


def trust_jobs(proposals: Proposals) -> tuple[JobHandler[ExpireProposals], ...]:
    """The handlers of this room."""

    def expire(_payload: ExpireProposals, context: JobContext) -> None:
        while not context.is_cancelled() and proposals.expire() > 0:
            pass

    return (JobHandler(kind=EXPIRE_KIND, payload=ExpireProposals, run=expire),)


def trust_schedules() -> tuple[Schedule, ...]:
    """What comes again by itself."""
    return (Schedule(kind=EXPIRE_KIND, every_s=EXPIRE_EVERY_S, payload=ExpireProposals()),)
