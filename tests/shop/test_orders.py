from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import msgspec
import pytest
from tests.shop.builders import (
    CONTRACT,
    NOON,
    a_catalogue,
    a_line,
    a_product,
    a_return,
    an_order,
    some_orders,
    the_history,
)

from zhanggui.kernel.db import Database
from zhanggui.kernel.privacy import Purpose
from zhanggui.shop import (
    InvalidFact,
    LegalBasis,
    Order,
    OrderIsCancelled,
    OrderLine,
    OrderState,
    PurposeRefused,
    PutReport,
    Shipment,
    UnknownOrder,
    UnknownReturn,
)
from zhanggui.shop.tables.products import product_numbers


def test_an_order_comes_back_as_it_was_put(any_database: Database) -> None:
    orders = some_orders(any_database)
    order = Order(
        id="订单 1",
        customer_id="u1",
        visitor_id="v1",
        at=NOON,
        state=OrderState.SHIPPED,
        currency="GBP",
        market="uk",
        channel="web",
        province="浙江",
        city_tier=2,
        lines=(
            OrderLine(
                id="b", product_id="p2", variant_id="500g", quantity=3, unit_price_minor=255, unit_price_source="2.5501"
            ),
            a_line("p1", id="a", discount_minor=100),
        ),
        shipments=(Shipment(id="s1", carrier="顺丰", shipped_at=NOON, line_ids=("a",)),),
    )

    assert orders.put_orders([order], CONTRACT) == PutReport(created=1)
    assert orders.order("订单 1", purpose=Purpose.SERVICE) == order
    assert orders.put_orders([order], CONTRACT) == PutReport(unchanged=1)


def test_each_new_line_stands_in_the_history_of_who_bought(any_database: Database) -> None:
    lines = [a_line("p1", id="1", quantity=2, unit_price_minor=500, discount_minor=100), a_line("p2", id="2")]

    some_orders(any_database).put_orders(
        [
            an_order("a", customer_id="u1", visitor_id="v1", lines=lines),
            an_order("b", visitor_id="v1", lines=lines[1:]),
            an_order("c", lines=lines[1:]),
        ],
        CONTRACT,
    )

    assert the_history(any_database) == [
        ("u1", "p1", "purchase", 2, 900),
        ("u1", "p2", "purchase", 1, 8800),
        ("v1", "p2", "purchase", 1, 8800),
        ("order:c", "p2", "purchase", 1, 8800),
    ]


def test_cancelling_an_order_refunds_its_lines_once(any_database: Database) -> None:
    orders = some_orders(any_database)
    orders.put_orders([an_order(customer_id="u1")], CONTRACT)
    cancelled = an_order(customer_id="u1", state=OrderState.CANCELLED)

    orders.put_orders([cancelled], CONTRACT)
    orders.put_orders([cancelled], LegalBasis(kind="public-data"))

    assert [row[2] for row in the_history(any_database)] == ["purchase", "refund"]
    assert orders.order("o1", purpose=Purpose.SERVICE) == cancelled


def test_an_order_that_comes_cancelled_was_never_bought(sqlite: Database) -> None:
    orders = some_orders(sqlite)

    orders.put_orders([an_order(state=OrderState.CANCELLED)], CONTRACT)
    assert the_history(sqlite) == []
    orders.put_orders([an_order(state=OrderState.PAID)], CONTRACT)

    assert [row[2] for row in the_history(sqlite)] == ["purchase"]


def test_lines_taken_out_are_refunded_and_changed_ones_put_anew(any_database: Database) -> None:
    orders = some_orders(any_database)
    lines = [a_line("p1", id="1"), a_line("p2", id="2", quantity=2), a_line("p3", id="3")]
    orders.put_orders([an_order(customer_id="u1", lines=lines)], CONTRACT)
    changed = an_order(customer_id="u1", lines=[a_line("p2", id="2", quantity=5), lines[2], a_line("p4", id="4")])

    assert orders.put_orders([changed], CONTRACT) == PutReport(updated=1)

    assert orders.order("o1", purpose=Purpose.SERVICE) == changed
    assert the_history(any_database)[3:] == [
        ("u1", "p1", "refund", 1, 8800),
        ("u1", "p2", "refund", 2, 17600),
        ("u1", "p2", "purchase", 5, 44000),
        ("u1", "p4", "purchase", 1, 8800),
    ]


