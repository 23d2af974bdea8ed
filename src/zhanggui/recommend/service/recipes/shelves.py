"""Shelves of a category: what rises now, what has come in."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from zhanggui.kernel.clock import DAY_MS
from zhanggui.recommend.engines.hour_counts import rising
from zhanggui.recommend.engines.interactions import Floats
from zhanggui.recommend.service.live_state import Snapshot
from zhanggui.recommend.service.serving import Serving
from zhanggui.recommend.service.surfaces import NEW, TRENDING
from zhanggui.recommend.service.wishing import MOST, Recipe
from zhanggui.recommend.types.lists import Reason, Recommendations

from .kept import allowed, within
from .windows import MOST_HOURS, Windows

MOST_DAYS = 365
AMONG = 2 * MOST
"""Products that a shelf is chosen from."""
TASTE = 1.0
"""What taste adds to a new arrival at most: as much as being new for half as long."""


class Shelves:
    """Recipes that start from a category, or from the whole shop."""

    def __init__(self, serving: Serving, windows: Windows) -> None:
        self._serving, self._windows = serving, windows

    def trending(
        self,
        category: str = "",
        hours: int = 24,
        k: int = 10,
        language: str = "zh",
        *,
        customer_id: str | None = None,
        visitor_id: str | None = None,
        only: str = "",
    ) -> Recommendations:
        """What is wanted in a window of hours, and more than in the window before; each says both figures.

        Args:
            category: such as `茶` or `茶/绿茶`; empty for the whole shop.
            hours: of the window, the running hour among them, in [1, 720].
            k: at most so many.
            language: of titles and reasons.
            customer_id: somebody whom it must please: nothing comes that they turned down or just bought.
            visitor_id: likewise.
            only: a filter; nothing else comes.

        Raises:
            UnknownCategory: no product is in it.
            BadFilter: the filter cannot be understood.
        """
        snapshot, shopper, wish = self._serving.asked_by(customer_id, visitor_id, k, TRENDING, only=only)
        self._windows.start(wish.now_ms, snapshot.strength)
        hours, size = min(max(hours, 1), MOST_HOURS), len(snapshot.blocked)
        with self._serving.db.read() as db:
            now, before = self._windows.compared(db, wish.now_ms, hours, size)
        score = np.log1p(rising(now[:, 0], before[:, 0])).astype(np.float32)
        among = allowed(snapshot, shopper, wish) & within(snapshot.view, category, size) & (score > 0)
        recipe = Recipe(among=among, extra=_best(np.flatnonzero(among), score), weigh=lambda ids, _: score[ids])

        def tell(number: int, reason: Reason) -> Reason:
            acts = {"count": str(int(now[number, 1])), "before": str(int(before[number, 1])), "hours": str(hours)}
            return Reason("rising_now", acts, reason.evidence, {"trend": 1.0})

        return self._serving.serve(
            snapshot, shopper, replace(wish, recipe=recipe), language, is_personal=False, tell=tell
        )

    def new_arrivals(
        self,
        category: str = "",
        days: int = 30,
        k: int = 10,
        language: str = "zh",
        *,
        customer_id: str | None = None,
        visitor_id: str | None = None,
        only: str = "",
    ) -> Recommendations:
        """What came into the shop in the last days, newest first; for a shopper with a past, their taste has a say.

        Args:
            category: such as `茶` or `茶/绿茶`; empty for the whole shop.
            days: in [1, 365].
            k: at most so many.
            language: of titles and reasons.
            customer_id: whose taste has a say.
            visitor_id: likewise.
            only: a filter; nothing else comes.

        Raises:
            UnknownCategory: no product is in it.
            BadFilter: the filter cannot be understood.
        """
        snapshot, shopper, wish = self._serving.asked_by(customer_id, visitor_id, k, NEW, only=only)
        days, size = min(max(days, 1), MOST_DAYS), len(snapshot.blocked)
        age = _days_old(snapshot, wish.now_ms)
        fresh = (2 * np.exp2(-age / (days / 4))).astype(np.float32)
        among = allowed(snapshot, shopper, wish) & within(snapshot.view, category, size) & (age <= days)
        taste = TASTE if len(shopper.past.seq) else 0.0

        def weigh(ids: NDArray[np.int32], scores: Floats) -> Floats:
            worth: Floats = fresh[ids] + taste * _within_one(scores)
            return worth

        recipe = Recipe(among=among, extra=_best(np.flatnonzero(among), fresh), weigh=weigh)

        def tell(number: int, reason: Reason) -> Reason:
            return Reason("new_since", {"days": str(int(age[number]))}, reason.evidence, {"newness": 1.0})

        return self._serving.serve(snapshot, shopper, replace(wish, recipe=recipe), language, tell=tell)


def _best(found: NDArray[np.int64], score: Floats) -> NDArray[np.int32]:
    """At most `AMONG` of them, those with the highest score, of equal ones the newer."""
    return found[np.lexsort((-found, -score[found]))][:AMONG].astype(np.int32)


def _days_old(snapshot: Snapshot, now_ms: int) -> NDArray[np.float64]:
    """(size,) days since each product came in; infinite for what is no product."""
    age = np.full(len(snapshot.blocked), np.inf)
    created = snapshot.view.created_ms
    age[: len(created)] = np.maximum(now_ms - created, 0) / DAY_MS
    return age


def _within_one(scores: Floats) -> Floats:
    """Scores moved into [0, 1]; all 0 where none differs."""
    span = float(np.ptp(scores)) if len(scores) else 0.0
    scaled: Floats = (scores - scores.min()) / np.float32(span) if span > 0 else np.zeros_like(scores)
    return scaled
