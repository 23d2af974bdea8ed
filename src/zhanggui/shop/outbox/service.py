"""The outbox as people and outlets see it: what is on its way, and what became of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa

from zhanggui.kernel.db import Database

from . import tables
from .errors import UnknownOutboxEntry
from .queue import OutboxQueue
from .sending import Settle
from .types import OutboxEntry, OutboxPage, OutboxState


@dataclass(frozen=True, slots=True, kw_only=True)
class Outbox:
    """The use cases of the outbox. `settle` is told of each entry that came to its end, in the same commit."""

    db: Database
    queue: OutboxQueue
    settle: Settle

    def list(
        self,
        *,
        after: str | None = None,
        limit: int = 50,
        state: OutboxState | None = None,
        outlet: str | None = None,
    ) -> OutboxPage:
        """Entries, newest first."""
        with self.db.read() as db:
            found = tables.entries_page(db, after=after, limit=limit, state=state, outlet=outlet)
            is_paused = tables.is_paused(db)
        next_page = found[-1].id if len(found) == limit else None
        return OutboxPage(items=tuple(found), next=next_page, is_paused=is_paused)

    def entry(self, entry_id: str) -> OutboxEntry:
        """One entry.

        Raises:
            UnknownOutboxEntry: there is none of that id.
        """
        with self.db.read() as db:
            found = tables.entry_by_id(db, entry_id)
        if found is None:
            raise UnknownOutboxEntry.of(entry_id)
        return found

    def confirm(self, entry_id: str, actor: str, *, was_applied: bool = True, note: str = "") -> OutboxEntry:
        """The outlet's call back, or a person, says whether it was applied.

        Raises:
            UnknownOutboxEntry: there is none of that id.
            SettledOutboxEntry: it has come to its end already.
        """
        state = OutboxState.CONFIRMED if was_applied else OutboxState.FAILED
        return self._end(lambda db: self.queue.settle(db, entry_id, state, by=actor, note=note))

    def cancel(self, entry_id: str, actor: str) -> OutboxEntry:
        """Take back what has not left yet.

        Raises:
            UnknownOutboxEntry: there is none of that id.
            SettledOutboxEntry: it is on its way, or at its end.
        """
        return self._end(lambda db: self.queue.cancel(db, entry_id, actor))

    def _end(self, move: Callable[[sa.Connection], OutboxEntry]) -> OutboxEntry:
        def work(db: sa.Connection) -> OutboxEntry:
            entry = move(db)
            self.settle(db, entry)
            return entry

        return self.db.write(work)
