"""How models do over time: on the sessions they were judged on, and by what served lists led to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta, tzinfo

import numpy as np
from numpy.typing import NDArray

from zhanggui.kernel.clock import DAY_MS, Clock, from_ms, to_ms
from zhanggui.kernel.db import Database
from zhanggui.kernel.lately import Lately
from zhanggui.kernel.privacy import ConsentGate
from zhanggui.recommend.engines.interactions import Ints
from zhanggui.recommend.engines.quality import (
    PSI_LIMIT,
    WITHIN_MS,
    Z_LIMIT,
    fall,
    has_drifted,
    has_fallen,
    stability,
)
from zhanggui.recommend.ports import LiveView, PastBehaviour, ServedHistory
from zhanggui.recommend.service.past_acts import Acts
from zhanggui.recommend.service.strengths import PURCHASE, STRENGTH
from zhanggui.recommend.types.models import ModelCard
from zhanggui.recommend.types.quality import Drift, Drifted, ModelQuality, ServedDay, TrainedModel
from zhanggui.shop import CatalogueView

from .cards import model_cards
from .looking_back import CLICKS, LookBack

NOW_DAYS, BEFORE_DAYS = 7, 28
KEPT_MS = 600_000
"""An answer is kept for so long in a process: it reads 35 days."""
Bools = NDArray[np.bool_]


class Quality:
    """Looks back over 35 days.

    Args:
        db: the shop's store.
        clock: gives the present moment.
        zone: whose days count.
        live: the catalogue in memory.
        history: behaviour that may be counted.
        served: the log of served lists.
        gate: says whose lists may be counted.
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
        gate: ConsentGate,
    ) -> None:
        self._db, self._clock, self._zone, self._live = db, clock, zone, live
        self._past = LookBack(db=db, history=history, served=served, gate=gate)
        self._lately: Lately[ModelQuality] = Lately(KEPT_MS)

    def report(self) -> ModelQuality:
        """The last 35 days, at most ten minutes old; the models as they are now."""
        now_ms = to_ms(self._clock())
        held = self._lately.get(now_ms, lambda: self._looked(now_ms)).value
        return ModelQuality(
            days=held.days,
            models=tuple(_trained(card) for card in model_cards(self._db) if card.metrics),
            drifts=held.drifts,
            uncounted=held.uncounted,
        )

    def _looked(self, now_ms: int) -> ModelQuality:
        acts, lists = self._past.acts(now_ms), self._past.lists(now_ms)
        clicked, bought = (lists.taken(acts, kinds) for kinds in (CLICKS, (PURCHASE,)))
        with self._db.read() as db:
            view = self._live.view(db)
        drifts = [
            *self._moved(view, acts, now_ms),
            *_fallen(lists.at_ms, {"clicks": clicked, "purchases": bought}, now_ms),
        ]
        days = tuple(self._days(lists.at_ms, clicked, bought, now_ms))
        return ModelQuality(days=days, models=(), drifts=tuple(drifts), uncounted=lists.uncounted)

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

    def _moved(self, view: CatalogueView, acts: Acts, now_ms: int) -> Iterator[Drift]:
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
    held, recall = card.metrics, card.recall
    return TrainedModel(
        id=card.id,
        at_ms=card.at_ms,
        state=card.state,
        recall=recall,
        low=held.get("recall@20_low", recall),
        high=held.get("recall@20_high", recall),
        popular=held.get("recall@20_popular"),
        occasions=int(held.get("occasions", 0)),
    )
