"""What a plan shows on a shelf, and to whom: those who were written to, as far as they still allow it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from zhanggui.audience.tables import plans as tables
from zhanggui.audience.tables.plans import StoredMember
from zhanggui.audience.types.plans import PlanGoods, RunningPlan
from zhanggui.kernel.clock import DAY_MS, Clock, to_ms
from zhanggui.kernel.db import Database
from zhanggui.kernel.privacy import Purpose

from .reaching import PlanReaching


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanShelf:
    """Asked whenever the first page is shown: who withdraws, pauses or contests sees no such shelf in the next one."""

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
            held = tables.memberships(db, numbers, purpose=Purpose.PERSONALIZATION) if numbers else []
            rows = {row.run: row for row in held if row.arm == "reached"}
            plans = tables.all_running(db) if rows else {}
        for tier, plan in plans.items():
            row = rows.get(plan.run)
            if row is not None and self._is_shown(plan, row):
                return PlanGoods(run=plan.run, tier=tier, goods=plan.terms.goods)
        return None

    def _is_shown(self, plan: RunningPlan, row: StoredMember) -> bool:
        terms = plan.terms
        if terms.shelf == "nowhere" or to_ms(self.clock()) >= row.at_ms + terms.within_days * DAY_MS:
            return False
        return bool(self.reaching.allowed([row.person], terms.channel))
