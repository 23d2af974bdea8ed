"""What spans of time come to, cut by traits, and how two of them differ.

Sums of days add up to the sums of their span, since no order stands in two days; so a span is never read again from its
rows. A part of a difference is the difference of the part: all parts of one trait add up to the whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from .takings import Longs, Takings

Trait = Literal["product", "category", "channel", "buyer"]
TRAITS: tuple[Trait, ...] = ("product", "category", "channel", "buyer")


@dataclass(frozen=True, slots=True, eq=False)
class Tally:
    """What each value of a trait came to.

    Attributes:
        keys: (k,) numbers of the values that occur, ascending.
        sums: (k,) what they came to.
        orders: (k,) the orders they rest on; an order counts once for each value that it has.
    """

    keys: Longs
    sums: Longs
    orders: Longs


@dataclass(frozen=True, slots=True, eq=False)
class Sums:
    """What a span comes to: orders and sales, returns and what they had come to, and sales by each trait.

    `product` and `category` cut lines, `channel` and `buyer` (1: new, 0: returning) cut orders.
    """

    orders: int
    sales: int
    returns: int
    returned: int
    by: Mapping[Trait, Tally]


@dataclass(frozen=True, slots=True)
class Share:
    """What one value of a trait had in a span and in the span before: its sum, and the orders it rests on."""

    key: int
    now: int
    before: int
    orders_now: int
    orders_before: int

    @property
    def delta(self) -> int:
        """How much it adds to the difference of the whole."""
        return self.now - self.before


@dataclass(frozen=True, slots=True, eq=False)
class Cut:
    """Two spans cut by one trait: `Share` by `Share`, as arrays (k,) by ascending key."""

    keys: Longs
    now: Longs
    before: Longs
    orders_now: Longs
    orders_before: Longs

    def __len__(self) -> int:
        return len(self.keys)

    def __iter__(self) -> Iterator[Share]:
        return self.at(np.arange(len(self)))

    def at(self, rows: Longs) -> Iterator[Share]:
        """The shares of some rows, in their order."""
        columns = (self.keys, self.now, self.before, self.orders_now, self.orders_before)
        return (Share(*row) for row in zip(*(column[rows].tolist() for column in columns), strict=True))


def summed(span: Takings, categories: Longs) -> Sums:
    """What a span comes to.

    Args:
        span: its rows.
        categories: (p,) number of the category of each product number, 0 for none.
    """
    orders = np.arange(len(span))
    return Sums(
        orders=len(span),
        sales=int(span.value.sum()),
        returns=len(span.back_ms),
        returned=int(span.back_value.sum()),
        by={
            "product": _tally(span.line_product, span.line_value, span.line_order, len(span)),
            "category": _tally(categories[span.line_product], span.line_value, span.line_order, len(span)),
            "channel": _tally(span.channel, span.value, orders, len(span)),
            "buyer": _tally(span.is_new, span.value, orders, len(span)),
        },
    )


def together(spans: Sequence[Sums]) -> Sums:
    """What several spans come to that have no order in common; at least one."""
    if len(spans) == 1:
        return spans[0]
    return Sums(
        orders=sum(one.orders for one in spans),
        sales=sum(one.sales for one in spans),
        returns=sum(one.returns for one in spans),
        returned=sum(one.returned for one in spans),
        by={trait: _added([one.by[trait] for one in spans]) for trait in TRAITS},
    )


def cut(now: Sums, before: Sums, trait: Trait) -> Cut:
    """Two spans by a trait: each value that either of them has."""
    tallies = now.by[trait], before.by[trait]
    room = max(_room(tally) for tally in tallies)
    (sums_now, orders_now), (sums_before, orders_before) = (_spread([tally], room) for tally in tallies)
    keys = np.flatnonzero(orders_now + orders_before)
    return Cut(keys, sums_now[keys], sums_before[keys], orders_now[keys], orders_before[keys])


def _tally(keys: Longs, values: Longs, owner: Longs, orders: int) -> Tally:
    room = int(keys.max(initial=-1)) + 1  # keys are dense numbers: counting by place costs no sorting
    sums = np.zeros(room, dtype=np.int64)
    np.add.at(sums, keys, values)
    size = max(orders, 1)
    counted = np.bincount(np.unique(keys * size + owner) // size, minlength=room).astype(np.int64)
    found = np.flatnonzero(counted)
    return Tally(found, sums[found], counted[found])


def _added(tallies: Sequence[Tally]) -> Tally:
    sums, orders = _spread(tallies, max(_room(tally) for tally in tallies))
    found = np.flatnonzero(orders)
    return Tally(found, sums[found], orders[found])


def _room(tally: Tally) -> int:
    return int(tally.keys[-1]) + 1 if len(tally.keys) else 0


def _spread(tallies: Sequence[Tally], room: int) -> tuple[Longs, Longs]:
    sums, orders = np.zeros(room, dtype=np.int64), np.zeros(room, dtype=np.int64)
    for tally in tallies:
        sums[tally.keys] += tally.sums
        orders[tally.keys] += tally.orders
    return sums, orders


def product_of_two(now: tuple[float, float], before: tuple[float, float]) -> tuple[float, float]:
    """How far each of two factors moved their product; the two add up to its difference.

    Each factor's effect is the mean over both orders of changing them (Shapley value).

    Args:
        now: both factors now.
        before: both factors before.
    """
    return (
        (now[0] - before[0]) * (now[1] + before[1]) / 2,
        (now[1] - before[1]) * (now[0] + before[0]) / 2,
    )
