"""Orders with lines, shipments and returns."""

from __future__ import annotations

import enum
from typing import Annotated

import msgspec

from .base import MAX_MINOR, Currency, Decimal, Fact, Id, Minor, Moment, Name, Quantity, ShortText, Text
from .people import LegalBasis


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

    def __post_init__(self) -> None:
        if not -MAX_MINOR <= self.worth_minor <= MAX_MINOR:
            raise ValueError(f"line {self.id!r} is worth more than {MAX_MINOR} minor units")

    @property
    def worth_minor(self) -> int:
        """What it comes to, in minor units: its pieces less its discount."""
        return self.quantity * self.unit_price_minor - self.discount_minor


class Shipment(Fact, frozen=True, kw_only=True):
    """A parcel."""

    id: Id
    carrier: ShortText = ""
    shipped_at: Moment | None = None
    delivered_at: Moment | None = None
    line_ids: tuple[Id, ...] = ()


class Order(Fact, frozen=True, kw_only=True):
    """A purchase. Without a customer it is a guest's."""

    id: Id
    customer_id: Id | None = None
    visitor_id: Id | None = None
    at: Moment
    state: OrderState = OrderState.PAID
    currency: Currency = "CNY"
    market: Name = "default"
    channel: Name = "default"
    province: ShortText = ""
    city_tier: Annotated[int, msgspec.Meta(ge=1, le=6)] | None = None
    lines: Annotated[tuple[OrderLine, ...], msgspec.Meta(max_length=10_000)]
    shipments: tuple[Shipment, ...] = ()
    basis: LegalBasis | None = None  # of this row alone, as an export names it; else that of the whole import

    def __post_init__(self) -> None:
        _require_distinct(self.lines)

    @property
    def worth_minor(self) -> int:
        """What its lines come to, in minor units."""
        return sum(line.worth_minor for line in self.lines)


class Return(Fact, frozen=True, kw_only=True):
    """Goods that came back, or a cancelled invoice. `order_id` is None when the source does not say which order."""

    id: Id
    order_id: Id | None = None
    customer_id: Id | None = None
    at: Moment
    currency: Currency = "CNY"
    reason: Text = ""
    lines: Annotated[tuple[OrderLine, ...], msgspec.Meta(max_length=10_000)]  # quantities positive: what came back
    basis: LegalBasis | None = None

    def __post_init__(self) -> None:
        _require_distinct(self.lines)

    @property
    def worth_minor(self) -> int:
        """What its lines come to, in minor units."""
        return sum(line.worth_minor for line in self.lines)


def _require_distinct(lines: tuple[OrderLine, ...]) -> None:
    if len({line.id for line in lines}) != len(lines):
        raise ValueError("two lines have the same id; number them within their order")
