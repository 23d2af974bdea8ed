"""What a plan shows on a shelf, and to whom: those who were written to, as far as they still allow it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from zhanggui.audience.tables import plans as tables
from zhanggui.audience.types.plans import PlanGoods, RunningPlan
from zhanggui.kernel.clock import DAY_MS, Clock, to_ms
from zhanggui.kernel.db import Database
from zhanggui.kernel.privacy import Purpose

from .reaching import PlanReaching


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanShelf:
    """Asked whenever the first page is shown: who withdraws, pauses or contests sees no such shelf in the next one.

    Nor does who stands in the tier no longer: whoever has come back is not told that they stayed away.
    """

    db: Database
    clock: Clock
    reaching: PlanReaching

    def of(self, numbers: Sequence[int]) -> PlanGoods | None:
        """The goods of the plan that reached this customer, for so long as their purchases count.

        None for everybody else: who is in no plan, who was left alone by one, whose plan was undone or replaced.

        Args:
            numbers: all numbers of one customer.
        """
        with self.db.read() as db:
            reached = tables.reached_by(db, numbers, purpose=Purpose.PERSONALIZATION)
            plans = tables.all_running(db) if reached else {}
        for tier, plan in plans.items():
            if plan.run in reached and self._is_shown(plan, *reached[plan.run]):
                return PlanGoods(run=plan.run, tier=tier, goods=plan.terms.goods)
        return None

    def _is_shown(self, plan: RunningPlan, person: int, since_ms: int) -> bool:
        terms = plan.terms
        if terms.shelf == "nowhere" or to_ms(self.clock()) >= since_ms + terms.within_days * DAY_MS:
            return False
        return bool(self.reaching.still(terms.rule, self.reaching.allowed([person], terms.channel)))
