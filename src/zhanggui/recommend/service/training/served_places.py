"""What was served to whom, for a shop that does not tell what was seen of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zhanggui.kernel.clock import DAY_MS
from zhanggui.kernel.db import Database
from zhanggui.kernel.privacy import ConsentGate, Purpose
from zhanggui.recommend.engines.interactions import gather
from zhanggui.recommend.engines.passed_over import SeenInLists
from zhanggui.recommend.ports import ServedHistory

DAYS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedPlaces:
    """Reads the log of served lists of those whose data may be learned from.

    Args:
        db: the shop's store.
        served: the log.
        gate: says whose lists may be used.
    """

    db: Database
    served: ServedHistory
    gate: ConsentGate

    def until(self, now_ms: int) -> SeenInLists:
        """The places of the last 60 days."""
        with self.db.read() as db:
            parts = list(self.served.lists(db, now_ms - DAYS * DAY_MS, now_ms, purpose=Purpose.TRAINING))
        person, at_ms, length = gather(((one.person, one.at_ms, one.length) for one in parts), 3)
        (product,) = gather(((one.product,) for one in parts), 1)
        among = self.gate.allowed_among(np.unique(person[person > 0]).tolist(), Purpose.TRAINING)
        allowed = np.array(sorted(among), dtype=np.int64)
        kept = np.repeat(np.isin(person, allowed), length)
        return SeenInLists(
            person=np.repeat(person, length)[kept],
            product=product[kept].astype(np.int64),
            at_ms=np.repeat(at_ms, length)[kept],
        )
