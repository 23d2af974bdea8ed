"""Background work of this room: proposals that nobody decides on run out, and each morning has its brief."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.jobs import Effect, GiveUp, JobContext, JobHandler, Schedule, enqueue

from .errors import BriefNotSent
from .service.brief import MorningBrief
from .service.ethics import Ethics
from .service.places import InboxPlaces
from .service.proposals import Proposals

EXPIRE_KIND = "trust.proposals.expire"
LOOK_KIND = "trust.brief.look"
SEND_KIND = "trust.brief.send"
ETHICS_KIND = "trust.ethics.check"
EVERY_S = 300
DAY_S = 86_400


class ExpireProposals(msgspec.Struct, frozen=True):
    """Close what is overdue."""


class LookForBrief(msgspec.Struct, frozen=True):
    """Give the day's places in the inbox, and see whether the brief is due."""


class SendBrief(msgspec.Struct, frozen=True):
    """Send the brief of a day (days since 1970 of the shop's zone)."""

    day: int


class CheckEthics(msgspec.Struct, frozen=True):
    """Run the checks that look after the clauses."""


def handlers(proposals: Proposals, brief: MorningBrief, places: InboxPlaces) -> list[JobHandler[Any]]:
    """How the jobs of this room are done.

    A channel of the brief that failed is tried again with growing waits; those that had it are left alone.
    """

    def expire(_payload: ExpireProposals, context: JobContext) -> None:
        while not context.is_cancelled() and proposals.expire() > 0:
            pass

    return [
        JobHandler(kind=EXPIRE_KIND, payload=ExpireProposals, run=expire),
        JobHandler(kind=LOOK_KIND, payload=LookForBrief, run=_looking(brief, places)),
        JobHandler(kind=SEND_KIND, payload=SendBrief, run=_sending(brief)),
    ]


def ethics_handler(ethics: Ethics) -> JobHandler[Any]:
    """Looks after the clauses once a day."""

    def check(_payload: CheckEthics, _context: JobContext) -> None:
        ethics.check()

    return JobHandler(kind=ETHICS_KIND, payload=CheckEthics, run=check)


def _looking(brief: MorningBrief, places: InboxPlaces) -> Callable[[LookForBrief, JobContext], Effect | None]:
    def look(_payload: LookForBrief, _context: JobContext) -> Effect | None:
        if not brief.is_time():
            return None
        places.award()
        if not brief.is_due():
            return None
        day = brief.day

        def begin(db: sa.Connection) -> None:
            enqueue(db, SEND_KIND, SendBrief(day), dedupe_key=str(day))
            brief.begin(db, day)

        return begin

    return look


def _sending(brief: MorningBrief) -> Callable[[SendBrief, JobContext], None]:
    def send(payload: SendBrief, _context: JobContext) -> None:
        if payload.day != brief.day:
            raise GiveUp("The day of this brief is over.")
        failed = brief.send().failed
        if failed:
            told = "; ".join(f"{name}: {why}" for name, why in failed.items())
            raise BriefNotSent(f"The morning brief did not reach every channel. {told}", hint="It is tried again.")

    return send


def schedules() -> list[Schedule]:
    """Look every five minutes for what is overdue and for the brief, and once a day after the clauses."""
    return [
        Schedule(kind=EXPIRE_KIND, every_s=EVERY_S, payload=ExpireProposals()),
        Schedule(kind=LOOK_KIND, every_s=EVERY_S, payload=LookForBrief()),
        Schedule(kind=ETHICS_KIND, every_s=DAY_S, payload=CheckEthics()),
    ]
