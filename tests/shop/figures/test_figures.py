from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from tests.conftest import FixedClock
from tests.shop.builders import CONTRACT, a_line, a_product, a_return, an_order, some_orders

from zhanggui.kernel.clock import to_ms
from zhanggui.kernel.db import Database
from zhanggui.shop import Event, EventName, LiveCatalogue, Order
from zhanggui.shop.service.archive import Archive
from zhanggui.shop.service.catalogue import Catalogue
from zhanggui.shop.service.day_files import DayFiles
from zhanggui.shop.service.events import Events
from zhanggui.shop.service.figures import ShopFigures
from zhanggui.shop.service.visits import Visits

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 3, 14, 6, 0, tzinfo=UTC)  # Saturday 14:00 in Shanghai


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


def figures_of(db: Database, clock: FixedClock) -> ShopFigures:
    return ShopFigures(db=db, clock=clock, live=LiveCatalogue(db, clock), zone=SHANGHAI, currency="CNY")


def visits_of(db: Database, clock: FixedClock, folder: Path) -> Visits:
    return Visits(db=db, clock=clock, files=DayFiles(folder / "events"), zone=SHANGHAI)


def put(db: Database, *orders: Order) -> None:
    some_orders(db).put_orders(orders, CONTRACT)


def sold(id_: str, at: datetime, price: int = 1_000, product: str = "longjing", **more: object) -> Order:
    return an_order(id_, at=at, lines=[a_line(product, unit_price_minor=price)], **more)


def viewed(id_: str, visitor: str, at: datetime) -> Event:
    return Event(id=id_, name=EventName.VIEW_ITEM, visitor_id=visitor, product_id="longjing", at=at)


def test_a_day_is_compared_with_the_same_weekday_up_to_the_same_time(any_database: Database, clock: FixedClock) -> None:
    week = timedelta(days=7)
    put(
        any_database,
        sold("today", NOW - timedelta(hours=1), 5_000),
        sold("before", NOW - week - timedelta(hours=1), 2_000),
        sold("later that day", NOW - week + timedelta(hours=1), 9_000),
        sold("yesterday", NOW - timedelta(days=1), 7_000),
    )

    shown = figures_of(any_database, clock).overview()

    assert (shown.sales.now, shown.sales.before) == (5_000, 2_000)
    assert (shown.orders.now, shown.orders.before) == (1, 1)
    assert (shown.day.isoformat(), shown.before_day.isoformat(), shown.is_today) == ("2026-03-14", "2026-03-07", True)


def test_several_days_are_compared_with_as_many_before(sqlite: Database, clock: FixedClock) -> None:
    put(sqlite, *(sold(f"o{n}", NOW - timedelta(days=n, minutes=1), 100 * (n + 1)) for n in range(14)))

    shown = figures_of(sqlite, clock).overview(7)

    assert shown.sales.now == sum(100 * (n + 1) for n in range(7))
    assert shown.sales.before == sum(100 * (n + 1) for n in range(7, 14))
    assert len(shown.curve.moments) == len(shown.curve.now) == 7
    assert sum(shown.curve.now) == shown.sales.now


def test_only_what_was_paid_in_the_shops_own_money_counts(sqlite: Database, clock: FixedClock) -> None:
    at = NOW - timedelta(hours=2)
    put(
        sqlite,
        sold("paid", at),
        sold("pending", at, state="pending"),
        sold("cancelled", at, state="cancelled"),
        sold("dollars", at, currency="USD"),
    )

    shown = figures_of(sqlite, clock).overview()

    assert (shown.sales.now, shown.orders.now, shown.other_money) == (1_000, 1, 1)


def test_a_change_of_an_order_is_seen_at_once(any_database: Database, clock: FixedClock) -> None:
    figures, at = figures_of(any_database, clock), NOW - timedelta(hours=2)
    put(any_database, sold("o1", at, 1_000), sold("o2", at, 10))
    assert figures.overview().sales.now == 1_010

    put(any_database, sold("o1", at, 1_500))
    assert figures.overview().sales.now == 1_510

    put(any_database, sold("o1", at - timedelta(days=1), 1_500))  # it was yesterday's, after all
    assert figures.overview(7).curve.now[-2:] == (1_500, 10)


