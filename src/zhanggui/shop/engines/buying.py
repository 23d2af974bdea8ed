"""Which offer a shopper buys by, and how many units there are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from zhanggui.shop.types import Offer


def offers_in_force(offers: Sequence[Offer], at: datetime, market: str = "default") -> list[Offer]:
    """The offers of one market that hold at a moment, cheapest first; of equal prices the order given."""
    held = [
        offer
        for offer in offers
        if offer.market == market
        and (offer.starts_at is None or offer.starts_at <= at)
        and (offer.ends_at is None or at < offer.ends_at)
    ]
    return sorted(held, key=lambda offer: offer.price_minor)


def offers_of_variant(offers: Sequence[Offer], variant_id: str | None) -> list[Offer]:
    """Those of a variant; where it has none of its own, those of the product as such."""
    own = [offer for offer in offers if offer.variant_id == variant_id]
    return own or [offer for offer in offers if offer.variant_id is None]


def units_available(offers: Sequence[Offer]) -> int | None:
    """Units behind the offers of one variant, which share one stock; None where the shop does not count."""
    if not offers:
        return 0
    free = [None if offer.on_hand is None else max(0, offer.on_hand - offer.allocated) for offer in offers]
    counted = [units for units in free if units is not None]
    return max(counted) if len(counted) == len(free) else None
