"""When a shop's model is to be trained anew: after a time, or after enough new behaviour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import sqlalchemy as sa

from zhanggui.kernel.clock import HOUR_MS, Clock, to_ms
from zhanggui.kernel.db import Database
from zhanggui.kernel.privacy import Purpose
from zhanggui.recommend.ports import Behaviour
from zhanggui.recommend.service.model_store import KIND
from zhanggui.recommend.service.strengths import STRENGTH
from zhanggui.recommend.tables import models as model_tables
from zhanggui.recommend.types.models import ModelCard

AT_ONCE = 20_000
LEAST_NEW = 50

Due = Literal["", "first", "time", "events"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Triggers:
    """Looks whether a training is due.

    Args:
        db: the shop's store.
        clock: gives the present moment.
        events: counts what arrived.
        every_hours: so old may the last training be; 0 for any age.
        new_percent: so many new events, in percent of those that the last training had, and at least 50; 0 for never.
    """

    db: Database
    clock: Clock
    events: Behaviour
    every_hours: int = 24
    new_percent: int = 20

    def due(self) -> Due:
        """Why a training is due: the first one, by time, by new events; empty when none is.

        A refused model counts as the last training, so that it is not made again from the same events. Where a person
        put an earlier model back, only events that no model has counted make one due.
        """
        with self.db.read() as db:
            cards, present = model_tables.models.all(db, KIND), model_tables.current_model(db, KIND)
            if not cards:
                return "first"
            last = cards[0]
            since = last.until_seq if present is None else max(last.until_seq, present.held_seq)
            needed = max(LEAST_NEW, -(-last.rows * self.new_percent // 100))
            new = self._new_events(db, since, needed)
        if self.new_percent and new >= needed:
            return "events"
        return "time" if self._is_old(last) and (new or not _is_idle(last, present)) else ""

    def _is_old(self, last: ModelCard) -> bool:
        return self.every_hours > 0 and to_ms(self.clock()) - last.at_ms >= self.every_hours * HOUR_MS

    def _new_events(self, db: sa.Connection, since: int, most: int) -> int:
        """Events that training would use, up to `most`."""
        found = 0
        while found < most:
            came = self.events.arrivals(db, since, AT_ONCE, purpose=Purpose.TRAINING)
            strength = STRENGTH[np.clip(came[2], 0, len(STRENGTH) - 1)]
            found += int(((came[1] > 0) & (strength != 0)).sum())
            if came.shape[1] < AT_ONCE:
                break
            since = int(came[0, -1])
        return found


def _is_idle(last: ModelCard, present: ModelCard | None) -> bool:
    """Whether training from the same events could only repeat what a person or the gate has turned down."""
    return last.state == "refused" or (present is not None and present.held_seq > 0)
