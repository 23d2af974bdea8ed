"""Units of the last days, held against the rows they are added up from."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
from tests.shop.builders import CONTRACT, NOON, a_line, an_order, some_orders

from zhanggui.kernel.clock import to_ms
from zhanggui.kernel.db import Database
from zhanggui.shop import OrderState
from zhanggui.shop.service.sold_days import SoldDays
from zhanggui.shop.tables.products import product_numbers

WINDOW = timedelta(days=30)


def sold(days: SoldDays, db: Database, until: datetime = NOON) -> int:
    """Units of the longjing."""
    with db.read() as connection:
        number = product_numbers(connection, ["longjing"])["longjing"]
        return int(days.units(connection, to_ms(until - WINDOW), to_ms(until), number + 1)[number])


def test_units_are_those_of_the_window_and_follow_each_change(sqlite: Database) -> None:
    orders, days = some_orders(sqlite), SoldDays()
    ages = {
        "first": WINDOW,
        "past": WINDOW + timedelta(seconds=1),
        "mid": timedelta(days=7, hours=13),
        "now": timedelta(),
    }
    made = {
        id_: an_order(id_, at=NOON - age, lines=[a_line(quantity=10**place)])
        for place, (id_, age) in enumerate(ages.items())
    }
    orders.put_orders(list(made.values()), CONTRACT)
    assert sold(days, sqlite) == 1101

    orders.put_orders([msgspec.structs.replace(made["mid"], state=OrderState.CANCELLED)], CONTRACT)
    assert sold(days, sqlite) == 1001

    orders.put_orders([an_order("misdated", at=datetime(9999, 1, 1, tzinfo=UTC), lines=[a_line(quantity=5)])], CONTRACT)
    assert sold(days, sqlite) == 1006

    assert sold(days, sqlite, NOON + timedelta(seconds=1)) == 1005
    assert sold(days, sqlite, NOON + timedelta(days=31)) == 5


def test_a_product_that_came_after_the_catalogue_was_read_is_left_out(sqlite: Database) -> None:
    orders = some_orders(sqlite)
    orders.put_orders([an_order("a", lines=[a_line(quantity=2)])], CONTRACT)
    orders.put_orders([an_order("b", lines=[a_line("late")])], CONTRACT)

    with sqlite.read() as connection:
        late = product_numbers(connection, ["late"])["late"]
        units = SoldDays().units(connection, to_ms(NOON - WINDOW), to_ms(NOON), late)

    assert units.sum() == 2