def test_an_older_order_that_comes_late_makes_its_buyer_a_returning_one(sqlite: Database, clock: FixedClock) -> None:
    figures = figures_of(sqlite, clock)
    put(sqlite, *(sold(f"o{n}", NOW - timedelta(hours=1), customer_id=f"c{n}") for n in range(12)))

    def new_buyers() -> int:
        why = figures.overview().orders.why
        assert why is not None
        return next((part.now for part in why.parts if part.kind == "new_buyers"), 12)

    assert new_buyers() == 12
    put(sqlite, *(sold(f"old{n}", NOW - timedelta(days=60), customer_id=f"c{n}") for n in range(5)))

    assert new_buyers() == 7


def test_why_names_the_products_that_moved_most(sqlite: Database, clock: FixedClock) -> None:
    Catalogue(db=sqlite, clock=clock).put_products([a_product("a", title="白茶"), a_product("b", title="红茶")])
    at = NOW - timedelta(hours=1)
    put(sqlite, *(sold(f"a{n}", at, 3_000, "a") for n in range(8)), *(sold(f"b{n}", at, 500, "b") for n in range(4)))

    why = figures_of(sqlite, clock).overview().sales.why

    assert why is not None
    assert why.is_enough
    named = [(part.name, part.delta, part.now) for part in why.parts if part.kind == "product"]
    assert named == [("白茶", 24_000, 8), ("红茶", 2_000, 4)]


def test_too_few_orders_name_no_cause(sqlite: Database, clock: FixedClock) -> None:
    put(sqlite, sold("o1", NOW - timedelta(hours=1)))

    why = figures_of(sqlite, clock).overview().sales.why

    assert why is not None
    assert (why.is_enough, why.parts, why.now, why.before) == (False, (), 1, 0)


def test_without_anything_today_the_last_day_with_data_is_shown_whole(sqlite: Database, clock: FixedClock) -> None:
    put(sqlite, sold("o1", NOW - timedelta(days=3) + timedelta(hours=9)))  # 23:00 in Shanghai

    shown = figures_of(sqlite, clock).overview()

    assert (shown.day.isoformat(), shown.is_today, shown.sales.now) == ("2026-03-11", False, 1_000)


def test_an_empty_shop_has_figures_of_nothing(sqlite: Database, clock: FixedClock) -> None:
    shown = figures_of(sqlite, clock).overview(28)

    assert (shown.sales.now, shown.orders.now, shown.visitors.now, shown.conversion.now) == (0, 0, None, None)
    assert (shown.categories, shown.visitors_until) == ((), None)


def test_returns_of_the_time_are_counted_beside(sqlite: Database, clock: FixedClock) -> None:
    some_orders(sqlite).put_returns([a_return("r1", at=NOW - timedelta(hours=3))], CONTRACT)
    put(sqlite, sold("o1", NOW - timedelta(hours=1)))

    shown = figures_of(sqlite, clock).overview()

    assert (shown.returns, shown.returned_minor, shown.sales.now) == (1, 8_800, 1_000)


def test_a_visitor_counts_once_a_day_however_much_they_do(
    any_database: Database, clock: FixedClock, tmp_path: Path
) -> None:
    visits, week = visits_of(any_database, clock, tmp_path), timedelta(days=7)
    at = NOW - timedelta(hours=2)
    events = [viewed("1", "v1", at), viewed("2", "v1", at), viewed("3", "v2", at), viewed("4", "v1", at - week)]
    Events(any_database, clock).accept(events)
    put(any_database, sold("o1", at))

    assert visits.count() == len(events) + 1  # the order's purchase is looked at, and is no visit
    assert visits.count() == 0
    shown = figures_of(any_database, clock).overview()

    assert (shown.visitors.now, shown.visitors.before, shown.conversion.now) == (2, 1, 0.5)


