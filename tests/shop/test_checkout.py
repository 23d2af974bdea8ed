from __future__ import annotations

import pytest
from msgspec import structs
from tests.shop.builders import (
    CONTRACT,
    NOON,
    a_catalogue,
    a_line,
    a_product,
    an_offer,
    an_order,
    at_noon,
    some_orders,
    the_history,
)

from zhanggui.kernel.db import Database
from zhanggui.kernel.privacy import Purpose
from zhanggui.shop import InvalidFact, ItemType, OrderState, ProductState, Shipment, UnknownOrder, Variant
from zhanggui.shop.errors import OrderIsShipped
from zhanggui.shop.service.checkout import Checkout, NotForSale, OutOfStock, PriceHasChanged
from zhanggui.shop.types.buying import OrderedUnits, PlaceOrder


def a_checkout(db: Database, *, on_hand: int | None = 5, **more: object) -> Checkout:
    catalogue = a_catalogue(db)
    catalogue.put_products([a_product("longjing", variants=(Variant(id="50g"),))])
    catalogue.put_offers([an_offer("longjing", on_hand=on_hand, **more)])
    return Checkout(db=db, clock=at_noon)


def an_ask(id: str = "o1", *, quantity: int = 1, price: int = 8800, **more: object) -> PlaceOrder:  # noqa: A002
    line = {"product_id": "longjing", **{name: more.pop(name) for name in ("product_id", "variant_id") if name in more}}
    more.setdefault("visitor_id", "v1")
    return PlaceOrder(id=id, lines=(OrderedUnits(**line, quantity=quantity, unit_price_minor=price),), **more)  # type: ignore[arg-type]


def allocated(db: Database) -> int:
    return a_catalogue(db).offers(["longjing"])[0].allocated


def test_an_order_stands_unpaid_with_its_units_allocated_and_its_purchase_told(any_database: Database) -> None:
    placed = a_checkout(any_database).place(an_ask(quantity=2, province="浙江", city_tier=1))

    assert some_orders(any_database).order("o1", purpose=Purpose.SERVICE) == placed
    assert (placed.state, placed.at, placed.province, placed.city_tier) == (OrderState.PENDING, NOON, "浙江", 1)
    assert allocated(any_database) == 2
    assert len(the_history(any_database)) == 1


def test_the_same_order_sent_twice_is_one(any_database: Database) -> None:
    checkout = a_checkout(any_database)

    assert checkout.place(an_ask(quantity=2)) == checkout.place(an_ask(quantity=2))
    assert allocated(any_database) == 2


def test_somebody_elses_order_is_neither_shown_nor_changed(any_database: Database) -> None:
    checkout = a_checkout(any_database)
    checkout.place(an_ask())

    with pytest.raises(UnknownOrder):
        checkout.place(an_ask(visitor_id="v2"))


def test_more_than_is_left_is_refused_and_nothing_is_allocated(any_database: Database) -> None:
    with pytest.raises(OutOfStock) as refused:
        a_checkout(any_database).place(an_ask(quantity=6))

    assert refused.value.params["left"] == "5"
    assert allocated(any_database) == 0


def test_an_article_is_not_sold_whatever_offer_it_has(any_database: Database) -> None:
    checkout = a_checkout(any_database)
    a_catalogue(any_database).put_products([a_product("longjing", item_type=ItemType.ARTICLE)])

    with pytest.raises(NotForSale):
        checkout.place(an_ask())


def test_two_lines_of_one_stock_count_together(any_database: Database) -> None:
    line = OrderedUnits(product_id="longjing", quantity=3, unit_price_minor=8800)

    with pytest.raises(OutOfStock):
        a_checkout(any_database).place(PlaceOrder(id="o1", visitor_id="v1", lines=(line, line)))


def test_what_the_shop_does_not_count_is_always_there(any_database: Database) -> None:
    a_checkout(any_database, on_hand=None).place(an_ask(quantity=999))

    assert allocated(any_database) == 0


def test_a_price_that_has_changed_is_never_charged(any_database: Database) -> None:
    with pytest.raises(PriceHasChanged):
        a_checkout(any_database).place(an_ask(price=100))


def test_a_variant_without_an_offer_of_its_own_is_bought_by_that_of_the_product(any_database: Database) -> None:
    placed = a_checkout(any_database).place(an_ask(variant_id="50g"))

    assert placed.lines[0].variant_id == "50g"
    assert allocated(any_database) == 1


@pytest.mark.parametrize("line", [{"product_id": "nothing"}, {"variant_id": "nothing"}])
def test_what_there_is_not_cannot_be_bought(any_database: Database, line: dict[str, str]) -> None:
    with pytest.raises(NotForSale):
        a_checkout(any_database).place(an_ask(**line))


