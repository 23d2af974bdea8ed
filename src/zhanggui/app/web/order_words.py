"""How an order stands, in words: the same for merchant, shopper and imported files."""

from __future__ import annotations

from collections.abc import Mapping

from zhanggui.kernel.words import N_
from zhanggui.shop import OrderState

ORDER_STATES: Mapping[str, str] = {
    OrderState.PENDING: N_("Not paid"),
    OrderState.PAID: N_("Paid"),
    OrderState.SHIPPED: N_("On its way"),
    OrderState.DELIVERED: N_("Delivered"),
    OrderState.CANCELLED: N_("Called off"),
}
