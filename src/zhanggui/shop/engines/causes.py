"""Which parts of a difference are worth naming, largest first, and when there are too few rows to name any."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from .takings import Longs
from .tallies import Cut, Sums, Trait, product_of_two

Cuts = Mapping[Trait, Cut]

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


def sales_causes(now: Sums, before: Sums, cuts: Cuts) -> list[Cause]:
    """What moved sales: the number of orders and what each is worth (these two add up), then goods, channels, buyers.

    Args:
        now: a span.
        before: the one to compare with.
        cuts: both, by each trait.
    """
    sizes = (now.orders, before.orders)
    each = tuple(span.sales / max(span.orders, 1) for span in (now, before))
    by_orders = round(product_of_two((sizes[0], each[0]), (sizes[1], each[1]))[0])
    whole = now.sales - before.sales
    causes = [Cause("orders", 0, by_orders, *sizes), Cause("basket", 0, whole - by_orders, *sizes)]
    for trait, most in NAMED:
        causes += _worth_naming(trait, cuts[trait], cuts[trait].now - cuts[trait].before, most)
    back = now.returned - before.returned
    if back:
        causes.append(Cause("returns", 0, back, now.returns, before.returns))
    return causes


def order_causes(cuts: Cuts) -> list[Cause]:
    """What moved the number of orders: buyers and channels (each adds up), then goods that stand in more or fewer."""
    causes: list[Cause] = []
    for trait, most in NAMED_OF_ORDERS:
        causes += _worth_naming(trait, cuts[trait], cuts[trait].orders_now - cuts[trait].orders_before, most)
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


def _worth_naming(trait: Trait, cut: Cut, deltas: Longs, most: int) -> list[Cause]:
    """The largest differences; of equal ones that which moved more money, then the smaller key."""
    if len(cut) < 2:
        return []  # one value has all of the difference: that says nothing
    rows = np.flatnonzero((deltas != 0) & (cut.orders_now + cut.orders_before >= LEAST_OF_PART))
    money = np.abs(cut.now - cut.before)
    rows = rows[np.lexsort((-money[rows], -np.abs(deltas[rows])))][:most]
    return [
        Cause(BUYERS[one.key] if trait == "buyer" else trait, one.key, delta, one.orders_now, one.orders_before)
        for one, delta in zip(cut.at(rows), deltas[rows].tolist(), strict=True)
    ]
