"""How much a shopper means to spend here in a month, and what is left of it.

It binds the shop, not the shopper: picks on the first page cost no more than what is left. Everything can still be
found and bought, at the same price as ever.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from zhanggui.audience import Corrected, UnknownShopper
from zhanggui.kernel.privacy import Duty
from zhanggui.shop import Order, OrderState

from .shell import Storefront

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


def said_of(store: Storefront) -> list[Corrected]:
    """All that this shopper said of their profile and did not take back; nothing for whom the shop does not know."""
    try:
        return store.rooms.audience.corrections.of(**store.shopper.named)
    except UnknownShopper:
        return []


def budget_of(store: Storefront) -> Budget | None:
    """The budget in force with what was ordered this month on the shop's calendar; None where none was set."""
    held = next((one for one in reversed(said_of(store)) if one.act == "budget"), None)
    if held is None:
        return None
    now = store.view.formats.local(store.rooms.clock())
    first = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    orders = store.rooms.orders.of_shopper(**store.shopper.named, limit=ORDERS_READ, purpose=Duty.RIGHTS)
    spent = sum(_worth(order) for order in orders if _counts(order, first))
    return Budget(month_minor=int(held.value), spent_minor=spent, correction=held.id)


def within_budget(store: Storefront) -> str:
    """The filter of picks that keep within the budget; empty where none was set."""
    held = budget_of(store)
    return "" if held is None else f"price_minor <= {held.left_minor}"


def _counts(order: Order, first: datetime) -> bool:
    return order.at >= first and order.state is not OrderState.CANCELLED


def _worth(order: Order) -> int:
    return sum(line.quantity * line.unit_price_minor - line.discount_minor for line in order.lines)
