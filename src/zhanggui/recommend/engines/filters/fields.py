"""The vocabulary of filters: one place, from which the parser, its hints and the console's help are made."""

from __future__ import annotations

from collections.abc import Mapping

from zhanggui.kernel.clock import DAY_MS, HOUR_MS

MEASURES = frozenset({"price_minor", "stock", "age"})
"""Numbers of a product; `age` is how long ago it came into the shop."""
TRAITS: Mapping[str, frozenset[str]] = {
    "id": frozenset({"=", "!=", "in"}),
    "category": frozenset({"=", "!=", "in", "under"}),
    "brand": frozenset({"=", "!=", "in"}),
    "seller": frozenset({"=", "!=", "in"}),
    "market": frozenset({"=", "!=", "in", "has"}),
    "keyword": frozenset({"=", "!=", "in", "has"}),
    "type": frozenset({"=", "!=", "in"}),
    "label": frozenset({"=", "!=", "in", "has"}),
}
"""Words of a product, with what may be asked of them."""
ACTS = frozenset({"bought", "viewed", "carted", "dismissed"})
"""What the shopper did with a product."""
COUNTS = frozenset({"context.hour", "context.weekday"})
"""Numbers of the request, by the shop's clock; Monday is 1."""
WORDS = frozenset({"context.surface", "context.channel"})
"""Words of the request."""
STATES = frozenset({"for_sale", "shopper.is_new", "shopper.is_known"})
"""What is so or is not: a product for sale; a shopper without, and with, a history."""
FIELDS = (*sorted(MEASURES), *TRAITS, *sorted(ACTS), *sorted(COUNTS), *sorted(WORDS), *sorted(STATES))
SIGNS = frozenset({"=", "!=", "<", "<=", ">", ">="})
UNITS_MS: Mapping[str, int] = {"h": HOUR_MS, "d": DAY_MS, "w": 7 * DAY_MS}
"""Of spans of time."""
SPANS = frozenset({"age"})
"""Fields that are compared with a span of time."""