def test_a_visitor_who_has_logged_in_is_one_person(sqlite: Database, clock: FixedClock, tmp_path: Path) -> None:
    at = NOW - timedelta(hours=2)
    login = Event(id="in", name=EventName.IDENTIFY, visitor_id="v1", customer_id="c1", at=at)
    Events(sqlite, clock).accept([viewed("1", "v1", at), login])

    visits_of(sqlite, clock, tmp_path).count()

    assert figures_of(sqlite, clock).overview().visitors.now == 1


def test_days_before_the_counting_began_are_not_compared_with(
    sqlite: Database, clock: FixedClock, tmp_path: Path
) -> None:
    Events(sqlite, clock).accept([viewed("1", "v1", NOW - timedelta(hours=2))])
    visits_of(sqlite, clock, tmp_path).count()

    shown = figures_of(sqlite, clock).overview()

    assert (shown.visitors.now, shown.visitors.before, shown.visitors.why) == (1, None, None)


def test_events_are_counted_before_they_leave_for_the_archive(
    sqlite: Database, clock: FixedClock, tmp_path: Path
) -> None:
    visits = visits_of(sqlite, clock, tmp_path)
    Events(sqlite, clock).accept([viewed("1", "v1", NOW - timedelta(days=7, hours=2))])
    files = DayFiles(tmp_path / "events")

    Archive(db=sqlite, clock=clock, files=files, hot_days=3, before_leaving=visits.count).archive_closed_days()

    put(sqlite, sold("o1", NOW - timedelta(hours=1)))
    assert figures_of(sqlite, clock).overview().visitors.before == 1


def test_a_shop_that_was_archived_before_is_counted_from_its_archive(
    sqlite: Database, clock: FixedClock, tmp_path: Path
) -> None:
    Events(sqlite, clock).accept([viewed("1", "v1", NOW - timedelta(days=7, hours=2))])
    Archive(db=sqlite, clock=clock, files=DayFiles(tmp_path / "events"), hot_days=3).archive_closed_days()

    assert visits_of(sqlite, clock, tmp_path).count() == 1

    put(sqlite, sold("o1", NOW - timedelta(hours=1)))
    assert figures_of(sqlite, clock).overview().visitors.before == 1


def test_a_person_who_is_forgotten_leaves_no_visit(sqlite: Database, clock: FixedClock, tmp_path: Path) -> None:
    Events(sqlite, clock).accept([viewed("1", "v1", NOW)])
    visits_of(sqlite, clock, tmp_path).count()

    Archive(db=sqlite, clock=clock, files=DayFiles(tmp_path / "events"), hot_days=3).forget_person(1)

    with sqlite.read() as db:
        assert db.exec_driver_sql("SELECT COUNT(*) FROM visits").scalar() == 0


def test_visits_are_forgotten_after_ninety_days(sqlite: Database, clock: FixedClock, tmp_path: Path) -> None:
    visits = visits_of(sqlite, clock, tmp_path)
    Events(sqlite, clock).accept([viewed("1", "v1", NOW)])
    visits.count()

    clock.advance(days=91)
    visits.count()

    with sqlite.read() as db:
        assert db.exec_driver_sql("SELECT COUNT(*) FROM visits").scalar() == 0


def test_the_day_may_end_as_the_last_four_weeks_did(sqlite: Database, clock: FixedClock) -> None:
    orders = [
        sold(f"{day}-{n}", NOW - timedelta(days=day) + timedelta(hours=hour), 1_000)
        for day in range(28, -1, -1)
        for n, hour in enumerate([-2] * 10 + ([3] * 10 if day else []))
    ]
    put(sqlite, *orders)

    curve = figures_of(sqlite, clock).overview().curve

    assert (curve.days, curve.middle[0], curve.middle[-1], curve.low[-1]) == (28, 10_000, 20_000, 20_000)
    assert curve.moments[len(curve.now) - 1] == NOW


def test_the_age_of_the_data_is_that_of_the_newest_facts(sqlite: Database, clock: FixedClock) -> None:
    put(sqlite, sold("o1", NOW - timedelta(hours=5)))

    age = figures_of(sqlite, clock).data_age()

    assert age.order_at is not None
    assert to_ms(age.order_at) == to_ms(NOW - timedelta(hours=5))
