"""What leaves the shop, and where it stands."""

from __future__ import annotations

import enum
from datetime import datetime

import msgspec

STORE = "store"
"""The outlet that is the shop's own store: what goes there is applied at once, and has no entry."""


class OutboxState(enum.StrEnum):
    """Where an entry stands."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"  # it is with the outlet; whether it was applied, nobody has said yet
    CONFIRMED = "confirmed"
    FAILED = "failed"
    CANCELLED = "cancelled"


NOTE_LENGTH = 512
SETTLED = frozenset({OutboxState.CONFIRMED, OutboxState.FAILED, OutboxState.CANCELLED})


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """Something for a person to do by hand, as a code and its values: it is worded at the edge."""

    code: str
    params: dict[str, str] = {}


class OutboxDraft(msgspec.Struct, frozen=True, kw_only=True):
    """Something to send. `reference` is the sender's own id: it gets it back when the entry is settled."""

    outlet: str
    kind: str
    payload: dict[str, object]
    card: Card
    reference: str
    idempotency_key: str


class OutboxEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One thing on its way out."""

    id: str
    outlet: str
    kind: str
    payload: dict[str, object]
    card: Card
    reference: str
    idempotency_key: str
    state: OutboxState
    attempts: int = 0
    note: str = ""  # what the outlet answered last, or where it wrote
    created_at: datetime
    updated_at: datetime
    settled_by: str = ""


class OutboxPage(msgspec.Struct, frozen=True, kw_only=True):
    """Entries, newest first; `next` is where the next page starts, None at the end."""

    items: tuple[OutboxEntry, ...]
    next: str | None = None
    is_paused: bool = False


class SendOutboxEntry(msgspec.Struct, frozen=True):
    """The job that sends one entry."""

    entry_id: str
