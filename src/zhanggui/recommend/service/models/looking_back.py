"""The last 35 days as arrays: what was shown, and what those who were shown it did. Nobody who may not be counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from zhanggui.kernel.clock import DAY_MS, from_ms, to_ms
from zhanggui.kernel.db import Database
from zhanggui.kernel.privacy import ConsentGate, Purpose
from zhanggui.recommend.engines.interactions import Ints, gather
from zhanggui.recommend.engines.quality import WITHIN_MS, Shown, taken_up
from zhanggui.recommend.ports import PastBehaviour, ServedHistory
from zhanggui.shop import EVENT_NUMBERS, EventName, subjects_of

DAYS = 35
CLICKS = (EVENT_NUMBERS[EventName.VIEW_ITEM], EVENT_NUMBERS[EventName.SELECT_ITEM])
COLUMNS = ("person", "product", "kind", "at_ms")


@dataclass(frozen=True, slots=True, kw_only=True)
class Acts:
    """Acts of those who may be counted, with the subject of each; columns of one length."""

    person: Ints
    product: Ints
    kind: Ints
    at_ms: Ints


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
        gate: says whose lists may be counted; without one everybody's may.
    """

    db: Database
    history: PastBehaviour
    served: ServedHistory
    gate: ConsentGate | None

    def acts(self, now_ms: int) -> Acts:
        """What people did with products."""
        since = from_ms(now_ms) - timedelta(days=DAYS)
        batches = (
            tuple(batch.column(name).to_numpy(zero_copy_only=False).astype(np.int64) for name in COLUMNS)
            for batch in self.history.history(Purpose.ANALYTICS, since)
        )
        person, product, kind, at_ms = gather(batches, len(COLUMNS))
        used = (product > 0) & (at_ms >= to_ms(since)) & (at_ms < now_ms)
        return Acts(person=self._subjects(person[used]), product=product[used], kind=kind[used], at_ms=at_ms[used])

    def lists(self, now_ms: int) -> Lists:
        """What was shown to people who may be counted, until a day ago: what came of it is known by now."""
        with self.db.read() as db:
            parts = list(self.served.lists(db, now_ms - DAYS * DAY_MS, now_ms - WITHIN_MS, purpose=Purpose.ANALYTICS))
        person, at_ms, length = gather(((one.person, one.at_ms, one.length) for one in parts), 3)
        (product,) = gather(((one.product,) for one in parts), 1)
        known = np.unique(person[person > 0])
        if self.gate is not None:
            allowed = self.gate.allowed_among(known.tolist(), Purpose.ANALYTICS)
            known = np.array(sorted(allowed), dtype=np.int64)
        counted = np.isin(person, known)
        rows = np.repeat(counted, length)
        person, at_ms, length = self._subjects(person[counted]), at_ms[counted], length[counted]
        shown = Shown(
            list=np.repeat(np.arange(len(person)), length),
            person=np.repeat(person, length),
            product=product[rows],
            at_ms=np.repeat(at_ms, length),
        )
        return Lists(shown=shown, at_ms=at_ms, person=person, uncounted=int((~counted).sum()))

    def _subjects(self, person: Ints) -> Ints:
        """A visitor's acts are those of the customer it belongs to."""
        numbers, place = np.unique(person, return_inverse=True)
        with self.db.read() as db:
            roots, _ = subjects_of(db, numbers.tolist())
        return np.array([roots[number] for number in numbers.tolist()], dtype=np.int64)[place]
