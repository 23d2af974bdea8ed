"""Orders with lines, shipments and returns."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Annotated

import msgspec

from .base import Currency, Decimal, Fact, Id, Minor, Quantity, ShortText, Text


class OrderState(enum.StrEnum):
    """Where an order stands."""

    PENDING = "pending"
    PAID = "paid"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"


class OrderLine(Fact, frozen=True, kw_only=True):
    """One line (订单行); its key is the order and `id`. Exact repeats are lines of their own."""

    id: Id
    product_id: Id
    variant_id: Id | None = None
    quantity: Quantity
    unit_price_minor: Minor
    unit_price_source: Decimal | None = None
    discount_minor: Minor = 0


class Shipment(Fact, frozen=True, kw_only=True):
    """A parcel."""

    id: Id
    carrier: ShortText = ""
    shipped_at: datetime | None = None
    delivered_at: datetime | None = None
    line_ids: tuple[Id, ...] = ()


class Order(Fact, frozen=True, kw_only=True):
    """A purchase. Without a customer it is a guest's."""

    id: Id
    customer_id: Id | None = None
    visitor_id: Id | None = None
    at: datetime
    state: OrderState = OrderState.PAID
    currency: Currency = "CNY"
    market: ShortText = "default"
    channel: ShortText = "default"
    province: ShortText = ""
    city_tier: Annotated[int, msgspec.Meta(ge=1, le=6)] | None = None
    lines: Annotated[tuple[OrderLine, ...], msgspec.Meta(max_length=10_000)]
    shipments: tuple[Shipment, ...] = ()


class Return(Fact, frozen=True, kw_only=True):
    """Goods that came back, or a cancelled invoice. `order_id` is None when the source does not say which order."""

    id: Id
    order_id: Id | None = None
    customer_id: Id | None = None
    at: datetime
    currency: Currency = "CNY"
    reason: Text = ""
    lines: Annotated[tuple[OrderLine, ...], msgspec.Meta(max_length=10_000)]  # quantities positive: what came back
