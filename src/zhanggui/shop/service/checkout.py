"""Placing an order at the shop's own checkout: priced, counted, allocated and stored in one commit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from zhanggui.kernel.clock import Clock, to_ms
from zhanggui.kernel.db import Database
from zhanggui.kernel.errors import Kind
from zhanggui.kernel.privacy import Purpose
from zhanggui.shop.engines.buying import offers_in_force, offers_of_variant, units_available
from zhanggui.shop.errors import ShopError, UnknownOrder
from zhanggui.shop.tables.order_reading import order_by_id
from zhanggui.shop.tables.orders import store_orders
from zhanggui.shop.tables.products import offers_of, product_numbers, products_by_id
from zhanggui.shop.tables.returning import ALL_MAY_RETURN, Returning
from zhanggui.shop.tables.stock import Allocation, allocate, hold_offers
from zhanggui.shop.types import ItemType, LegalBasis, Offer, Order, OrderLine, OrderState, Product, ProductState
from zhanggui.shop.types.buying import OrderedUnits, PlaceOrder

from .checking import checked

MARKET = "default"
CONTRACT = LegalBasis(kind="contract")


class NotForSale(ShopError):
    """The product, or the variant, cannot be bought now."""

    code, kind = "shop.not_for_sale", Kind.CONFLICT


class OutOfStock(ShopError):
    """Fewer units are left than were ordered."""

    code, kind = "shop.out_of_stock", Kind.CONFLICT


class PriceHasChanged(ShopError):
    """The price is another than the one that the shopper saw."""

    code, kind = "shop.price_has_changed", Kind.CONFLICT


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkout:
    """Takes orders. Nothing is charged: the order is `pending` until the shop says that it was paid."""

    db: Database
    clock: Clock
    returning: Returning = ALL_MAY_RETURN

    def place(self, wanted: PlaceOrder) -> Order:
        """Place an order; placing the same one again gives the one that stands.

        Raises:
            InvalidFact: it does not fit.
            NotForSale: a product or variant cannot be bought, or the lines are not in one currency.
            PriceHasChanged: a price is not the one that the shopper saw.
            OutOfStock: fewer units are left than were ordered.
            UnknownOrder: the id is that of somebody else's order.
        """
        (ask,) = checked([wanted], PlaceOrder)
        return self.db.write(lambda db: self._placed(db, ask))

    def _placed(self, db: sa.Connection, ask: PlaceOrder) -> Order:
        numbers = product_numbers(db, {line.product_id for line in ask.lines})
        hold_offers(db, numbers.values())  # before looking for the order: of two sent at once the second waits here
        held = order_by_id(db, ask.id, purpose=Purpose.SERVICE)
        if held is not None:
            if (held.order.customer_id, held.order.visitor_id) != (ask.customer_id, ask.visitor_id):
                raise UnknownOrder(f"No order of yours has the id {ask.id!r}.", hint="Begin the checkout anew.")
            return held.order
        offers = self._bought(db, ask, numbers)
        if len({offer.currency for offer in offers}) > 1:
            raise NotForSale("The products are not priced in one currency.", hint="Order them one by one.")
        order = Order(
            id=ask.id,
            customer_id=ask.customer_id,
            visitor_id=ask.visitor_id,
            at=self.clock(),
            state=OrderState.PENDING,
            currency=offers[0].currency,
            market=MARKET,
            channel=ask.channel,
            province=ask.province,
            city_tier=ask.city_tier,
            lines=tuple(_line(n, line) for n, line in enumerate(ask.lines, start=1)),
        )
        store_orders(db, self.returning.without_erased(db, [order]), CONTRACT, to_ms(self.clock()))
        return order

    def _bought(self, db: sa.Connection, ask: PlaceOrder, numbers: dict[str, int]) -> list[Offer]:
        """The offer of each line, once its units are allocated."""
        products = products_by_id(db, numbers)
        bought = []
        for n, line in enumerate(ask.lines, start=1):
            product = products.get(line.product_id)
            number = numbers.get(line.product_id, 0)
            # Read anew for each line: two lines of one variant draw on one stock.
            standing = offers_in_force(offers_of(db, {line.product_id: number}), self.clock(), MARKET)
            offers = offers_of_variant(standing, line.variant_id)
            bought.append(_judged(line, product, offers))
            allocate(db, Allocation(ask.id, str(n), number, offers[0].variant_id, MARKET, line.quantity))
        return bought


def _judged(line: OrderedUnits, product: Product | None, offers: Sequence[Offer]) -> Offer:
    """The offer by which a line is bought.

    Raises:
        NotForSale, PriceHasChanged, OutOfStock: it cannot be.
    """
    params = {"product_id": line.product_id}
    variants = set() if product is None else {variant.id for variant in product.variants}
    is_sold = product is not None and product.item_type is ItemType.PRODUCT
    is_there = product is not None and is_sold and product.state is ProductState.ACTIVE and bool(offers)
    if not is_there or (line.variant_id is not None and line.variant_id not in variants):
        raise NotForSale(
            f"{line.product_id!r} cannot be bought now.", hint="Take it out of the cart, and go on.", params=params
        )
    if offers[0].price_minor != line.unit_price_minor:
        raise PriceHasChanged(
            f"The price of {line.product_id!r} has changed to {offers[0].price_minor} minor units.",
            hint="Look at the cart again before you order.",
            params=params,
        )
    units = units_available(offers)
    if units is not None and units < line.quantity:
        raise OutOfStock(
            f"{units} units of {line.product_id!r} are left; {line.quantity} were ordered.",
            hint="Order fewer.",
            params={**params, "left": str(units), "ordered": str(line.quantity)},
        )
    return offers[0]


def _line(n: int, line: OrderedUnits) -> OrderLine:
    return OrderLine(
        id=str(n),
        product_id=line.product_id,
        variant_id=line.variant_id,
        quantity=line.quantity,
        unit_price_minor=line.unit_price_minor,
    )
