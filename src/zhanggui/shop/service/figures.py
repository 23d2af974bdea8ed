"""How the shop does: sales, orders, visitors and conversion, compared and explained from rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from zhanggui.kernel.clock import Clock, from_ms, moment_or_none, to_ms
from zhanggui.kernel.db import Database
from zhanggui.kernel.privacy import Purpose
from zhanggui.shop.tables import figures as tables
from zhanggui.shop.tables.visits import last_visited, visitors_by_day
from zhanggui.shop.types.figures import DataAge, Overview, TodaysVisits

from .categories import Categories, LiveCategories
from .curves import curve_of_day, curve_of_days
from .day_book import DayBook, Span, Stretch
from .explaining import Compared, Names, VisitorFigures
from .kept import Kept
from .live_catalogue import LiveCatalogue

RangeDays = Literal[1, 7, 28]
WEEK = 7

FEWEST_VISITORS = 10
"""A day without orders is shown once so many came."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopFigures:
    """The figures of one shop. Paid orders count, in the shop's own currency, from the moment they were placed.

    Args:
        live: names of products, and their categories.
        zone: whose days count.
        currency: whose amounts count; orders in others are only counted.
    """

    db: Database
    clock: Clock
    live: LiveCatalogue
    zone: ZoneInfo
    currency: str
    _book: DayBook = field(init=False)
    _categories: LiveCategories = field(init=False, default_factory=LiveCategories)
    _visitors: VisitorFigures = field(init=False, default_factory=VisitorFigures)
    _kept: Kept = field(init=False, default_factory=Kept)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_book", DayBook(self.zone, self.currency))

    def overview(self, range_days: RangeDays = 1, language: str = "zh") -> Overview:
        """All figures of the last day, 7 or 28 days.

        One day is compared with the same weekday of the week before, up to the same time of day; more days with as
        many before them. When today has nothing to show yet, the last day that has is shown whole.

        Args:
            range_days: 1, 7 or 28.
            language: of the names of products.
        """
        book, now_ms = self._book, to_ms(self.clock())
        with self.db.read() as db:
            now, before = self._spans(db, range_days, now_ms)
            opened = book.opened(db, now_ms)
            stretches = opened.stretch(now), opened.stretch(before)
            view = self.live.view(db)
            categories = self._categories.of(view)
            compared = self._compared(range_days, stretches, categories)
            names = Names(view, book, categories, language)
            visitors, conversion, visitors_until = self._visitors.of(db, (now, before), stretches)
            is_day = range_days == 1
            return Overview(
                range_days=range_days,
                first_day=book.date_of(now.first),
                day=book.date_of(now.last),
                is_today=now.last == book.day_of(now_ms),
                before_first_day=book.date_of(before.first),
                before_day=book.date_of(before.last),
                until=from_ms(now.until_ms),
                currency=self.currency,
                sales=compared.sales(names),
                orders=compared.orders(names),
                visitors=visitors,
                conversion=conversion,
                returns=compared.now.returns,
                returned_minor=compared.now.returned,
                other_money=stretches[0].others_until(now.until_ms),
                unpaid=self._unpaid(db, now),
                curve=curve_of_day(opened, now, before) if is_day else curve_of_days(book, now, *stretches),
                categories=compared.slices(names, "category"),
                channels=compared.slices(names, "channel"),
                visitors_until=visitors_until,
            )

    def warm(self) -> None:
        """Read the days that the longest range shows, so that the first to look does not wait."""
        self.overview(28)

    def _compared(self, range_days: int, spans: tuple[Stretch, Stretch], categories: Categories) -> Compared:
        """The last result of a range, until one of its days or a category is another."""
        state = (*spans, categories)
        return self._kept.get(str(range_days), state, lambda: Compared.of(*(span.sums(categories) for span in spans)))

    def data_age(self) -> DataAge:
        """When the newest order and the newest event are of."""
        now_ms = to_ms(self.clock())
        with self.db.read() as db:
            order_ms, event_ms = (
                tables.newest_order_ms(db, now_ms, purpose=Purpose.SERVICE),
                tables.newest_event_ms(db, purpose=Purpose.SERVICE),
            )
        order_at, event_at = (moment_or_none(ms) for ms in (order_ms, event_ms))
        return DataAge(order_at=order_at, event_at=event_at)

    def came_today(self) -> TodaysVisits:
        """Visits of today, also while there are too few of them for a day of figures."""
        with self.db.read() as db:
            today = self._book.day_of(to_ms(self.clock()))
            last_ms = tables.newest_event_ms(db, purpose=Purpose.SERVICE)
            visitors, _ = visitors_by_day(db, today, today).get(today, (0, 0))
        is_todays = last_ms is not None and self._book.day_of(last_ms) == today
        return TodaysVisits(visitors=visitors, last_at=moment_or_none(last_ms) if is_todays else None)

    def _unpaid(self, db: sa.Connection, span: Span) -> int:
        return tables.unpaid_orders(db, self._book.start_ms(span.first), span.until_ms, purpose=Purpose.SERVICE)

    def _spans(self, db: sa.Connection, range_days: int, now_ms: int) -> tuple[Span, Span]:
        book = self._book
        today, ordered_ms = book.day_of(now_ms), tables.newest_order_ms(db, now_ms, purpose=Purpose.SERVICE)
        ordered = None if ordered_ms is None else book.day_of(ordered_ms)
        visited = last_visited(db, FEWEST_VISITORS)
        day = min(max((known for known in (ordered, visited) if known is not None), default=today), today)
        shift = WEEK if range_days == 1 else range_days
        first, earlier = day - range_days + 1, day - shift
        ends = (book.start_ms(day + 1), book.start_ms(earlier + 1))
        if day == today:
            ends = (now_ms, book.same_time_ms(now_ms, earlier))
        return Span(first, day, ends[0]), Span(first - shift, earlier, ends[1])
