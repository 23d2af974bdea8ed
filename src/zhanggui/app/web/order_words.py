"""How an order stands, in words: the same for merchant, shopper and imported files."""

from __future__ import annotations

from collections.abc import Mapping

from zhanggui.kernel.words import N_, named, words
from zhanggui.shop import OrderState

ORDER_STATES: Mapping[str, str] = {
    OrderState.PENDING: N_("Not paid"),
    OrderState.PAID: N_("Paid"),
    OrderState.SHIPPED: N_("On its way"),
    OrderState.DELIVERED: N_("Delivered"),
    OrderState.CANCELLED: N_("Called off"),
}

OWN_CHANNELS = frozenset({"default", "shop", "storefront"})
"""What the shop's own pages and imports without a channel are stored as."""
OWN = N_("The shop itself")


def channel(name: str, language: str) -> str:
    """Where an order or a visit came from, as the reader calls it; a channel of the merchant's as they call it."""
    return words(language).gettext(OWN) if name in OWN_CHANNELS else named(name, language)
