"""Whatever is kept between two looks, the figures are those of a shop that is read for the first time."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tests.conftest import FixedClock
from tests.shop.builders import CONTRACT, a_line, a_product, a_return, an_order, some_orders

from zhanggui.kernel.db import Database
from zhanggui.shop import LiveCatalogue, Order
from zhanggui.shop.service import buyer_marks, day_book
from zhanggui.shop.service.catalogue import Catalogue
from zhanggui.shop.service.figures import RangeDays, ShopFigures

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 3, 14, 6, 0, tzinfo=UTC)  # Saturday 14:00 in Shanghai
DAYS = (0, 0, 0, 1, 2, 6, 7, 7, 8, 13, 20, 27, 28, 40, 55, 56, 170)
RANGES: tuple[RangeDays, ...] = (1, 7, 28)


def figures_of(db: Database, clock: FixedClock) -> ShopFigures:
    return ShopFigures(db=db, clock=clock, live=LiveCatalogue(db, clock), zone=SHANGHAI, currency="CNY")


class Shop:
    """A shop to which things happen, and what its orders are by heart."""

    def __init__(self, db: Database, clock: FixedClock, rng: random.Random) -> None:
        self.db, self.clock, self.rng = db, clock, rng
        self.orders: dict[str, Order] = {}

    def happen(self) -> None:
        """One thing of those that change figures."""
        rng = self.rng
        what = rng.choices(["order", "return", "category", "time"], [8, 1, 1, 1])[0]
        if what == "order":
            self.order(f"o{rng.randrange(150)}")
        elif what == "return":
            at = self.clock() - timedelta(days=rng.choice(DAYS), minutes=rng.randrange(600))
            some_orders(self.db, self.clock).put_returns([a_return(f"r{rng.randrange(5)}", at=at)], CONTRACT)
        elif what == "category":
            path = (rng.choice(["茶", "茶具", "点心"]),)
            product = a_product(f"p{rng.randrange(12)}", category=path)
            Catalogue(db=self.db, clock=self.clock).put_products([product])
        else:
            self.clock.advance(hours=rng.randrange(1, 9))

    def order(self, id_: str) -> None:
        """A new order, or another state, time or content of one."""
        rng = self.rng
        lines = [
            a_line(f"p{rng.randrange(12)}", id=str(line), unit_price_minor=rng.randrange(1, 1_000_000))
            for line in range(rng.choice([1, 1, 2]))
        ]
        order = an_order(
            id_,
            at=self.clock() - timedelta(days=rng.choice(DAYS), minutes=rng.randrange(600)),
            lines=lines,
            customer_id=f"c{rng.randrange(40)}",
            channel=rng.choice(["wechat", "douyin", "web"]),
            state=rng.choice(["paid", "paid", "paid", "delivered", "pending", "cancelled"]),
            currency=rng.choice(["CNY"] * 9 + ["USD"]),
        )
        self.orders[id_] = order
        some_orders(self.db, self.clock).put_orders([order], CONTRACT)

    def sales(self, days: int) -> tuple[int, int]:
        """(sales, orders) of the last days of the calendar in Shanghai, counted one by one."""
        today = self.clock().astimezone(SHANGHAI).date()
        placed = [(today - order.at.astimezone(SHANGHAI).date()).days for order in self.orders.values()]
        paid = [
            sum(line.quantity * line.unit_price_minor - line.discount_minor for line in order.lines)
            for order, ago in zip(self.orders.values(), placed, strict=True)
            if 0 <= ago < days and order.currency == "CNY" and order.state not in ("pending", "cancelled")
        ]
        return sum(paid), len(paid)


@pytest.mark.parametrize("seed", range(3))
def test_figures_that_are_kept_are_those_of_a_first_reading(sqlite: Database, seed: int) -> None:
    clock = FixedClock(NOW)
    shop = Shop(sqlite, clock, random.Random(seed))
    kept = figures_of(sqlite, clock)
    for n in range(150):
        shop.order(f"o{n}")

    for _ in range(25):
        shop.happen()
        shop.order("today")  # so that the last day with anything is today
        for days in RANGES:
            shown = kept.overview(days)

            assert shown == figures_of(sqlite, clock).overview(days)
            if shown.is_today:
                assert (shown.sales.now, shown.orders.now) == shop.sales(days)


def test_a_day_is_not_read_again_while_nothing_changes(sqlite: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = FixedClock(NOW)
    shop, figures = Shop(sqlite, clock, random.Random(1)), figures_of(sqlite, clock)
    for n in range(40):
        shop.order(f"o{n}")
    first = figures.overview(28)

    for module in (day_book.tables, buyer_marks.tables):
        for name in ("orders_of", "lines_of_span", "returns_of", "new_buyers", "buyers_of"):
            monkeypatch.delattr(module, name, raising=False)

    assert figures.overview(28) == first


def test_another_state_of_an_old_order_reads_its_own_day_alone(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = FixedClock(NOW)
    figures = figures_of(sqlite, clock)
    old = an_order("old", at=NOW - timedelta(days=20), state="paid")
    put = some_orders(sqlite, clock).put_orders
    put([old, *(an_order(f"o{n}", at=NOW - timedelta(days=n, minutes=1)) for n in range(20))], CONTRACT)
    figures.overview(28)
    read: list[int] = []
    rows = day_book.tables.orders_of

    def noted(db: Any, *span: Any, purpose: Any) -> Any:
        read.append(span[0])
        return rows(db, *span, purpose=purpose)

    monkeypatch.setattr(day_book.tables, "orders_of", noted)
    monkeypatch.delattr(day_book.tables, "new_buyers")

    put([an_order("old", at=NOW - timedelta(days=20), state="delivered")], CONTRACT)
    figures.overview(28)

    assert len(read) == 2  # the two days of the shop that its UTC day lies in
