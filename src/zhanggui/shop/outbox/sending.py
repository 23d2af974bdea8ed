"""Sending: claim an entry, hand it to its outlet, note what came of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from zhanggui.kernel.clock import Clock, to_ms
from zhanggui.kernel.db import Database
from zhanggui.kernel.jobs import backoff_ms

from . import tables
from .ports import Confirmed, Outcome, Refused, Sent, TryAgain
from .queue import SEND_KIND, OutboxQueue
from .types import NOTE_LENGTH, SETTLED, OutboxEntry, OutboxState, SendOutboxEntry

Settle = Callable[[sa.Connection, OutboxEntry], None]
"""Told of each entry that came to its end, inside the transaction in which it did."""

Effect = Callable[[sa.Connection], None]
Complete = Callable[[OutboxEntry], OutboxEntry | None]
"""An entry as it leaves: what must not be kept with it is filled in now. None: there is nothing to send."""


def as_it_stands(entry: OutboxEntry) -> OutboxEntry | None:
    """Send what was queued."""
    return entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Sends one entry at a time; the body of the job `shop.outbox.send`.

    Args:
        settle: told of each entry that came to its end.
        draw: uniform in [0, 1); keeps entries that failed together from coming back together.
        max_attempts: tries before a person is asked.
        complete: gives each entry as it leaves.
    """

    db: Database
    clock: Clock
    queue: OutboxQueue
    settle: Settle
    draw: Callable[[], float]
    max_attempts: int = 12
    complete: Complete = as_it_stands

    def deliver(self, entry_id: str) -> Effect | None:
        """Send one entry, unless everything is paused or it was taken back.

        Returns:
            What is to be written now, in one commit with the job's done-mark.
        """
        entry = self.db.write(lambda db: self._claim(db, entry_id))
        if entry is None:
            return None
        outcome = self._sent(entry)
        return lambda db: self._note(db, entry, outcome)

    def _sent(self, entry: OutboxEntry) -> Outcome:
        outlet = self.queue.outlets.get(entry.outlet)
        if outlet is None:
            return Refused(f"no outlet {entry.outlet!r} any more")
        whole = self.complete(entry)
        return Refused("nothing is left to send") if whole is None else outlet.send(whole)

    def _claim(self, db: sa.Connection, entry_id: str) -> OutboxEntry | None:
        entry = tables.entry_by_id(db, entry_id, lock=True)
        # An entry that is `sending` was claimed by this same job in a process that died: it is sent again, under
        # the same idempotency key.
        if entry is None or entry.state not in {OutboxState.QUEUED, OutboxState.SENDING}:
            return None
        if tables.is_paused(db):
            tables.update_entry(db, entry_id, state=OutboxState.QUEUED.value)
            return None
        now_ms = to_ms(self.clock())
        tables.update_entry(
            db, entry_id, state=OutboxState.SENDING.value, attempts=entry.attempts + 1, updated_ms=now_ms
        )
        return tables.entry_by_id(db, entry_id)

    def _note(self, db: sa.Connection, entry: OutboxEntry, outcome: Outcome) -> None:
        now = tables.entry_by_id(db, entry.id, lock=True)
        if now is None or now.state in SETTLED:
            return  # the receiver's call back was faster than its answer
        match outcome:
            case Confirmed(note):
                self._end(db, entry, OutboxState.CONFIRMED, note)
            case Sent(note):
                self._move(db, entry, OutboxState.SENT, note)
            case TryAgain(note) if entry.attempts < self.max_attempts:
                self._move(db, entry, OutboxState.QUEUED, note)
                self.queue.enqueue(
                    db,
                    SEND_KIND,
                    SendOutboxEntry(entry.id),
                    dedupe_key=f"{entry.id}:{entry.attempts}",
                    run_at=self.clock() + timedelta(milliseconds=backoff_ms(entry.attempts, self.draw())),
                )
            case Refused(note) | TryAgain(note):
                self._end(db, entry, OutboxState.FAILED, note)

    def _move(self, db: sa.Connection, entry: OutboxEntry, state: OutboxState, note: str) -> None:
        now_ms = to_ms(self.clock())
        tables.update_entry(db, entry.id, state=state.value, note=note[:NOTE_LENGTH], updated_ms=now_ms)

    def _end(self, db: sa.Connection, entry: OutboxEntry, state: OutboxState, note: str) -> None:
        self.settle(db, self.queue.settle(db, entry.id, state, by=f"outlet:{entry.outlet}", note=note))
