"""From arrays to figures with words: names of products, categories and channels, and why a figure changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import numpy as np
import sqlalchemy as sa

from zhanggui.kernel.clock import from_ms
from zhanggui.shop.engines.causes import LEAST_ROWS, Cause, conversion_causes, visitor_causes
from zhanggui.shop.engines.takings import Longs, Takings, shares
from zhanggui.shop.tables import visits as tables
from zhanggui.shop.types.figures import Figure, Part, Slice, Why

from .catalogue_view import CatalogueView
from .day_book import DayBook, Span

SLICES = 8
Pair = tuple[Takings, Takings]
"""The takings of a span, and of the one before."""


@dataclass(frozen=True, slots=True)
class Names:
    """What the numbers in a cause stand for.

    Attributes:
        categories: (p,) number of the category of each product number, 0 for none.
    """

    view: CatalogueView
    book: DayBook
    categories: Longs
    category_names: tuple[str, ...]
    language: str

    @classmethod
    def of(cls, view: CatalogueView, book: DayBook, spans: Pair, language: str) -> Names:
        """The names of all that stands in two spans."""
        products = np.unique(np.concatenate([span.line_product for span in spans]))
        numbers: dict[str, int] = {"": 0}
        shown = [""]
        categories = np.zeros(int(products.max(initial=0)) + 1, dtype=np.int64)
        for product in products.tolist():
            chip = next((chip for chip in view.chips(product) if chip.kind == "category"), None)
            if chip is not None:
                if chip.key not in numbers:
                    numbers[chip.key] = len(shown)
                    shown.append(chip.value)
                categories[product] = numbers[chip.key]
        return cls(view, book, categories, tuple(shown), language)

    def name(self, kind: str, key: int) -> str:
        """A name; "" for a kind without, for goods without a category and for the channel that has no name."""
        if kind == "product":
            return self.view.titles(key, self.language)
        if kind == "category":
            return self.category_names[key]
        return self.book.channel_name(key) if kind == "channel" else ""


def compared(now: int, before: int, spans: Pair, causes: Iterable[Cause], names: Names) -> Figure:
    """A figure from orders, with why it changed."""
    return Figure(now=now, before=before, why=_why(now - before, (len(spans[0]), len(spans[1])), causes, names))


def slices(names: Names, trait: Literal["category", "channel"], now: Takings, before: Takings) -> tuple[Slice, ...]:
    """Sales by a trait, the largest first; what is beyond the eighth is one slice without a name, at the end."""
    cut = sorted(shares(now, before, trait, categories=names.categories), key=lambda one: (-one.now, -one.before))
    named = [
        Slice(
            name=names.name(trait, s.key),
            now=s.now,
            before=s.before,
            orders_now=s.orders_now,
            orders_before=s.orders_before,
        )
        for s in cut
    ]
    rest = [one for one in named[SLICES - 1 :] if one.now or one.before]
    if len(rest) < 2:
        return tuple(named[: SLICES - 1] + rest)
    together = Slice(
        name="",
        now=sum(one.now for one in rest),
        before=sum(one.before for one in rest),
        orders_now=sum(one.orders_now for one in rest),
        orders_before=sum(one.orders_before for one in rest),
    )
    return (*named[: SLICES - 1], together)


def visitor_figures(
    db: sa.Connection, spans: tuple[Span, Span], orders: Pair
) -> tuple[Figure, Figure, datetime | None]:
    """Visitors and orders per visitor, both until visits were counted last; and when that was.

    A visitor counts once a day. Nothing is compared with days before the counting began.
    """
    unknown = Figure(now=None, before=None)
    counted, begun = tables.counted_until(db), tables.first_visited(db)
    if counted is None or begun is None:
        return unknown, unknown, None
    now, before = spans
    lag_ms = max(now.until_ms - counted[1], 0)
    came = _came(db, now, now.until_ms - lag_ms)
    bought = len(orders[0].until(now.until_ms - lag_ms))
    until = from_ms(now.until_ms - lag_ms)
    if begun > before.first:
        return Figure(now=came[0], before=None), Figure(now=bought / came[0] if came[0] else None, before=None), until
    came_before = _came(db, before, before.until_ms - lag_ms)
    bought_before = len(orders[1].until(before.until_ms - lag_ms))
    why = _why(came[0] - came_before[0], (came[0], came_before[0]), visitor_causes(came, came_before), None)
    visitors = Figure(now=came[0], before=came_before[0], why=why)
    return visitors, _conversion((bought, bought_before), (came[0], came_before[0])), until


def _conversion(orders: tuple[int, int], visitors: tuple[int, int]) -> Figure:
    rates = [bought / came if came else None for bought, came in zip(orders, visitors, strict=True)]
    if rates[0] is None or rates[1] is None:
        return Figure(now=rates[0], before=rates[1])
    causes = conversion_causes(orders, visitors)
    return Figure(now=rates[0], before=rates[1], why=_why(sum(one.delta for one in causes), orders, causes, None))


def _came(db: sa.Connection, span: Span, until_ms: int) -> tuple[int, int]:
    """(visitors, newcomers) of a span until a moment of its last day."""
    whole = tables.visitors_by_day(db, span.first, span.last - 1).values()
    last = tables.visitors_before(db, span.last, until_ms)
    return sum(day[0] for day in whole) + last[0], sum(day[1] for day in whole) + last[1]


def _why(delta: int, rows: tuple[int, int], causes: Iterable[Cause], names: Names | None) -> Why:
    is_enough = sum(rows) >= LEAST_ROWS
    return Why(
        delta=delta,
        now=rows[0],
        before=rows[1],
        is_enough=is_enough,
        parts=_parts(list(causes), names) if is_enough else (),
    )


def _parts(causes: Sequence[Cause], names: Names | None) -> tuple[Part, ...]:
    return tuple(
        Part(kind=c.kind, name=names.name(c.kind, c.key) if names else "", delta=c.delta, now=c.now, before=c.before)
        for c in causes
    )
