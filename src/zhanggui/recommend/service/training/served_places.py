"""What was served to whom, for a shop that does not tell what was seen of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zhanggui.kernel.clock import DAY_MS
from zhanggui.kernel.db import Database
from zhanggui.kernel.privacy import ConsentGate, Purpose
from zhanggui.recommend.engines.passed_over import SeenInLists
from zhanggui.recommend.ports import ServedHistory
from zhanggui.recommend.service.served_columns import ServedReader

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
        reader = ServedReader(db=self.db, served=self.served, gate=self.gate)
        shown = reader.between(now_ms - DAYS * DAY_MS, now_ms, Purpose.TRAINING)
        kept = np.repeat(shown.is_allowed, shown.length)
        return SeenInLists(
            person=np.repeat(shown.person, shown.length)[kept],
            product=shown.product[kept].astype(np.int64),
            at_ms=np.repeat(shown.at_ms, shown.length)[kept],
        )
