"""The prices of a product: now, by variant, and as they were."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from zhanggui.app.rooms import Rooms
from zhanggui.shop import Offer
from zhanggui.shop.engines.buying import offers_in_force, offers_of_variant, units_available
from zhanggui.trust import ProposalState, RepriceOffer, offer_subject

SHOWN_DAYS = 90
FEW = 5
"""So many units or fewer are said by their number."""
_KIND = "shop.reprice_offer"


@dataclass(frozen=True, slots=True)
class Standing:
    """What a variant, or the product as such, costs now, and how many there are (None: not counted)."""

    price_minor: int
    currency: str
    units: int | None


@dataclass(frozen=True, slots=True)
class Step:
    """A price, and the moment from which it held."""

    at: datetime
    price_minor: int


def standing_of(rooms: Rooms, product_id: str, variant_id: str | None = None) -> Standing | None:
    """How a product or variant stands; None while it has no price."""
    return standing_among(rooms.catalogue.offers([product_id]), variant_id, rooms.clock())


def standing_among(offers: Sequence[Offer], variant_id: str | None, now: datetime) -> Standing | None:
    """The same, among the offers of one product."""
    held = offers_in_force(offers, now)
    own = offers_of_variant(held, variant_id) or (held if variant_id is None else [])
    return Standing(own[0].price_minor, own[0].currency, units_available(own)) if own else None


def price_steps(rooms: Rooms, offer: Offer) -> list[Step]:
    """The prices of an offer in the last 90 days, as far as changes are on record; empty without any change.

    Changes made through proposals are on record with the moment of each; what an import wrote over is not.
    """
    since = rooms.clock() - timedelta(days=SHOWN_DAYS)
    subjects = {offer_subject(offer), offer.product_id}
    page = [
        proposal
        for subject in sorted(subjects)
        for proposal in rooms.proposals.list(kind=_KIND, subject=subject, state=ProposalState.APPLIED, limit=100).items
    ]
    applied = sorted((one for one in page if one.inverse is not None), key=lambda one: one.updated_at)
    steps: list[Step] = []
    for one in applied:
        before = msgspec.convert(one.inverse, RepriceOffer).price_minor
        after = msgspec.convert(one.change, RepriceOffer).price_minor
        if not steps:
            steps.append(Step(since, before))
        steps.append(Step(max(one.updated_at, since), after))
    is_told = bool(steps) and steps[-1].price_minor == offer.price_minor
    return steps if is_told else []
