"""How models do over time: on the sessions they were judged on, and by what served lists led to."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta, tzinfo

import numpy as np
from numpy.typing import NDArray

from zhanggui.kernel.clock import DAY_MS, Clock, from_ms, to_ms
from zhanggui.kernel.db import Database
from zhanggui.kernel.privacy import ConsentGate, Purpose
from zhanggui.recommend.engines.interactions import Ints, gather
from zhanggui.recommend.engines.quality import (
    PSI_LIMIT,
    WITHIN_MS,
    Z_LIMIT,
    Shown,
    fall,
    has_drifted,
    has_fallen,
    stability,
    taken_up,
)
from zhanggui.recommend.ports import LiveView, PastBehaviour, ServedHistory
from zhanggui.recommend.service.strengths import PURCHASE, STRENGTH
from zhanggui.recommend.types.models import ModelCard
from zhanggui.recommend.types.quality import Drift, Drifted, ModelQuality, ServedDay, TrainedModel
from zhanggui.shop import EVENT_NUMBERS, CatalogueView, EventName, subjects_of

from .cards import model_cards

NOW_DAYS, BEFORE_DAYS = 7, 28
KEPT_MS = 600_000
"""An answer is kept for so long in a process: it reads 35 days."""
CLICKS = (EVENT_NUMBERS[EventName.VIEW_ITEM], EVENT_NUMBERS[EventName.SELECT_ITEM])
COLUMNS = ("person", "product", "kind", "at_ms")
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Acts:
    """Acts of those who may be counted, with the subject of each."""

    person: Ints
    product: Ints
    kind: Ints
    at_ms: Ints


class Quality:
    """Looks back over 35 days.

    Args:
        db: the shop's store.
        clock: gives the present moment.
        zone: whose days count.
        live: the catalogue in memory.
        history: behaviour that may be counted.
        served: the log of served lists.
        gate: says whose lists may be counted; without one everybody's may.
    """

    def __init__(
        self,
        *,
        db: Database,
        clock: Clock,
        zone: tzinfo,
        live: LiveView,
        history: PastBehaviour,
        served: ServedHistory,
        gate: ConsentGate | None,
    ) -> None:
        self._db, self._clock, self._zone, self._live = db, clock, zone, live
        self._history, self._served, self._gate = history, served, gate
        self._lock = threading.Lock()
        self._held: tuple[int, ModelQuality] | None = None

    def report(self) -> ModelQuality:
        """The last 35 days, at most ten minutes old; the models as they are now."""
        now_ms = to_ms(self._clock())
        with self._lock:
            if self._held is None or not 0 <= now_ms - self._held[0] < KEPT_MS:
                self._held = (now_ms, self._looked(now_ms))
            held = self._held[1]
        return ModelQuality(
            days=held.days,
            models=tuple(_trained(card) for card in model_cards(self._db) if card.metrics.get("occasions")),
            drifts=held.drifts,
            uncounted=held.uncounted,
        )

    def _looked(self, now_ms: int) -> ModelQuality:
        acts = self._acts(now_ms)
        shown, at_ms, uncounted = self._lists(now_ms)
        clicked, bought = (self._taken(shown, len(at_ms), acts, kinds) for kinds in (CLICKS, (PURCHASE,)))
        with self._db.read() as db:
            view = self._live.view(db)
        drifts = [*self._moved(view, acts, now_ms), *_fallen(at_ms, {"clicks": clicked, "purchases": bought}, now_ms)]
        days = tuple(self._days(at_ms, clicked, bought, now_ms))
        return ModelQuality(days=days, models=(), drifts=tuple(drifts), uncounted=uncounted)

    def _acts(self, now_ms: int) -> _Acts:
        since = from_ms(now_ms) - timedelta(days=NOW_DAYS + BEFORE_DAYS)
        batches = (
            tuple(batch.column(name).to_numpy(zero_copy_only=False).astype(np.int64) for name in COLUMNS)
            for batch in self._history.history(Purpose.ANALYTICS, since)
        )
        person, product, kind, at_ms = gather(batches, len(COLUMNS))
        used = (product > 0) & (at_ms >= to_ms(since)) & (at_ms < now_ms)
        return _Acts(person=self._subjects(person[used]), product=product[used], kind=kind[used], at_ms=at_ms[used])

    def _lists(self, now_ms: int) -> tuple[Shown, Ints, int]:
        """Lists that are a day old and may be counted, product by product; when each was shown; and how many not."""
        since_ms, until_ms = now_ms - (NOW_DAYS + BEFORE_DAYS) * DAY_MS, now_ms - WITHIN_MS
        with self._db.read() as db:
            parts = list(self._served.lists(db, since_ms, until_ms, purpose=Purpose.ANALYTICS))
        person, at_ms, length = gather(((one.person, one.at_ms, one.length) for one in parts), 3)
        (product,) = gather(((one.product,) for one in parts), 1)
        known = np.unique(person[person > 0])
        if self._gate is not None:
            allowed = self._gate.allowed_among(known.tolist(), Purpose.ANALYTICS)
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
        return shown, at_ms, int((~counted).sum())

    def _subjects(self, person: Ints) -> Ints:
        """A visitor's acts are those of the customer it belongs to."""
        numbers, place = np.unique(person, return_inverse=True)
        with self._db.read() as db:
            roots, _ = subjects_of(db, numbers.tolist())
        return np.array([roots[number] for number in numbers.tolist()], dtype=np.int64)[place]

    def _taken(self, shown: Shown, lists: int, acts: _Acts, kinds: tuple[int, ...]) -> Bools:
        of = np.isin(acts.kind, kinds)
        return taken_up(shown, lists, acts.person[of], acts.product[of], acts.at_ms[of])

    def _days(self, at_ms: Ints, clicked: Bools, bought: Bools, now_ms: int) -> Iterator[ServedDay]:
        """The whole days in the shop's zone whose lists are all old enough; the last 35 of them at most."""
        midnight = from_ms(now_ms).astimezone(self._zone).replace(hour=0, minute=0, second=0, microsecond=0)
        for back in range(NOW_DAYS + BEFORE_DAYS - 1, 0, -1):
            day = (midnight - timedelta(days=back)).date()
            first, last = (to_ms(midnight - timedelta(days=back - n)) for n in (0, 1))
            of = (at_ms >= first) & (at_ms < last)
            yield ServedDay(
                day=day.isoformat(), lists=int(of.sum()), clicked=int(clicked[of].sum()), bought=int(bought[of].sum())
            )

    def _moved(self, view: CatalogueView, acts: _Acts, now_ms: int) -> Iterator[Drift]:
        """Whether what people want moved between categories."""
        wanted = (STRENGTH[np.clip(acts.kind, 0, len(STRENGTH) - 1)] > 0) & (acts.product < view.size)
        names: dict[str, int] = {}
        numbers, place = np.unique(acts.product[wanted], return_inverse=True)
        keys = [next((chip.value for chip in view.chips(n) if chip.kind == "category"), "") for n in numbers.tolist()]
        category = np.array([names.setdefault(key, len(names)) for key in keys], dtype=np.int64)[place]
        is_now = acts.at_ms[wanted] >= now_ms - NOW_DAYS * DAY_MS
        before, now = (np.bincount(category[of], minlength=len(names)) for of in (~is_now, is_now))
        if not has_drifted(before, now):
            return
        was, become = before / before.sum(), now / now.sum()
        most = int((become - was).argmax())
        yield Drift(
            what="categories",
            strength=round(float(stability(before, now)), 4),
            limit=PSI_LIMIT,
            before=round(float(was[most]), 4),
            now=round(float(become[most]), 4),
            category=list(names)[most],
        )


def _fallen(at_ms: Ints, taken: dict[Drifted, Bools], now_ms: int) -> Iterator[Drift]:
    """Shares of lists taken up that fell; both times are of lists that are old enough."""
    is_now = at_ms >= now_ms - WITHIN_MS - NOW_DAYS * DAY_MS
    for what, hits in taken.items():
        sums = (int(hits[~is_now].sum()), int((~is_now).sum()), int(hits[is_now].sum()), int(is_now.sum()))
        if has_fallen(*sums):
            yield Drift(
                what=what,
                strength=round(fall(*sums), 4),
                limit=Z_LIMIT,
                before=round(sums[0] / sums[1], 4),
                now=round(sums[2] / sums[3], 4),
            )


def _trained(card: ModelCard) -> TrainedModel:
    held = card.metrics
    recall = held.get("recall@20", 0.0)
    return TrainedModel(
        id=card.id,
        at_ms=card.at_ms,
        state=card.state,
        recall=recall,
        low=held.get("recall@20_low", recall),
        high=held.get("recall@20_high", recall),
        popular=held.get("recall@20_popular", 0.0),
        occasions=int(held["occasions"]),
    )
