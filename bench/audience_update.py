"""`audience/update`: how many events a second are folded into profiles on one core, and how long reading one takes.

A shop of 100,000 customers who have bought, 5,000 products and a million events, SQLite; as many events a customer as
people differ (log-normal), a third of the looks with their seconds. BENCH_SMALL=1 takes a tenth of all.
"""

from __future__ import annotations

import os
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import numpy as np

from zhanggui.app.places import create_shop
from zhanggui.app.shop import Shop
from zhanggui.kernel.clock import DAY_MS, to_ms
from zhanggui.kernel.settings import Settings
from zhanggui.shop import EVENT_NUMBERS, Customer, EventName, LegalBasis, Offer, Product, ProductText
from zhanggui.shop.tables.events import StoredRow, append_rows

from .harness import Report, case

SHOP = "bench"
NOW = datetime(2026, 3, 14, 2, 0, tzinfo=UTC)
PRODUCTS, READS, AT_ONCE = 5_000, 5_000, 5_000
KINDS = (EventName.VIEW_ITEM,) * 12 + (EventName.SELECT_ITEM, EventName.ADD_TO_CART, EventName.SEARCH)
WORDS = ("绿茶", "红茶", "杯", "礼盒", "坚果", "毛巾", "灯", "gift", "green tea", "mug")


@case("audience/update")
def update(report: Report) -> None:
    scale = 10 if os.environ.get("BENCH_SMALL") else 1
    customers, events, new = 100_000 // scale, 1_000_000 // scale, 200_000 // scale
    rng = np.random.default_rng(20260314)
    with tempfile.TemporaryDirectory(prefix="zg-bench-") as folder:
        settings = Settings(home=Path(folder) / "home")
        create_shop(settings, SHOP, lambda: NOW)
        with Shop.open(SHOP, settings=settings, clock=lambda: NOW) as shop:
            fill(shop, customers)
            log(shop, rng, customers, events)
            report("customers", customers)
            folded(report, "whole_log", events, shop.audience.keeping.rebuild)
            log(shop, rng, customers, new)
            folded(report, "catch_up", new, shop.audience.keeping.catch_up)
            log(shop, rng, customers, new // 10)
            read(report, shop, rng, customers)


def fill(shop: Shop, customers: int) -> None:
    goods = [
        Product(
            id=f"p{n}",
            texts={"zh": ProductText(title=f"{WORDS[n % 10]}{n}")},
            category=(WORDS[n % 7], f"类{n % 90}"),
            keywords=(f"词{n % 200}", f"味{n % 30}"),
            brand=f"牌{n % 120}",
        )
        for n in range(PRODUCTS)
    ]
    shop.catalogue.put_products(goods)
    shop.catalogue.put_offers([Offer(product_id=one.id, price_minor=900 + 37 * n) for n, one in enumerate(goods)])
    basis = LegalBasis(kind="contract")
    for start in range(0, customers, AT_ONCE):
        shop.people.put_customers([Customer(id=f"c{n}") for n in range(start, start + AT_ONCE)], basis)


def log(shop: Shop, rng: np.random.Generator, customers: int, events: int) -> None:
    """Append events: sessions of looks, some carts and searches, and orders of one to three lines."""
    shares = rng.lognormal(0.0, 1.0, customers)
    persons = rng.choice(customers, events, p=shares / shares.sum()) + 1
    products = (rng.zipf(1.3, events) % PRODUCTS) + 1
    at_ms = to_ms(NOW) - rng.integers(0, 180 * DAY_MS, events)
    kinds = rng.integers(0, 20, events)
    rows: list[StoredRow] = []
    for person, product, at, kind in zip(
        persons.tolist(), products.tolist(), at_ms.tolist(), kinds.tolist(), strict=True
    ):
        if kind >= len(KINDS):
            rows.append((person, product, EVENT_NUMBERS[EventName.PURCHASE], at, 1, 4_900, '{"derived_from":"order"}'))
            continue
        extra = {"context": {"surface": "home", "channel": "app"}}
        if kind % 3 == 0:
            extra["engagement_time_msec"] = int(at % 60_000)  # type: ignore[assignment]
        if KINDS[kind] is EventName.SEARCH:
            extra["context"]["query"] = WORDS[product % 10]
        rows.append((person, product, EVENT_NUMBERS[KINDS[kind]], at, None, None, msgspec.json.encode(extra).decode()))
    for start in range(0, len(rows), 20_000):
        shop.db.write(lambda db, some=rows[start : start + 20_000]: append_rows(db, some))  # type: ignore[misc]


def folded(report: Report, name: str, events: int, fold: object) -> None:
    wall, cpu = time.perf_counter(), time.process_time()
    done = fold()  # type: ignore[operator]
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    assert done.events == events, done
    report(f"{name}_events_per_s", events / wall, unit="events/s", bar=">= 20000")
    report(f"{name}_cpu_us_per_event", cpu / events * 1e6, unit="us")


def read(report: Report, shop: Shop, rng: np.random.Generator, customers: int) -> None:
    """Read profiles of chance customers, a tenth of whom did something that is not folded yet."""
    shop.audience.profiles.warm()  # as a server does before it is ready
    ids = [f"c{n}" for n in rng.integers(0, customers, READS).tolist()]
    for id_ in ids[:500]:
        shop.audience.profile(id_)
    took = []
    for id_ in ids[500:]:
        began = time.perf_counter()
        shop.audience.profile(id_)
        took.append((time.perf_counter() - began) * 1000)
    report("profile_read_p50", float(np.percentile(took, 50)), unit="ms")
    report("profile_read_p99", float(np.percentile(took, 99)), unit="ms", bar="<= 1")
