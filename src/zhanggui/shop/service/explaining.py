"""From arrays to figures with words: names of products, categories and channels, and why a figure changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

import sqlalchemy as sa

from zhanggui.kernel.clock import from_ms
from zhanggui.kernel.privacy import Purpose
from zhanggui.shop.engines.causes import (
    LEAST_ROWS,
    Cause,
    conversion_causes,
    order_causes,
    sales_causes,
    visitor_causes,
)
from zhanggui.shop.engines.tallies import TRAITS, Share, Sums, cut
from zhanggui.shop.tables import visits as tables
from zhanggui.shop.types.figures import Figure, Part, Slice, Why

from .catalogue_view import CatalogueView
from .categories import Categories
from .day_book import DayBook, Span, Stretch
from .kept import Kept

SLICES = 8
Sliced = Literal["category", "channel"]


@dataclass(frozen=True, slots=True)
class Names:
    """What the numbers in a cause stand for."""

    view: CatalogueView
    book: DayBook
    categories: Categories
    language: str

    def name(self, kind: str, key: int) -> str:
        """A name; "" for a kind without, for goods without a category and for the channel that has no name."""
        if kind == "product":
            return self.view.titles(key, self.language)
        if kind == "category":
            return self.categories.name(self.view, key)
        return self.book.channel_name(key) if kind == "channel" else ""


@dataclass(frozen=True, slots=True)
class Compared:
    """Two spans beside each other: their sums, what moved sales and orders, and the shares that are shown. No words."""

    now: Sums
    before: Sums
    sales_causes: Sequence[Cause]
    order_causes: Sequence[Cause]
    shares: dict[Sliced, list[Share]]

    @classmethod
    def of(cls, now: Sums, before: Sums) -> Compared:
        """Each trait is cut once."""
        cuts = {trait: cut(now, before, trait) for trait in TRAITS}
        sliced: tuple[Sliced, ...] = ("category", "channel")
        return cls(
            now,
            before,
            sales_causes(now, before, cuts),
            order_causes(cuts),
            {trait: sorted(cuts[trait], key=_by_size) for trait in sliced},
        )

    def sales(self, names: Names) -> Figure:
        """Sales, with why they changed."""
        return self._figure(self.now.sales, self.before.sales, self.sales_causes, names)

    def orders(self, names: Names) -> Figure:
        """The number of orders, with why it changed."""
        return self._figure(self.now.orders, self.before.orders, self.order_causes, names)

    def slices(self, names: Names, trait: Sliced) -> tuple[Slice, ...]:
        """Sales by a trait, the largest first; what is beyond the eighth is one slice without a name, at the end."""
        shares = self.shares[trait]
        rest = [one for one in shares[SLICES - 1 :] if one.now or one.before]
        if len(rest) < 2:
            return tuple(_slice(names.name(trait, one.key), [one]) for one in [*shares[: SLICES - 1], *rest])
        named = [_slice(names.name(trait, one.key), [one]) for one in shares[: SLICES - 1]]
        return (*named, _slice("", rest))

    def _figure(self, now: int, before: int, causes: Iterable[Cause], names: Names) -> Figure:
        return Figure(
            now=now, before=before, why=_why(now - before, (self.now.orders, self.before.orders), causes, names)
        )


class VisitorFigures:
    """Visitors, and orders per visitor, both until visits were counted last.

    A visitor counts once a day. Nothing is compared with days before the counting began.
    """

    def __init__(self) -> None:
        self._kept = Kept()

    def of(
        self, db: sa.Connection, spans: tuple[Span, Span], orders: tuple[Stretch, Stretch]
    ) -> tuple[Figure, Figure, datetime | None]:
        """Visitors and conversion of two spans, and until when visits were counted."""
        unknown = Figure(now=None, before=None)
        counted, begun = tables.counted_until(db), tables.first_visited(db)
        if counted is None or begun is None:
            return unknown, unknown, None
        lag_ms = max(spans[0].until_ms - counted[1], 0)
        now, before = (replace(span, until_ms=span.until_ms - lag_ms) for span in spans)
        came, bought = self._came(db, "now", now, counted), orders[0].orders_until(now.until_ms)
        until = from_ms(now.until_ms)
        if begun > before.first:
            conversion = Figure(now=bought / came[0] if came[0] else None, before=None)
            return Figure(now=came[0], before=None), conversion, until
        came_before = self._came(db, "before", before, counted)
        bought_before = orders[1].orders_until(before.until_ms)
        why = _why(came[0] - came_before[0], (came[0], came_before[0]), visitor_causes(came, came_before), None)
        visitors = Figure(now=came[0], before=came_before[0], why=why)
        return visitors, _conversion((bought, bought_before), (came[0], came_before[0])), until

    def _came(self, db: sa.Connection, name: str, span: Span, counted: tuple[int, int]) -> tuple[int, int]:
        """(visitors, newcomers) of a span until its moment; the part of its last day is kept until a visit changes."""
        by_day = tables.visitors_by_day(db, span.first, span.last)
        state = (span.last, span.until_ms, counted, by_day.pop(span.last, None))
        last = self._kept.get(
            f"{name} {len(span.days)}",
            state,
            lambda: tables.visitors_before(db, span.last, span.until_ms, purpose=Purpose.SERVICE),
        )
        return sum(day[0] for day in by_day.values()) + last[0], sum(day[1] for day in by_day.values()) + last[1]


def _conversion(orders: tuple[int, int], visitors: tuple[int, int]) -> Figure:
    rates = [bought / came if came else None for bought, came in zip(orders, visitors, strict=True)]
    if rates[0] is None or rates[1] is None:
        return Figure(now=rates[0], before=rates[1])
    causes = conversion_causes(orders, visitors)
    return Figure(now=rates[0], before=rates[1], why=_why(sum(one.delta for one in causes), orders, causes, None))


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


def _by_size(share: Share) -> tuple[int, int, int, int]:
    return -share.now, -share.before, -abs(share.delta), share.key


def _slice(name: str, shares: Sequence[Share]) -> Slice:
    return Slice(
        name=name,
        now=sum(one.now for one in shares),
        before=sum(one.before for one in shares),
        orders_now=sum(one.orders_now for one in shares),
        orders_before=sum(one.orders_before for one in shares),
    )
