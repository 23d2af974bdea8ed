"""What is left of a shopper's budget for this month: what they said of it, less what they ordered.

It binds the shop, not the shopper: nothing dearer is recommended to them. Everything can still be found and bought, at
the same price as ever.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

import msgspec
import sqlalchemy as sa

from zhanggui.audience.tables.budgets import persons_with_budgets
from zhanggui.audience.tables.corrections import corrections_of
from zhanggui.kernel.clock import from_ms
from zhanggui.kernel.privacy import Duty
from zhanggui.shop import Order, OrderState
from zhanggui.shop.tables.order_reading import latest_orders

ORDERS_READ = 500


class Budget(msgspec.Struct, frozen=True, kw_only=True):
    """A month's budget in minor units; `correction` is the id by which it is taken back."""

    month_minor: int
    spent_minor: int
    correction: str

    @property
    def left_minor(self) -> int:
        """What may still be spent this month, at least nothing."""
        return max(0, self.month_minor - self.spent_minor)


@dataclass(frozen=True, slots=True)
class MonthlyBudgets:
    """Reads budgets; months are those of the shop's calendar."""

    zone: tzinfo

    def persons(self, db: sa.Connection) -> Collection[int]:
        """Whoever set one."""
        return persons_with_budgets(db, purpose=Duty.RIGHTS)

    def left(self, db: sa.Connection, persons: Sequence[int], now_ms: int) -> int | None:
        """Minor units left to a subject with these numbers; None where they set no budget."""
        held = self.of(db, persons, now_ms)
        return None if held is None else held.left_minor

    def of(self, db: sa.Connection, persons: Sequence[int], now_ms: int) -> Budget | None:
        """The budget in force, with what was ordered this month and not called off."""
        said = corrections_of(db, persons, purpose=Duty.RIGHTS)
        budgets = [one for one in said if one.act == "budget" and one.undone_ms is None]
        if not budgets:
            return None
        newest = max(budgets, key=lambda one: one.id)
        now = from_ms(now_ms).astimezone(self.zone)
        first = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        orders = latest_orders(db, persons=persons, limit=ORDERS_READ, purpose=Duty.RIGHTS)
        spent = sum(held.order.worth_minor for held in orders if _counts(held.order, first))
        return Budget(month_minor=int(newest.value), spent_minor=spent, correction=newest.id)


def _counts(order: Order, first: datetime) -> bool:
    return order.at >= first and order.state is not OrderState.CANCELLED
