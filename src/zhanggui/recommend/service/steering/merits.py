"""What each product is worth to the shop, kept as costs and prices change; of no account until a merchant says so."""

from __future__ import annotations

import numpy as np
import sqlalchemy as sa

from zhanggui.kernel.changes import changes_since
from zhanggui.recommend.engines.aims.merits import utility
from zhanggui.recommend.engines.interactions import Floats
from zhanggui.recommend.engines.model import RankModel
from zhanggui.recommend.ports import Costs
from zhanggui.recommend.types.aims import Objectives
from zhanggui.shop import CatalogueView


class Merits:
    """Weighs products for one process.

    Args:
        costs: what a unit of each product costs; without it no margin is known.
    """

    def __init__(self, costs: Costs | None) -> None:
        self._costs = costs
        self._known: dict[int, int] = {}
        self._seq = -1

    def of(self, db: sa.Connection, view: CatalogueView, model: RankModel, aims: Objectives) -> Floats | None:
        """(size, 2) what its margin and its buyers' coming back add to the score of each product; None for nothing."""
        if not (aims.margin or aims.long_term):
            return None
        merit = np.zeros((max(view.size, model.size), 2), dtype=np.float32)
        if aims.margin:
            merit[: view.size, 0] = aims.margin * utility(self._margins(db, view))
        if aims.long_term:
            rate = model.comeback.astype(np.float64)
            merit[: model.size, 1] = aims.long_term * utility(np.where(rate > 0, rate, np.nan))
        return merit

    def _margins(self, db: sa.Connection, view: CatalogueView) -> np.ndarray:
        """(size,) price less cost in minor units, NaN where either is not known."""
        self._read(db, view)
        margins = np.full(view.size, np.nan)
        numbers = np.array([number for number in self._known if number < view.size], dtype=np.int64)
        numbers = numbers[view.price_minor[numbers] >= 0]
        margins[numbers] = view.price_minor[numbers] - np.array([self._known[n] for n in numbers.tolist()])
        return margins

    def _read(self, db: sa.Connection, view: CatalogueView) -> None:
        """Read the costs of offers that changed since the last look; all of them at first."""
        if self._costs is None or self._seq == view.seq:
            return
        changes = None if self._seq < 0 else changes_since(db, self._seq)
        self._seq = view.seq
        if changes is None:
            self._known = self._costs(db, None)
            return
        ids = {change.subject for change in changes if change.kind == "offer"}
        numbers = {view.numbers[id_] for id_ in ids if id_ in view.numbers}
        for number in numbers:
            self._known.pop(number, None)
        if numbers:
            self._known.update(self._costs(db, numbers))
