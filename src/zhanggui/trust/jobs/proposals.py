"""Background work on proposals: what nobody decides on runs out."""

from __future__ import annotations

import msgspec

from zhanggui.kernel.jobs import JobContext, JobHandler, Schedule
from zhanggui.trust.service.proposals import Proposals

EXPIRE_KIND = "trust.proposals.expire"
EVERY_S = 300


class ExpireProposals(msgspec.Struct, frozen=True):
    """Close what is overdue."""


def handler(proposals: Proposals) -> JobHandler[ExpireProposals]:
    """Closes what is overdue, page by page."""

    def expire(_payload: ExpireProposals, context: JobContext) -> None:
        while not context.is_cancelled() and proposals.expire() > 0:
            pass

    return JobHandler(kind=EXPIRE_KIND, payload=ExpireProposals, run=expire)


def schedule() -> Schedule:
    """Every five minutes."""
    return Schedule(kind=EXPIRE_KIND, every_s=EVERY_S, payload=ExpireProposals())
