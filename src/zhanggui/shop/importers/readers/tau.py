"""tau-retail's db.json: a whole small shop. Source: github.com/sierra-research/tau2-bench (MIT)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from zhanggui.kernel.money import to_minor
from zhanggui.shop.errors import BadFile
from zhanggui.shop.types import (
    Customer,
    Identifiers,
    Offer,
    Order,
    OrderLine,
    OrderState,
    Product,
    ProductText,
    Shipment,
    Variant,
)
from zhanggui.shop.types.base import Fact

from .json_records import read_document

MOMENT = datetime(2024, 5, 15, tzinfo=UTC)
"""The file dates nothing; every order gets this moment, so that importing it again changes nothing."""
_STATES = {
    "pending": OrderState.PENDING,
    "processed": OrderState.SHIPPED,  # policy.md: processed orders have parcels and can no longer be changed
    "delivered": OrderState.DELIVERED,
    "cancelled": OrderState.CANCELLED,
}
_CURRENCY = "USD"


class _Item(msgspec.Struct):
    item_id: str
    options: dict[str, str]
    available: bool
    price: msgspec.Raw


class _Product(msgspec.Struct):
    name: str
    product_id: str
    variants: dict[str, _Item]


class _Name(msgspec.Struct):
    first_name: str
    last_name: str


class _User(msgspec.Struct):
    user_id: str
    name: _Name
    address: dict[str, str]
    email: str
    payment_methods: dict[str, dict[str, object]]


class _Bought(msgspec.Struct):
    product_id: str
    item_id: str
    price: msgspec.Raw


class _Parcel(msgspec.Struct):
    tracking_id: list[str]
    item_ids: list[str]


class _Order(msgspec.Struct):
    order_id: str
    user_id: str
    address: dict[str, str]
    items: list[_Bought]
    status: str
    fulfillments: list[_Parcel]


class TauShop(msgspec.Struct):
    """The file."""

    products: dict[str, _Product]
    users: dict[str, _User]
    orders: dict[str, _Order]


def is_tau(path: Path, encoding: str) -> bool:
    """Whether the document is such a shop, by its three keys."""
    try:
        keys = msgspec.json.decode(read_document(path, encoding), type=dict[str, msgspec.Raw])
    except (msgspec.DecodeError, RecursionError):
        return False
    return {"products", "users", "orders"} <= set(keys)


def tau_facts(path: Path, encoding: str) -> Iterator[tuple[int, Fact]]:
    """Products with offers, customers, orders; a line is the place in its part.

    Raises:
        BadFile: not of this shape.
    """
    try:
        shop = msgspec.json.decode(read_document(path, encoding), type=TauShop)
    except (msgspec.DecodeError, RecursionError) as error:
        raise BadFile(f"{path.name} is not a tau-retail db.json: {error}") from error
    for place, product in enumerate(shop.products.values(), 1):
        yield place, _product(product)
        yield from ((place, _offer(product, item)) for item in product.variants.values())
    yield from ((place, _customer(user)) for place, user in enumerate(shop.users.values(), 1))
    yield from ((place, _order(order)) for place, order in enumerate(shop.orders.values(), 1))


def _product(product: _Product) -> Product:
    variants = tuple(Variant(id=item.item_id, options=item.options) for item in product.variants.values())
    return Product(id=product.product_id, texts={"en": ProductText(title=product.name)}, variants=variants)


def _offer(product: _Product, item: _Item) -> Offer:
    price = bytes(item.price).decode()
    return Offer(
        product_id=product.product_id,
        variant_id=item.item_id,
        currency=_CURRENCY,
        price_minor=to_minor(price, _CURRENCY),
        price_source=price,
        on_hand=None if item.available else 0,
    )


def _customer(user: _User) -> Customer:
    return Customer(
        id=user.user_id,
        identifiers=Identifiers(
            name=f"{user.name.first_name} {user.name.last_name}",
            email=user.email,
            address=msgspec.json.encode(user.address).decode(),
            platform_ids={id_: msgspec.json.encode(how).decode() for id_, how in user.payment_methods.items()},
        ),
        province=user.address.get("state", ""),
        language="en",
    )


def _order(order: _Order) -> Order:
    seen: Counter[str] = Counter()
    lines: list[OrderLine] = []
    by_item: dict[str, list[str]] = {}
    for item in order.items:
        seen[item.item_id] += 1
        id_ = item.item_id if seen[item.item_id] == 1 else f"{item.item_id}#{seen[item.item_id]}"
        by_item.setdefault(item.item_id, []).append(id_)
        price = bytes(item.price).decode()
        lines.append(
            OrderLine(
                id=id_,
                product_id=item.product_id,
                variant_id=item.item_id,
                quantity=1,
                unit_price_minor=to_minor(price, _CURRENCY),
                unit_price_source=price,
            )
        )
    parcels = tuple(
        Shipment(
            id="+".join(parcel.tracking_id),
            line_ids=tuple(dict.fromkeys(id_ for item in parcel.item_ids for id_ in by_item.get(item, ()))),
        )
        for parcel in order.fulfillments
    )
    return Order(
        id=order.order_id,
        customer_id=order.user_id,
        at=MOMENT,
        state=_STATES.get(order.status, OrderState.PENDING),
        currency=_CURRENCY,
        province=order.address.get("state", ""),
        lines=tuple(lines),
        shipments=parcels,
    )
