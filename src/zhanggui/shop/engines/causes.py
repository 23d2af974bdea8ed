"""Which parts of a difference are worth naming, largest first, and when there are too few rows to name any."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .takings import Longs, Share, Takings, Trait, product_of_two, shares

LEAST_ROWS = 10
"""Orders (or visitors) that both spans must have together before causes are named."""
LEAST_OF_PART = 3
"""Orders that a single part must rest on."""
MILLION = 1_000_000

NAMED: tuple[tuple[Trait, int], ...] = (("product", 2), ("category", 1), ("channel", 1), ("buyer", 2))
"""How many parts of each trait are named."""
NAMED_OF_ORDERS: tuple[tuple[Trait, int], ...] = (("buyer", 2), ("channel", 1), ("product", 2))
BUYERS = ("returning_buyers", "new_buyers")


@dataclass(frozen=True, slots=True)
class Cause:
    """One part: what it is, its number where it has one, its share of the difference, and the rows it rests on."""

    kind: str
    key: int
    delta: int
    now: int
    before: int


def sales_causes(now: Takings, before: Takings, categories: Longs) -> list[Cause]:
    """What moved sales: the number of orders and what each is worth (these two add up), then goods, channels, buyers.

    Args:
        now: a span.
        before: the one to compare with.
        categories: (p,) number of the category of each product number, 0 for none.
    """
    sizes = (len(now), len(before))
    each = tuple(span.sales / max(len(span), 1) for span in (now, before))
    by_orders = round(product_of_two((sizes[0], each[0]), (sizes[1], each[1]))[0])
    whole = now.sales - before.sales
    causes = [Cause("orders", 0, by_orders, *sizes), Cause("basket", 0, whole - by_orders, *sizes)]
    for trait, most in NAMED:
        causes += _worth_naming(trait, shares(now, before, trait, categories=categories), most)
    back = now.returned - before.returned
    if back:
        causes.append(Cause("returns", 0, back, len(now.back_ms), len(before.back_ms)))
    return causes


def order_causes(now: Takings, before: Takings, categories: Longs) -> list[Cause]:
    """What moved the number of orders: buyers and channels (each adds up), then goods that stand in more or fewer."""
    causes: list[Cause] = []
    for trait, most in NAMED_OF_ORDERS:
        cut = shares(now, before, trait, categories=categories)
        counted = [Share(one.key, one.orders_now, one.orders_before, one.orders_now, one.orders_before) for one in cut]
        counted.sort(key=lambda share: (-abs(share.delta), share.key))
        causes += _worth_naming(trait, counted, most)
    return causes


def visitor_causes(now: tuple[int, int], before: tuple[int, int]) -> list[Cause]:
    """What moved visitors: those seen for the first time, and those who came again; these two add up.

    Args:
        now: visitors, and newcomers among them.
        before: the same of the span before.
    """
    again = (now[0] - now[1], before[0] - before[1])
    return [
        Cause("newcomers", 0, now[1] - before[1], now[1], before[1]),
        Cause("regulars", 0, again[0] - again[1], *again),
    ]


def conversion_causes(orders: tuple[int, int], visitors: tuple[int, int]) -> list[Cause]:
    """What moved orders per visitor, in millionths: the orders and the visitors; these two add up.

    Args:
        orders: now and before.
        visitors: now and before, both above 0.
    """
    per = tuple(MILLION / count for count in visitors)
    by_orders, by_visitors = product_of_two((orders[0], per[0]), (orders[1], per[1]))
    return [Cause("orders", 0, round(by_orders), *orders), Cause("visitors", 0, round(by_visitors), *visitors)]


def _worth_naming(trait: Trait, cut: Sequence[Share], most: int) -> list[Cause]:
    if len(cut) < 2:
        return []  # one value has all of the difference: that says nothing
    named = [one for one in cut if one.delta and one.orders_now + one.orders_before >= LEAST_OF_PART][:most]
    kind = {one.key: BUYERS[one.key] if trait == "buyer" else trait for one in named}
    return [Cause(kind[one.key], one.key, one.delta, one.orders_now, one.orders_before) for one in named]
