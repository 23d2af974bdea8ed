"""Background work of the morning: places in the inbox are given, and the brief goes out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.jobs import Effect, GiveUp, JobContext, JobHandler, Schedule, enqueue
from zhanggui.trust.errors import BriefNotSent
from zhanggui.trust.service.brief import MorningBrief
from zhanggui.trust.service.places import InboxPlaces

LOOK_KIND = "trust.brief.look"
SEND_KIND = "trust.brief.send"
EVERY_S = 300


class LookForBrief(msgspec.Struct, frozen=True):
    """Give the day's places in the inbox, and see whether the brief is due."""


class SendBrief(msgspec.Struct, frozen=True):
    """Send the brief of a day (days since 1970 of the shop's zone)."""

    day: int


def handlers(brief: MorningBrief, places: InboxPlaces) -> list[JobHandler[Any]]:
    """How they are done.

    A channel of the brief that failed is tried again with growing waits; those that had it are left alone.
    """
    return [
        JobHandler(kind=LOOK_KIND, payload=LookForBrief, run=_looking(brief, places)),
        JobHandler(kind=SEND_KIND, payload=SendBrief, run=_sending(brief)),
    ]


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
        report = brief.send()
        told = " ".join((*report.failed.values(), *report.refused.values()))
        if report.failed:
            raise BriefNotSent(f"The morning brief did not reach every channel. {told}", hint="It is tried again.")
        if report.refused:  # a further try would bring it twice to whoever has it
            raise GiveUp(f"The morning brief did not reach everybody. {told}")

    return send


def schedule() -> Schedule:
    """Look every five minutes whether the brief is due."""
    return Schedule(kind=LOOK_KIND, every_s=EVERY_S, payload=LookForBrief())
