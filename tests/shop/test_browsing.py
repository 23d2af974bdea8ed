"""Lists of orders and customers as people look through them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

import pytest
from tests.shop.builders import CONTRACT, MASTER_KEY, NOON, a_line, an_order, at_noon, some_orders, some_people

from zhanggui.kernel.cipher import SubjectCipher
from zhanggui.kernel.clock import to_ms
from zhanggui.kernel.db import Database
from zhanggui.kernel.privacy import Purpose
from zhanggui.shop import Customer, Identifiers, LiveCatalogue, OrderState, UnknownCustomer
from zhanggui.shop.service.browsing import Browsing
from zhanggui.shop.types.browsing import CustomerAsk, OrderAsk


class Nobody:
    """A gate that everybody has closed."""

    def allows(self, person: int, purpose: Purpose) -> bool:
        return False

    def allowed_among(self, persons: Collection[int], purpose: Purpose) -> set[int]:
        return set()


def a_browsing(db: Database) -> Browsing:
    return Browsing(db=db, clock=at_noon, cipher=SubjectCipher(MASTER_KEY), live=LiveCatalogue(db), gate=Nobody())


@pytest.fixture
def browsing(sqlite: Database) -> Browsing:
    some_people(sqlite).put_customers(
        [Customer(id="rich", identifiers=Identifiers(name="林若溪", phone="13812341234")), Customer(id="idle")],
        CONTRACT,
    )
    some_orders(sqlite).put_orders(
        [
            an_order("a", customer_id="rich", lines=[a_line(quantity=3)]),
            an_order("b", customer_id="poor", at=NOON + timedelta(days=1), province="浙江"),
            an_order("c", customer_id="poor", state=OrderState.CANCELLED, lines=[a_line(quantity=100)]),
        ],
        CONTRACT,
    )
    return a_browsing(sqlite)


@pytest.mark.parametrize(
    ("sort", "expected"),
    [("spent", ["rich", "poor", "idle"]), ("last", ["poor", "rich", "idle"]), ("", ["idle", "poor", "rich"])],
)
def test_customers_come_in_the_order_asked_for_those_who_never_bought_last(
    browsing: Browsing, sort: str, expected: list[str]
) -> None:
    found = browsing.customers(CustomerAsk(sort=sort, is_descending=True))

    ids = [row.id for row in found.rows]
    assert (ids if sort else sorted(ids), found.total) == (expected, 3)


def test_a_cancelled_order_counts_for_nothing(browsing: Browsing) -> None:
    poor = next(row for row in browsing.customers(CustomerAsk()).rows if row.id == "poor")

    assert (poor.orders, poor.spent_minor) == (1, 8800)


def test_the_last_buyers_come_newest_first_and_no_cancelled_order_makes_one(browsing: Browsing) -> None:
    found = browsing.last_buyers(5)

    assert [(one.id, one.orders, one.last_ms) for one in found] == [
        ("poor", 1, to_ms(NOON + timedelta(days=1))),
        ("rich", 1, to_ms(NOON)),
    ]
    assert [one.id for one in browsing.last_buyers(1)] == ["poor"]


def test_a_row_carries_masked_identifiers_only(browsing: Browsing) -> None:
    rich = next(row for row in browsing.customers(CustomerAsk(id_prefix="ri")).rows)

    assert (rich.masked.name, rich.masked.phone, rich.masked.email) == ("林**", "138****1234", "")


@pytest.mark.parametrize(
    ("ask", "expected"),
    [
        (OrderAsk(), ["b", "c", "a"]),
        (OrderAsk(sort="total", is_descending=True), ["c", "a", "b"]),
        (OrderAsk(sort="id", is_descending=False, offset=1, limit=1), ["b"]),
        (OrderAsk(state=OrderState.CANCELLED), ["c"]),
        (OrderAsk(province="浙江"), ["b"]),
        (OrderAsk(id_prefix="a"), ["a"]),
    ],
)
def test_orders_are_found_and_sorted(browsing: Browsing, ask: OrderAsk, expected: list[str]) -> None:
    assert [row.id for row in browsing.orders(ask).rows] == expected


def test_an_order_that_changed_has_its_new_total(sqlite: Database, browsing: Browsing) -> None:
    some_orders(sqlite).put_orders([an_order("a", customer_id="rich", lines=[a_line(discount_minor=800)])], CONTRACT)

    assert [row.total_minor for row in browsing.orders(OrderAsk(id_prefix="a")).rows] == [8000]


def test_what_a_refuser_did_is_not_read_and_a_stranger_is_unknown(browsing: Browsing) -> None:
    assert browsing.moments(browsing.known("rich").number, "zh") is None
    with pytest.raises(UnknownCustomer):
        browsing.known("nobody")
