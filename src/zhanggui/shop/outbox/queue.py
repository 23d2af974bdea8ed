"""The way into the outbox: an entry and the job that sends it stand in the caller's own commit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.clock import Clock, to_ms
from zhanggui.kernel.ids import new_id

from . import tables
from .errors import SettledOutboxEntry, UnknownOutboxEntry, UnknownOutlet
from .ports import Outlet
from .types import NOTE_LENGTH, SETTLED, OutboxDraft, OutboxEntry, OutboxState, SendOutboxEntry

SEND_KIND = "shop.outbox.send"


class Enqueue(Protocol):
    """`kernel.jobs.enqueue`: put a job into the same transaction as the data."""

    def __call__(
        self,
        db: sa.Connection,
        kind: str,
        payload: msgspec.Struct,
        *,
        dedupe_key: str = "",
        run_at: datetime | None = None,
    ) -> str:
        """Returns the job's id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxQueue:
    """Queues entries and stops all outlets. Every method takes the caller's connection."""

    clock: Clock
    enqueue: Enqueue
    outlets: Mapping[str, Outlet]
    make_id: Callable[[], str] = new_id

    def put(self, db: sa.Connection, draft: OutboxDraft) -> OutboxEntry:
        """Queue something; the same idempotency key again gives the entry that stands already.

        Raises:
            UnknownOutlet: the shop has no outlet of that name.
        """
        self.require(draft.outlet)
        standing = tables.entry_by_key(db, draft.idempotency_key)
        if standing is not None:
            return standing
        now_ms = to_ms(self.clock())
        entry_id = self.make_id()
        tables.store_entry(
            db,
            {
                "id": entry_id,
                "outlet": draft.outlet,
                "kind": draft.kind,
                "payload": msgspec.json.encode(draft.payload),
                "card": msgspec.json.encode(draft.card),
                "reference": draft.reference,
                "idempotency_key": draft.idempotency_key,
                "state": OutboxState.QUEUED.value,
                "attempts": 0,
                "note": "",
                "created_ms": now_ms,
                "updated_ms": now_ms,
                "settled_by": "",
            },
        )
        self.enqueue(db, SEND_KIND, SendOutboxEntry(entry_id), dedupe_key=f"{entry_id}:0")
        entry = tables.entry_by_id(db, entry_id)
        assert entry is not None
        return entry

    def settle(self, db: sa.Connection, entry_id: str, state: OutboxState, *, by: str, note: str = "") -> OutboxEntry:
        """Bring an entry to its end: confirmed, failed or cancelled.

        Raises:
            UnknownOutboxEntry: there is none of that id.
            SettledOutboxEntry: it has come to its end already.
        """
        entry = self._open(db, entry_id)
        kept = note[:NOTE_LENGTH] or entry.note
        tables.update_entry(db, entry_id, state=state.value, note=kept, settled_by=by, updated_ms=to_ms(self.clock()))
        return msgspec.structs.replace(entry, state=state, note=kept, settled_by=by, updated_at=self.clock())

    def cancel(self, db: sa.Connection, entry_id: str, actor: str) -> OutboxEntry:
        """Take back what has not left yet.

        Raises:
            UnknownOutboxEntry: there is none of that id.
            SettledOutboxEntry: it is on its way, or at its end.
        """
        entry = self._open(db, entry_id)
        if entry.state is not OutboxState.QUEUED:
            raise SettledOutboxEntry(f"Outbox entry {entry_id} is {entry.state.value}.", hint="It has left already.")
        return self.settle(db, entry_id, OutboxState.CANCELLED, by=actor)

    def _open(self, db: sa.Connection, entry_id: str) -> OutboxEntry:
        entry = tables.entry_by_id(db, entry_id, lock=True)
        if entry is None:
            raise UnknownOutboxEntry.of(entry_id)
        if entry.state in SETTLED:
            raise SettledOutboxEntry(f"Outbox entry {entry_id} is {entry.state.value}.", hint="Nothing is left to do.")
        return entry

    def require(self, outlet: str) -> None:
        """Raise unless the shop has this outlet.

        Raises:
            UnknownOutlet: it has not; the hint names the nearest.
        """
        if outlet not in self.outlets:
            raise UnknownOutlet.among(outlet, self.outlets)

    def pause(self, db: sa.Connection, actor: str) -> None:
        """Stop all outlets: each send looks at this row first, so nothing leaves after the commit."""
        tables.set_paused(db, paused=True, actor=actor, at_ms=to_ms(self.clock()))

    def resume(self, db: sa.Connection, actor: str) -> None:
        """Let the outlets send again, what waited first."""
        now_ms = to_ms(self.clock())
        tables.set_paused(db, paused=False, actor=actor, at_ms=now_ms)
        for entry_id in tables.queued_ids(db):
            # A key of its own: the job that found the switch off may not have ended yet, and would swallow this one.
            self.enqueue(db, SEND_KIND, SendOutboxEntry(entry_id), dedupe_key=f"{entry_id}:resumed:{now_ms}")

    def is_paused(self, db: sa.Connection) -> bool:
        """Whether all outlets are stopped."""
        return tables.is_paused(db)
