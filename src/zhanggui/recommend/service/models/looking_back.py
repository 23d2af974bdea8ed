"""The last 35 days as arrays: what was shown, and what those who were shown it did. Nobody who may not be counted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zhanggui.kernel.clock import DAY_MS
from zhanggui.kernel.db import Database
from zhanggui.kernel.privacy import ConsentGate, Purpose
from zhanggui.recommend.engines.interactions import Ints
from zhanggui.recommend.engines.quality import WITHIN_MS, Shown, taken_up
from zhanggui.recommend.ports import PastBehaviour, ServedHistory
from zhanggui.recommend.service.past_acts import Acts, acts_between, subjects
from zhanggui.recommend.service.served_columns import ServedReader
from zhanggui.shop import EVENT_NUMBERS, EventName

DAYS = 35
CLICKS = (EVENT_NUMBERS[EventName.VIEW_ITEM], EVENT_NUMBERS[EventName.SELECT_ITEM])


@dataclass(frozen=True, slots=True, kw_only=True)
class Lists:
    """Lists that are a day old and may be counted.

    Attributes:
        shown: them, product by product.
        at_ms: when each was shown.
        person: to whom.
        uncounted: how many lists may not be counted.
    """

    shown: Shown
    at_ms: Ints
    person: Ints
    uncounted: int

    def taken(self, acts: Acts, kinds: tuple[int, ...]) -> np.ndarray:
        """(lists,) whether its shopper did an act of these kinds with one of its products within a day."""
        of = np.isin(acts.kind, kinds)
        return taken_up(self.shown, len(self.at_ms), acts.person[of], acts.product[of], acts.at_ms[of])


@dataclass(frozen=True, slots=True, kw_only=True)
class LookBack:
    """Reads the last 35 days.

    Args:
        db: the shop's store.
        history: behaviour that may be counted.
        served: the log of served lists.
        gate: says whose lists may be counted.
    """

    db: Database
    history: PastBehaviour
    served: ServedHistory
    gate: ConsentGate

    def acts(self, now_ms: int) -> Acts:
        """What people did with products."""
        return acts_between(self.db, self.history, now_ms - DAYS * DAY_MS, now_ms)

    def lists(self, now_ms: int) -> Lists:
        """What was shown to people who may be counted, until a day ago: what came of it is known by now."""
        reader = ServedReader(db=self.db, served=self.served, gate=self.gate)
        held = reader.between(now_ms - DAYS * DAY_MS, now_ms - WITHIN_MS, Purpose.ANALYTICS)
        counted = held.is_allowed
        rows = np.repeat(counted, held.length)
        person, at_ms, length = subjects(self.db, held.person[counted]), held.at_ms[counted], held.length[counted]
        shown = Shown(
            list=np.repeat(np.arange(len(person)), length),
            person=np.repeat(person, length),
            product=held.product[rows],
            at_ms=np.repeat(at_ms, length),
        )
        return Lists(shown=shown, at_ms=at_ms, person=person, uncounted=int((~counted).sum()))
