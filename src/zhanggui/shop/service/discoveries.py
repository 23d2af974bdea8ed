"""What a shop's own rows say at the first look: what runs out, what lies, what goes together, who stays away."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np
import sqlalchemy as sa

from zhanggui.kernel.clock import DAY_MS, HOUR_MS, date_of_day, local_day
from zhanggui.kernel.db import Database
from zhanggui.kernel.privacy import ConsentGate, Purpose
from zhanggui.shop.engines import discoveries as engine
from zhanggui.shop.engines.discoveries import UNKNOWN, Ints, Sales, Shelf
from zhanggui.shop.tables import discoveries as tables
from zhanggui.shop.types.discoveries import (
    BoughtTogether,
    DeadStock,
    Discoveries,
    LapsedRegulars,
    ProductName,
    SoonOut,
)

from .catalogue_view import CatalogueView
from .checking import allowed
from .live_catalogue import LiveCatalogue

WINDOW_DAYS = 730
"""Older lines say nothing about what runs out now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopDiscoveries:
    """First findings from order lines, offers and customers: `shop.discoveries()`.

    Args:
        live: names, prices and stock of the products.
        gate: says whose orders may be told apart for analysis; without one nobody's. All others count as guests.
        zone: whose days count.
        currency: whose amounts count.
    """

    db: Database
    live: LiveCatalogue
    gate: ConsentGate | None
    zone: ZoneInfo
    currency: str

    def __call__(self, language: str = "zh", most: int = 5) -> Discoveries:
        """Look at the orders of the last two years, as of the newest one.

        Args:
            language: of the names of products.
            most: findings of each sort, at most.
        """
        with self.db.read() as db:
            view = self.live.view(db)
            sales = self._sales(db)
            shelf = self._shelf(db, view)
        found = Findings(view, language)
        days = [date_of_day(int(day)) for day in (sales.day[[0, -1]] if len(sales.day) else ())]
        return Discoveries(
            currency=self.currency,
            lines=len(sales.day),
            first_day=days[0] if days else None,
            last_day=days[-1] if days else None,
            soon_out=tuple(found.soon_out(one) for one in engine.runs_out(sales, shelf, most=most)),
            dead_stock=tuple(found.dead_stock(one) for one in engine.idle(sales, shelf, most=most)),
            bought_together=tuple(found.together(one) for one in engine.pairs(sales, most=most)),
            lapsed=_lapsed(sales),
        )

    def _sales(self, db: sa.Connection) -> Sales:
        last_ms = tables.last_order_ms(db, self.currency, purpose=Purpose.SERVICE)
        rows = (
            []
            if last_ms is None
            else tables.sold_lines(db, self.currency, last_ms - WINDOW_DAYS * DAY_MS, purpose=Purpose.SERVICE)
        )
        columns = np.array(rows, dtype=np.int64).reshape(-1, 6).T
        known = np.unique(columns[2][columns[2] > 0]).tolist()
        may = allowed(known, Purpose.ANALYTICS, self.gate)
        told = np.fromiter(may, dtype=np.int64, count=len(may))
        day = self._days(columns[0])
        return Sales(
            day=day,
            basket=columns[1],
            person=np.where(np.isin(columns[2], told), columns[2], 0),
            product=columns[3],
            quantity=columns[4],
            value_minor=columns[5],
            today=int(day[-1]) if len(day) else 0,
        )

    def _days(self, at_ms: Ints) -> Ints:
        """The shop's day of each moment; the zone's offset is looked up once for each hour that occurs."""
        hours, place = np.unique(at_ms // HOUR_MS, return_inverse=True)
        days = [local_day(hour * HOUR_MS, self.zone) for hour in hours.tolist()]
        return np.array(days, dtype=np.int64)[place]

    def _shelf(self, db: sa.Connection, view: CatalogueView) -> Shelf:
        costs = np.full(view.size, UNKNOWN, dtype=np.int64)
        for product, cost in tables.unit_costs(db, self.currency).items():
            if product < view.size:
                costs[product] = cost
        return Shelf(available=view.available, price_minor=view.price_minor, cost_minor=costs)


@dataclass(frozen=True, slots=True)
class Findings:
    """Gives findings the names that people know."""

    view: CatalogueView
    language: str

    def name(self, number: int) -> ProductName:
        """A product by its number."""
        id_ = self.view.ids[number]
        return ProductName(id=id_, title=self.view.titles(number, self.language) or id_)

    def soon_out(self, one: engine.RunsOut) -> SoonOut:
        """A stock that ends."""
        return SoonOut(
            product=self.name(one.product),
            available=one.available,
            per_day=round(one.per_day, 2),
            days_left=round(one.days_left, 1),
            lost_minor=one.lost_minor,
        )

    def dead_stock(self, one: engine.Idle) -> DeadStock:
        """A stock that lies."""
        return DeadStock(
            product=self.name(one.product),
            sold_before=one.sold_before,
            idle_days=one.idle_days,
            available=one.available,
            tied_minor=one.tied_minor,
        )

    def together(self, one: engine.Pair) -> BoughtTogether:
        """A pair."""
        return BoughtTogether(
            first=self.name(one.first),
            second=self.name(one.second),
            together=one.together,
            of_first=one.of_first,
            of_second=one.of_second,
            lift=round(one.lift, 1),
        )


def _lapsed(sales: Sales) -> LapsedRegulars | None:
    found = engine.lapsed(sales, most=0)
    if found is None:
        return None
    return LapsedRegulars(people=found.people, orders=found.orders, yearly_minor=found.yearly_minor)
