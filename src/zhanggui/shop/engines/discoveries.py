"""What a shop's own rows say at the first look: what runs out, what lies, what goes together, who left.

Arrays in, plain findings out. Each carries the figures that it rests on; money is said only where price and cost are
known. Days are numbers of days in the shop's own zone, from any origin.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

UNKNOWN = -1
"""In stocks, prices and costs: not known."""
RATE_DAYS = 28
COVER_DAYS = 7.0
"""A product whose stock lasts less than this runs out before most suppliers deliver."""
IDLE_DAYS = 60
FEWEST_SOLD = 5
FEWEST_TOGETHER = 8
LARGEST_BASKET = 50
"""Larger baskets are resellers' and pair everything with everything."""
FEWEST_ORDERS = 3
LATE = 2.0
"""Times their own usual interval after which a regular counts as lapsed."""
FEWEST_LATE_DAYS = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sales:
    """Lines of orders that count, oldest first.

    Attributes:
        day: (n,) day of the order.
        basket: (n,) number of the order.
        person: (n,) number of the customer; 0 for a guest.
        product: (n,) product number.
        quantity: (n,) pieces.
        value_minor: (n,) what was paid for the line.
        today: the last day of the data.
    """

    day: Ints
    basket: Ints
    person: Ints
    product: Ints
    quantity: Ints
    value_minor: Ints
    today: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """By product number (size,): pieces available, price, cost; `UNKNOWN` where not known."""

    available: Ints
    price_minor: Ints
    cost_minor: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class RunsOut:
    """A product whose stock ends soon. `lost_minor` is the margin of the days it would be missing in the week."""

    product: int
    available: int
    per_day: float
    days_left: float
    lost_minor: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Idle:
    """A product that sold and no longer does. `tied_minor` is what its stock cost."""

    product: int
    sold_before: int
    idle_days: int
    available: int | None
    tied_minor: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two products that are bought together more than chance would have it."""

    first: int
    second: int
    together: int
    of_first: int
    of_second: int
    lift: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Lapsed:
    """Regulars who stayed away for more than twice their own interval; `yearly_minor` is what they used to spend."""

    people: int
    orders: int
    yearly_minor: int
    most_valued: tuple[int, ...]


def runs_out(sales: Sales, shelf: Shelf, *, most: int = 20) -> list[RunsOut]:
    """Products whose stock lasts less than a week at the rate of the last four weeks, largest loss first."""
    size = len(shelf.available)
    recent = sales.day > sales.today - RATE_DAYS
    sold = np.bincount(sales.product[recent], weights=sales.quantity[recent], minlength=size)[:size]
    rate = sold / RATE_DAYS
    is_soon = (sold >= FEWEST_SOLD) & (shelf.available > 0) & (shelf.available < rate * COVER_DAYS)
    found = []
    for product in np.flatnonzero(is_soon).tolist():
        left = float(shelf.available[product] / rate[product])
        margin = _margin(shelf, product)
        lost = None if margin is None else round((COVER_DAYS - left) * float(rate[product]) * margin)
        found.append(
            RunsOut(
                product=product,
                available=int(shelf.available[product]),
                per_day=float(rate[product]),
                days_left=left,
                lost_minor=lost,
            )
        )
    return sorted(found, key=lambda one: (-(one.lost_minor or 0), one.days_left))[:most]


def idle(sales: Sales, shelf: Shelf, *, most: int = 20) -> list[Idle]:
    """Products that sold at least five pieces and none in the last 60 days, most money tied up first."""
    size = len(shelf.available)
    sold = np.bincount(sales.product, weights=sales.quantity, minlength=size)[:size]
    last = np.full(size, np.iinfo(np.int64).min)
    np.maximum.at(last, sales.product, sales.day)
    is_idle = (sold >= FEWEST_SOLD) & (last <= sales.today - IDLE_DAYS) & (shelf.available != 0)
    found = []
    for product in np.flatnonzero(is_idle).tolist():
        available, cost = int(shelf.available[product]), int(shelf.cost_minor[product])
        found.append(
            Idle(
                product=product,
                sold_before=int(sold[product]),
                idle_days=sales.today - int(last[product]),
                available=None if available == UNKNOWN else available,
                tied_minor=None if UNKNOWN in (available, cost) else available * cost,
            )
        )
    return sorted(found, key=lambda one: (-(one.tied_minor or 0), -one.sold_before))[:most]


def pairs(sales: Sales, *, most: int = 20) -> list[Pair]:
    """Pairs that are together in at least eight baskets, by the log-likelihood ratio of Dunning (1993).

    The ratio asks how surprising the count is, so that two best sellers which meet by chance do not lead.
    """
    if len(sales.product) == 0:
        return []
    order = np.lexsort((sales.product, sales.basket))
    basket, product = sales.basket[order], sales.product[order]
    is_first = np.ones(len(basket), dtype=np.bool_)
    is_first[1:] = (basket[1:] != basket[:-1]) | (product[1:] != product[:-1])
    basket, product = basket[is_first], product[is_first]
    starts = np.flatnonzero(np.concatenate([[True], basket[1:] != basket[:-1]]))
    total = len(starts)
    alone = np.bincount(product)
    together: dict[tuple[int, int], int] = {}
    for start, end in zip(starts.tolist(), [*starts[1:].tolist(), len(product)], strict=True):
        inside = [item for item in product[start:end].tolist() if alone[item] >= FEWEST_TOGETHER]
        if len(inside) <= LARGEST_BASKET:
            for pair in combinations(inside, 2):
                together[pair] = together.get(pair, 0) + 1
    found = [
        (_surprise(count, int(alone[a]), int(alone[b]), total), a, b, count)
        for (a, b), count in together.items()
        if count >= FEWEST_TOGETHER and count * total > int(alone[a]) * int(alone[b])
    ]
    found.sort(key=lambda one: (-one[0], one[1], one[2]))
    return [
        Pair(
            first=a,
            second=b,
            together=count,
            of_first=int(alone[a]),
            of_second=int(alone[b]),
            lift=count * total / (int(alone[a]) * int(alone[b])),
        )
        for _, a, b, count in found[:most]
    ]


def lapsed(sales: Sales, *, most: int = 20) -> Lapsed | None:
    """Customers with three orders or more whose silence is twice their own mean interval, and a month at least."""
    known = sales.person > 0
    person, day, value = sales.person[known], sales.day[known], sales.value_minor[known]
    if len(person) == 0:
        return None
    visits = np.unique(np.stack([person, day]), axis=1)
    people, first = np.unique(visits[0], return_index=True)
    counts = np.diff(np.append(first, visits.shape[1]))
    last_at = first + counts - 1
    span = (visits[1, last_at] - visits[1, first]).astype(np.float64)
    usual = span / np.maximum(counts - 1, 1)
    silence = sales.today - visits[1, last_at]
    is_lapsed = (counts >= FEWEST_ORDERS) & (silence > LATE * usual) & (silence > FEWEST_LATE_DAYS)
    if not is_lapsed.any():
        return None
    spent = np.bincount(np.searchsorted(people, person), weights=value, minlength=len(people))
    yearly = spent * 365.0 / np.maximum(span + usual, 30.0)
    chosen = np.flatnonzero(is_lapsed)
    leading = chosen[np.argsort(-yearly[chosen], kind="stable")[:most]]
    return Lapsed(
        people=len(chosen),
        orders=int(counts[chosen].sum()),
        yearly_minor=round(float(yearly[chosen].sum())),
        most_valued=tuple(people[leading].tolist()),
    )


def _margin(shelf: Shelf, product: int) -> int | None:
    price, cost = int(shelf.price_minor[product]), int(shelf.cost_minor[product])
    return None if UNKNOWN in (price, cost) else price - cost


def _surprise(both: int, a: int, b: int, total: int) -> float:
    """2 log λ of a two by two table: baskets with both, with either alone, with neither."""
    table = np.array([[both, a - both], [b - both, total - a - b + both]], dtype=np.float64)
    expected = table.sum(axis=1, keepdims=True) * table.sum(axis=0, keepdims=True) / total
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(table > 0, table * np.log(table / expected), 0.0)
    return 2.0 * float(terms.sum())