def test_an_order_may_lose_all_its_lines(sqlite: Database) -> None:
    orders = some_orders(sqlite)
    orders.put_orders([an_order(customer_id="u1")], CONTRACT)

    orders.put_orders([an_order(customer_id="u1", lines=[])], CONTRACT)

    assert orders.order("o1", purpose=Purpose.SERVICE).lines == ()
    assert [row[2] for row in the_history(sqlite)] == ["purchase", "refund"]


def test_an_order_that_turns_out_to_be_a_customers_moves_to_their_history(sqlite: Database) -> None:
    orders = some_orders(sqlite)
    orders.put_orders([an_order(lines=[a_line("p1")])], CONTRACT)

    orders.put_orders([an_order(customer_id="u1", lines=[a_line("p1")])], CONTRACT)

    assert [row[:3] for row in the_history(sqlite)[1:]] == [("order:o1", "p1", "refund"), ("u1", "p1", "purchase")]


def test_lines_that_move_no_goods_forward_are_kept_but_are_nothing_a_shopper_did(sqlite: Database) -> None:
    orders = some_orders(sqlite)
    booking = an_order(lines=[a_line("p1", id="1", quantity=-3), a_line("p1", id="2", quantity=0)])

    orders.put_orders([booking], CONTRACT)

    assert orders.order("o1", purpose=Purpose.SERVICE) == booking
    assert the_history(sqlite) == []


def test_an_order_gives_an_unknown_product_its_number(sqlite: Database) -> None:
    some_orders(sqlite).put_orders([an_order(lines=[a_line("early")])], CONTRACT)

    a_catalogue(sqlite).put_products([a_product("early")])

    with sqlite.read() as db:
        assert product_numbers(db, ["early"]) == {"early": 1}


def test_a_return_is_a_refund_to_its_buyer(any_database: Database) -> None:
    orders = some_orders(any_database)
    orders.put_orders([an_order("o1", customer_id="u1"), an_order("o2")], CONTRACT)
    returns = [
        a_return("r1", order_id="o1", reason="尺码不合"),
        a_return("r2", order_id="o2"),
        a_return("r3", order_id="not-imported"),
        a_return("r4"),
        a_return("r5", customer_id="u9", order_id="o1"),
    ]

    assert orders.put_returns(returns, CONTRACT) == PutReport(created=5)
    assert orders.put_returns(returns, CONTRACT) == PutReport(unchanged=5)

    refunds = [row[0] for row in the_history(any_database) if row[2] == "refund"]
    assert refunds == ["u1", "order:o2", "order:not-imported", "return:r4", "u9"]
    assert orders.returns(purpose=Purpose.SERVICE) == returns
    assert orders.returns(order_id="o1", purpose=Purpose.SERVICE) == [returns[0], returns[4]]
    assert orders.returns(after="r1", limit=2, purpose=Purpose.SERVICE) == returns[1:3]


def test_a_line_taken_out_of_a_return_was_bought_after_all(sqlite: Database) -> None:
    orders = some_orders(sqlite)
    orders.put_returns([a_return(customer_id="u1")], CONTRACT)

    orders.put_returns([a_return(customer_id="u1", lines=[])], CONTRACT)

    assert [row[2] for row in the_history(sqlite)] == ["refund", "purchase"]


