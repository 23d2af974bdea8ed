"""From order lines to counts: of each product, in how many of its orders something held.

What one person does again and again is no independent evidence. So beside the counts stands how many independent
ones they are worth when everything that one person ordered of a product counts as one opinion (Kish's effective size
with full correlation, the cautious end).

Source: Kish, "Survey Sampling", 1965, section 8.2 (design effect).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhanggui.recommend.engines.interactions import Ints

Flags = NDArray[np.bool_]
Reals = NDArray[np.float64]
DAWN = (5, 9)
"""Hours of the shop's clock from the first until before the second."""
NIGHT = (22, 2)
SATURDAY = 6
SEVERAL = 2
"""Pieces of one product in one order, from which it was bought in several."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """What was ordered: columns of one length, one row a product in an order, any order.

    Attributes:
        person: who ordered.
        product: what.
        order: number of the order.
        day: number of the day by the shop's clock.
        hour: by the shop's clock, in [0, 24).
        weekday: Monday is 1.
        quantity: pieces, above 0.
    """

    person: Ints
    product: Ints
    order: Ints
    day: Ints
    hour: Ints
    weekday: Ints
    quantity: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Counts of one label by product number, each (size,).

    Attributes:
        hits: in how many it held.
        of: of how many: orders of the product, or its buyers.
        worth: how many independent ones `of` is worth.
    """

    hits: Reals
    of: Reals
    worth: Reals


def orders_of(lines: Lines, size: int) -> Reals:
    """(size,) orders of each product."""
    return np.bincount(lines.product, minlength=size).astype(np.float64)


def count_labels(lines: Lines, size: int) -> dict[str, Counts]:
    """The counts of every label by its code.

    Args:
        lines: what was ordered; a product stands once in an order.
        size: largest product number + 1.
    """
    held = {
        "dawn": _between(lines.hour, DAWN),
        "night": _between(lines.hour, NIGHT),
        "weekend": lines.weekday >= SATURDAY,
        "several": lines.quantity >= SEVERAL,
        "together": _with_others(lines.order),
    }
    of, worth = orders_of(lines, size), _independent(lines, size)
    found = {code: Counts(hits=_sum(lines.product, is_so, size), of=of, worth=worth) for code, is_so in held.items()}
    return {**found, "again": _again(lines, size)}


def _between(hour: Ints, span: tuple[int, int]) -> Flags:
    first, last = span
    return (hour >= first) & (hour < last) if first < last else (hour >= first) | (hour < last)


def _with_others(order: Ints) -> Flags:
    """Whether a line's order holds another product."""
    _, place, count = np.unique(order, return_inverse=True, return_counts=True)
    is_more: Flags = count[place] > 1
    return is_more


def _sum(product: Ints, is_so: Flags, size: int) -> Reals:
    return np.bincount(product[is_so], minlength=size).astype(np.float64)


def _independent(lines: Lines, size: int) -> Reals:
    pairs, count = np.unique(_pair(lines.person, lines.product), return_counts=True)
    product = pairs % 2**31
    whole = np.bincount(product, weights=count, minlength=size)
    squares = np.bincount(product, weights=count.astype(np.float64) ** 2, minlength=size)
    return whole**2 / np.maximum(squares, 1.0)


def _again(lines: Lines, size: int) -> Counts:
    """Of each product's buyers, those who ordered it on several days: a buyer is one opinion already."""
    days = np.unique(np.stack([_pair(lines.person, lines.product), lines.day.astype(np.int64)]), axis=1)[0]
    pairs, count = np.unique(days, return_counts=True)
    product = pairs % 2**31
    of = np.bincount(product, minlength=size).astype(np.float64)
    return Counts(hits=_sum(product, count > 1, size), of=of, worth=of)


def _pair(person: Ints, product: Ints) -> Ints:
    return person.astype(np.int64) * 2**31 + product
