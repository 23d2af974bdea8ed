"""What a shopper orders at the shop's own checkout."""

from __future__ import annotations

from typing import Annotated

import msgspec

from .base import Fact, Id, Minor, ShortText

MOST_UNITS = 999
"""Of one line: more is a slip of the pen, or somebody who wants to see what happens."""
MOST_LINES = 50


class OrderedUnits(Fact, frozen=True, kw_only=True):
    """Units of one product, or of one of its variants, at the unit price that the shopper saw."""

    product_id: Id
    variant_id: Id | None = None
    quantity: Annotated[int, msgspec.Meta(ge=1, le=MOST_UNITS)]
    unit_price_minor: Minor


class PlaceOrder(Fact, frozen=True, kw_only=True):
    """An order to be placed once: `id` is drawn with the checkout page, so that sending it twice is one order."""

    id: Id
    lines: Annotated[tuple[OrderedUnits, ...], msgspec.Meta(min_length=1, max_length=MOST_LINES)]
    customer_id: Id | None = None
    visitor_id: Id | None = None
    province: ShortText = ""
    city_tier: Annotated[int, msgspec.Meta(ge=1, le=6)] | None = None
    channel: ShortText = "storefront"
