"""Background work on events: the archive, and dropping what is remembered for a time only."""

from __future__ import annotations

from typing import Any

import msgspec

from zhanggui.kernel.jobs import JobContext, JobHandler, Schedule
from zhanggui.shop.service.archive import Archive

ARCHIVE = "shop.archive_events"
FORGET = "shop.forget_person_events"
HOURLY_S = 3600


class ArchiveEvents(msgspec.Struct, frozen=True):
    """Move closed days to the archive and drop what has had its time."""


class ForgetPersonEvents(msgspec.Struct, frozen=True):
    """Take a person's events out of everything."""

    person: int


def handlers(archive: Archive) -> list[JobHandler[Any]]:
    """How both jobs are done. They may be run again at any point: each of their steps is a commit of its own."""

    def keep_up(_: ArchiveEvents, context: JobContext) -> None:
        context.on_step(0, 3)
        archive.archive_closed_days()
        context.on_step(1, 3)
        archive.drop_old_ids()
        context.on_step(2, 3)
        archive.drop_old_served_lists()
        context.on_step(3, 3)

    def forget(payload: ForgetPersonEvents, _: JobContext) -> None:
        archive.forget_person(payload.person)

    return [
        JobHandler(kind=ARCHIVE, payload=ArchiveEvents, run=keep_up),
        JobHandler(kind=FORGET, payload=ForgetPersonEvents, run=forget),
    ]


def schedules() -> list[Schedule]:
    """Look every hour for days that are over."""
    return [Schedule(kind=ARCHIVE, every_s=HOURLY_S, payload=ArchiveEvents())]
