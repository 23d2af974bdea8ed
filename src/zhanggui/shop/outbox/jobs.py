"""The outbox's background work."""

from __future__ import annotations

from zhanggui.kernel.jobs import JobHandler

from .queue import SEND_KIND
from .sending import Sender
from .types import SendOutboxEntry


def handlers(sender: Sender) -> list[JobHandler[SendOutboxEntry]]:
    """The job that sends one entry; tries, waits and the end of patience are the sender's own."""
    return [
        JobHandler(
            kind=SEND_KIND, payload=SendOutboxEntry, run=lambda payload, _context: sender.deliver(payload.entry_id)
        )
    ]
