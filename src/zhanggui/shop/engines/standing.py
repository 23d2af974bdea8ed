"""How a product stands at a moment: its price, what is available, and when its offers next change by themselves."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec


class LiveOffer(msgspec.Struct, frozen=True, gc=False):
    """What counts of an offer in one market."""

    variant_id: str | None
    starts_ms: int | None
    ends_ms: int | None
    currency: str
    price_minor: int
    on_hand: int | None
    allocated: int


class Standing(msgspec.Struct, frozen=True, gc=False):
    """A product at a moment: `price_minor` -1 unknown, `available` -1 uncounted, `next_ms` None when nothing is due."""

    price_minor: int
    currency: str
    available: int
    next_ms: int | None


def standing(offers: Sequence[LiveOffer], now_ms: int | None) -> Standing:
    """The lowest price in force, and the units that can be bought.

    Several offers of one variant (channels, an action beside the regular price) share one stock, so the largest
    count stands for the variant, and variants add up. One uncounted variant makes the product uncounted.

    Args:
        offers: of one product in one market, any order.
        now_ms: None leaves out every offer that is bound to a time.
    """
    in_force = [offer for offer in offers if _is_in_force(offer, now_ms)]
    edges = [edge for offer in offers for edge in (offer.starts_ms, offer.ends_ms) if edge is not None]
    next_ms = None if now_ms is None else min((edge for edge in edges if edge > now_ms), default=None)
    if not in_force:
        # A product that the shop counts stays counted while no offer of it is in force.
        return Standing(-1, "", 0 if offers else -1, next_ms)
    cheapest = min(in_force, key=lambda offer: offer.price_minor)
    return Standing(cheapest.price_minor, cheapest.currency, _available(in_force), next_ms)


def running(held: Standing, from_ms: int | None, until_ms: int | None, now_ms: int | None) -> Standing:
    """The same for what can be had only for a time, as a live session: outside of it nothing is available.

    Args:
        held: how it would stand.
        from_ms: from then on; None for always.
        until_ms: until before; None for ever.
        now_ms: None leaves out whatever is bound to a time.
    """
    if from_ms is None and until_ms is None:
        return held
    if now_ms is None:
        return msgspec.structs.replace(held, available=0)
    is_on = (from_ms is None or from_ms <= now_ms) and (until_ms is None or now_ms < until_ms)
    edges = [edge for edge in (held.next_ms, from_ms, until_ms) if edge is not None and edge > now_ms]
    return msgspec.structs.replace(held, available=held.available if is_on else 0, next_ms=min(edges, default=None))


def _is_in_force(offer: LiveOffer, now_ms: int | None) -> bool:
    if now_ms is None:
        return offer.starts_ms is None and offer.ends_ms is None
    has_begun = offer.starts_ms is None or offer.starts_ms <= now_ms
    return has_begun and (offer.ends_ms is None or now_ms < offer.ends_ms)


def _available(offers: Sequence[LiveOffer]) -> int:
    by_variant: dict[str | None, int] = {}
    for offer in offers:
        if offer.on_hand is None:
            return -1
        free = max(0, offer.on_hand - offer.allocated)
        by_variant[offer.variant_id] = max(free, by_variant.get(offer.variant_id, 0))
    return sum(by_variant.values())
