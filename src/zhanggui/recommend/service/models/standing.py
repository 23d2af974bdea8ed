"""How the model that serves stands: how old it is, and what departs; for whoever asks often and does not wait."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from zhanggui.kernel.clock import DAY_MS, HOUR_MS, Clock, to_ms
from zhanggui.kernel.db import Database
from zhanggui.recommend.service.model_store import KIND
from zhanggui.recommend.tables import models as model_tables
from zhanggui.recommend.tables import settings as setting_tables
from zhanggui.recommend.types.quality import Drift, ModelStanding

from .quality import Quality

OLD_AFTER = 3
"""A model is old once so many trainings of the schedule should have followed it."""
OLD_WITHOUT_MS = 7 * DAY_MS
"""And after so long in a shop that trains by new events or by hand alone."""
HOLDS_MS = 2 * DAY_MS
"""What was counted longer ago tells nothing."""
NAME = "drifts"


class CountedDrifts(msgspec.Struct, frozen=True):
    """What departed, and when that was counted."""

    at_ms: int
    drifts: tuple[Drift, ...]


_decode = msgspec.json.Decoder(CountedDrifts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Says how the present model stands.

    Args:
        db: the shop's store.
        clock: gives the present moment.
        quality: looks back, which takes seconds.
        every_hours: so often the schedule trains; 0 for never.
    """

    db: Database
    clock: Clock
    quality: Quality
    every_hours: int

    def count(self) -> None:
        """Look back, and keep what departs for all processes; a job does it every hour."""
        held = CountedDrifts(to_ms(self.clock()), self.quality.report().drifts)
        self.db.write(lambda db: setting_tables.put_setting(db, NAME, msgspec.json.encode(held)))

    def now(self) -> ModelStanding | None:
        """The age of the model as of now, and what departed when it was counted last; None where no model serves."""
        now_ms = to_ms(self.clock())
        with self.db.read() as db:
            card, kept = model_tables.current_model(db, KIND), setting_tables.setting(db, NAME)
        if card is None:
            return None
        counted = CountedDrifts(0, ()) if kept is None else _decode.decode(kept)
        old_ms = OLD_AFTER * self.every_hours * HOUR_MS or OLD_WITHOUT_MS
        return ModelStanding(
            model=card.id,
            trained_ms=card.at_ms,
            is_old=now_ms - card.at_ms > old_ms,
            drifts=counted.drifts if 0 <= now_ms - counted.at_ms < HOLDS_MS else (),
        )
