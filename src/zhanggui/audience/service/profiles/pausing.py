"""A pause is a no to personalization that ends by itself: the gate that the recommender and this room ask."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa

from zhanggui.audience.tables import corrections as tables
from zhanggui.kernel.clock import Clock, to_ms
from zhanggui.kernel.db import Database
from zhanggui.kernel.privacy import Channel, Duty, Purpose, ReadingGate


@dataclass(frozen=True, slots=True, kw_only=True)
class PausingGate:
    """The shop's own gate, closed for personalization to whoever pauses; no other purpose is touched."""

    db: Database
    clock: Clock
    inner: ReadingGate

    def allows(self, person: int, purpose: Purpose) -> bool:
        """Whether one person's data may be used for `purpose` now."""
        with self.db.read() as db:
            return self.allows_in(db, person, purpose)

    def allows_in(self, db: sa.Connection, person: int, purpose: Purpose) -> bool:
        """What `allows` says, as the connection sees it."""
        return self.inner.allows_in(db, person, purpose) and not (
            purpose is Purpose.PERSONALIZATION and person in self._paused(db)
        )

    def allowed_among(self, persons: Collection[int], purpose: Purpose) -> set[int]:
        """Those of `persons` whose data may be used for `purpose` now."""
        allowed = self.inner.allowed_among(persons, purpose)
        return allowed - self._paused_now() if purpose is Purpose.PERSONALIZATION else allowed

    def allowed_through(self, persons: Collection[int], purpose: Purpose, channel: Channel) -> set[int]:
        """Those of `persons` who may be reached by a channel for `purpose` now."""
        allowed = self.inner.allowed_through(persons, purpose, channel)
        return allowed - self._paused_now() if purpose is Purpose.PERSONALIZATION else allowed

    def _paused_now(self) -> set[int]:
        with self.db.read() as db:
            return self._paused(db)

    def _paused(self, db: sa.Connection) -> set[int]:
        return tables.paused(db, to_ms(self.clock()), purpose=Duty.RIGHTS)