def test_what_is_paused_cannot_be_bought(any_database: Database) -> None:
    checkout = a_checkout(any_database)
    a_catalogue(any_database).put_products([a_product("longjing", state=ProductState.PAUSED)])

    with pytest.raises(NotForSale):
        checkout.place(an_ask())


@pytest.mark.parametrize("quantity", [0, -1, 1000, 2**40])
def test_absurd_quantities_are_refused(any_database: Database, quantity: int) -> None:
    with pytest.raises(InvalidFact):
        a_checkout(any_database).place(an_ask(quantity=quantity))


def test_calling_an_order_off_gives_its_units_back_and_taking_that_back_allocates_them_again(
    any_database: Database,
) -> None:
    a_checkout(any_database).place(an_ask(quantity=2))
    orders = some_orders(any_database)

    assert orders.cancel("o1") == orders.cancel("o1")
    assert (orders.order("o1", purpose=Purpose.SERVICE).state, allocated(any_database)) == (OrderState.CANCELLED, 0)
    assert orders.reinstate("o1") == orders.reinstate("o1")
    assert (orders.order("o1", purpose=Purpose.SERVICE).state, allocated(any_database)) == (OrderState.PENDING, 2)
    assert [told[2] for told in the_history(any_database)] == ["purchase", "refund", "purchase"]


def test_an_order_that_comes_again_as_called_off_gives_its_units_back_once(any_database: Database) -> None:
    checkout = a_checkout(any_database)
    placed, _ = checkout.place(an_ask(quantity=2)), checkout.place(an_ask("o2", quantity=3))
    orders = some_orders(any_database)

    for state in (OrderState.PAID, OrderState.CANCELLED, OrderState.CANCELLED):
        orders.put_orders([structs.replace(placed, state=state)], CONTRACT)

    assert allocated(any_database) == 3


def test_a_line_that_is_taken_out_or_made_smaller_gives_its_units_back(any_database: Database) -> None:
    line = OrderedUnits(product_id="longjing", quantity=2, unit_price_minor=8800)
    placed = a_checkout(any_database).place(PlaceOrder(id="o1", visitor_id="v1", lines=(line, line)))
    fewer = structs.replace(placed.lines[0], quantity=1)

    some_orders(any_database).put_orders([structs.replace(placed, lines=(fewer,))], CONTRACT)

    assert allocated(any_database) == 1


def test_units_that_a_new_count_forgot_are_not_given_back_twice(any_database: Database) -> None:
    a_checkout(any_database).place(an_ask(quantity=2))
    a_catalogue(any_database).put_offers([an_offer("longjing", on_hand=5)])

    some_orders(any_database).cancel("o1")

    assert allocated(any_database) == 0


def test_a_variant_bought_by_the_offer_of_its_product_gives_back_there(any_database: Database) -> None:
    a_checkout(any_database).place(an_ask(variant_id="50g"))

    some_orders(any_database).cancel("o1")

    assert allocated(any_database) == 0


def test_an_order_is_not_taken_up_again_once_its_units_are_sold(any_database: Database) -> None:
    checkout = a_checkout(any_database)
    checkout.place(an_ask(quantity=3))
    orders = some_orders(any_database)
    orders.cancel("o1")
    checkout.place(an_ask("o2", quantity=3))

    with pytest.raises(OutOfStock):
        orders.reinstate("o1")
    assert (orders.order("o1", purpose=Purpose.SERVICE).state, allocated(any_database)) == (OrderState.CANCELLED, 3)


def test_what_is_on_its_way_is_not_called_off(any_database: Database) -> None:
    a_checkout(any_database).place(an_ask())
    orders = some_orders(any_database)
    orders.record_shipment("o1", Shipment(id="sf1"))

    with pytest.raises(OrderIsShipped):
        orders.cancel("o1")


def test_orders_from_elsewhere_touch_no_stock(any_database: Database) -> None:
    a_checkout(any_database).place(an_ask(quantity=2))
    orders = some_orders(any_database)
    orders.put_orders([an_order("theirs", lines=[a_line(product_id="longjing")])], CONTRACT)

    orders.cancel("theirs")

    assert allocated(any_database) == 2


def test_a_shoppers_orders_come_newest_first_and_are_nobody_elses(any_database: Database) -> None:
    orders = some_orders(any_database)
    a_checkout(any_database).place(an_ask("guest"))
    mine = [an_order("first", customer_id="u1"), an_order("second", customer_id="u1"), an_order("u2", customer_id="u2")]
    for order in mine:
        orders.put_orders([order], CONTRACT)

    assert [order.id for order in orders.of_shopper(customer_id="u1", purpose=Purpose.SERVICE)] == ["second", "first"]
    assert [order.id for order in orders.of_shopper(visitor_id="v1", purpose=Purpose.SERVICE)] == ["guest"]
    assert (
        orders.of_shopper(visitor_id="v9", purpose=Purpose.SERVICE) == orders.of_shopper(purpose=Purpose.SERVICE) == []
    )
