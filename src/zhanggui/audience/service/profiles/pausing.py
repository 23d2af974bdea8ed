"""A pause is a no to personalization that ends by itself: the gate that the recommender and this room ask."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from zhanggui.audience.tables import corrections as tables
from zhanggui.kernel.clock import Clock, to_ms
from zhanggui.kernel.db import Database
from zhanggui.kernel.privacy import Channel, ConsentGate, Duty, Purpose


@dataclass(frozen=True, slots=True, kw_only=True)
class PausingGate:
    """The shop's own gate, closed for personalization to whoever pauses; no other purpose is touched."""

    db: Database
    clock: Clock
    inner: ConsentGate

    def allows(self, person: int, purpose: Purpose) -> bool:
        """Whether one person's data may be used for `purpose` now."""
        return self.inner.allows(person, purpose) and not (
            purpose is Purpose.PERSONALIZATION and person in self._paused()
        )

    def allowed_among(self, persons: Collection[int], purpose: Purpose) -> set[int]:
        """Those of `persons` whose data may be used for `purpose` now."""
        allowed = self.inner.allowed_among(persons, purpose)
        return allowed - self._paused() if purpose is Purpose.PERSONALIZATION else allowed

    def allowed_through(self, persons: Collection[int], purpose: Purpose, channel: Channel) -> set[int]:
        """Those of `persons` who may be reached by a channel for `purpose` now."""
        allowed = self.inner.allowed_through(persons, purpose, channel)
        return allowed - self._paused() if purpose is Purpose.PERSONALIZATION else allowed

    def _paused(self) -> set[int]:
        with self.db.read() as db:
            return tables.paused(db, to_ms(self.clock()), purpose=Duty.RIGHTS)
