"""The background work of a shop: who does which kind of job, and what comes again."""

from __future__ import annotations

from typing import Any

from zhanggui.kernel.jobs import Effect, JobContext, JobHandler, Schedule
from zhanggui.shop.outbox import Sender, SendOutboxEntry
from zhanggui.shop.outbox.queue import SEND_KIND

from .rooms import Rooms


def handlers(rooms: Rooms) -> list[JobHandler[Any]]:
    """One handler for each kind of job of this shop."""
    sender = Sender(
        db=rooms.db,
        clock=rooms.clock,
        queue=rooms.queue,
        settle=rooms.proposals.settle,
        max_attempts=rooms.settings.outbox.max_attempts,
    )

    def send(payload: SendOutboxEntry, _: JobContext) -> Effect | None:
        return sender.deliver(payload.entry_id)

    return [JobHandler(kind=SEND_KIND, payload=SendOutboxEntry, run=send)]


def schedules(rooms: Rooms) -> list[Schedule]:
    """What this shop does again and again."""
    return []