def test_a_parcel_ships_an_order_and_its_arrival_delivers_it(sqlite: Database) -> None:
    orders = some_orders(sqlite)
    orders.put_orders([an_order()], LegalBasis(kind="consent", notice="v1"))

    shipped = orders.record_shipment("o1", Shipment(id="s1", shipped_at=NOON))
    delivered = orders.record_shipment("o1", Shipment(id="s1", shipped_at=NOON, delivered_at=NOON))

    assert (shipped.state, delivered.state) == (OrderState.SHIPPED, OrderState.DELIVERED)
    assert orders.order("o1", purpose=Purpose.SERVICE) == delivered
    assert len(delivered.shipments) == 1
    assert len(the_history(sqlite)) == 1


def test_nothing_ships_for_a_cancelled_order(sqlite: Database) -> None:
    orders = some_orders(sqlite)
    orders.put_orders([an_order(state=OrderState.CANCELLED)], CONTRACT)

    with pytest.raises(OrderIsCancelled):
        orders.record_shipment("o1", Shipment(id="s1"))


def test_orders_are_listed_in_the_order_they_came_and_by_customer(any_database: Database) -> None:
    orders = some_orders(any_database)
    orders.put_orders([an_order(f"o{n}", customer_id=f"u{n % 2}") for n in range(5)], CONTRACT)

    assert [one.id for one in orders.orders(after="o1", limit=2, purpose=Purpose.SERVICE)] == ["o2", "o3"]
    assert [one.id for one in orders.orders(customer_id="u1", purpose=Purpose.SERVICE)] == ["o1", "o3"]
    assert orders.orders(customer_id="u7", purpose=Purpose.SERVICE) == []


def test_orders_serve_the_service_alone_without_consent(sqlite: Database) -> None:
    orders = some_orders(sqlite)
    orders.put_orders([an_order()], CONTRACT)

    assert orders.orders(purpose=Purpose.MARKETING) == []
    with pytest.raises(PurposeRefused):
        orders.order("o1", Purpose.TRAINING)


def test_unknown_ids_are_named(sqlite: Database) -> None:
    orders = some_orders(sqlite)

    for ask in (
        lambda: orders.order("x", purpose=Purpose.SERVICE),
        lambda: orders.orders(after="x", purpose=Purpose.SERVICE),
        lambda: _ship(orders),
    ):
        with pytest.raises(UnknownOrder, match="'x'"):
            ask()
    with pytest.raises(UnknownReturn, match="'x'"):
        orders.returns(after="x", purpose=Purpose.SERVICE)


def _ship(orders: object) -> object:
    return orders.record_shipment("x", Shipment(id="s"))  # type: ignore[attr-defined]


def test_two_lines_of_one_id_are_refused() -> None:
    with pytest.raises(ValueError, match="same id"):
        an_order(lines=[a_line(id="1"), a_line(id="1")])


def test_an_order_is_worth_its_lines_less_their_discounts() -> None:
    lines = (
        OrderLine(id="1", product_id="tea", quantity=3, unit_price_minor=500, discount_minor=100),
        OrderLine(id="2", product_id="cup", quantity=-1, unit_price_minor=200),
    )

    assert [line.worth_minor for line in lines] == [1_400, -200]
    assert Order(id="o1", at=datetime(2026, 1, 5, tzinfo=UTC), lines=lines).worth_minor == 1_200


def test_a_line_worth_more_than_can_be_counted_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError, match="worth more"):
        msgspec.convert({"id": "1", "product_id": "p", "quantity": 2**31 - 1, "unit_price_minor": 2**53}, OrderLine)


def test_an_order_that_does_not_fit_is_refused(sqlite: Database) -> None:
    with pytest.raises(InvalidFact, match=r"\$\[0\].*city_tier"):
        some_orders(sqlite).put_orders([an_order(city_tier=9)], CONTRACT)


def test_an_equal_order_in_another_spelling_is_no_change(sqlite: Database) -> None:
    orders = some_orders(sqlite)
    orders.put_orders([an_order()], CONTRACT)
    in_shanghai = NOON.astimezone(timezone(timedelta(hours=8)))
    spelt_out = msgspec.structs.replace(an_order(at=in_shanghai), currency="".join(["C", "N", "Y"]))

    assert orders.put_orders([spelt_out], CONTRACT) == PutReport(unchanged=1)
