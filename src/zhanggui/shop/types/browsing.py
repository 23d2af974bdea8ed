"""Facts as people look through them: what they ask for, and rows that are short enough for a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, Literal, TypeVar

import msgspec

from .orders import OrderState
from .products import ProductState

R = TypeVar("R")

ProductStanding = Literal["on_sale", "sold_out", "off_sale"]
"""Can be bought; would be for sale, and nothing is left; paused or gone."""


class Rows(msgspec.Struct, Generic[R], frozen=True):
    """Some rows, and how many there are in all."""

    rows: Sequence[R]
    total: int


class ProductAsk(msgspec.Struct, frozen=True, kw_only=True):
    """Which products, in which order. `words` stand in the title or the id; `sort` is a field of `ProductRow`."""

    words: str = ""
    category: str = ""  # the key of a chip
    standing: ProductStanding | None = None
    sort: str = ""
    is_descending: bool = False
    offset: int = 0
    limit: int = 50


class ProductRow(msgspec.Struct, frozen=True, kw_only=True):
    """A product in a list. `price_minor` is the lowest in force and `available` what may be sold; None for unknown."""

    id: str
    title: str
    category: str
    picture: str
    price_minor: int | None
    available: int | None
    sold: int  # units of the last 30 days, cancelled orders left out
    state: ProductState
    standing: ProductStanding


class OrderAsk(msgspec.Struct, frozen=True, kw_only=True):
    """Which orders, in which order: `sort` is `at`, `total` or `id`. Moments are epoch ms, `until_ms` is excluded."""

    id_prefix: str = ""
    state: OrderState | None = None
    province: str = ""
    from_ms: int | None = None
    until_ms: int | None = None
    sort: str = "at"
    is_descending: bool = True
    offset: int = 0
    limit: int = 50


class OrderRow(msgspec.Struct, frozen=True, kw_only=True):
    """An order in a list. Without a customer it is a guest's."""

    id: str
    at_ms: int
    state: OrderState
    customer_id: str | None
    province: str
    channel: str
    units: int
    total_minor: int
    currency: str


class CustomerAsk(msgspec.Struct, frozen=True, kw_only=True):
    """Which customers, in which order: `sort` is `joined`, `orders`, `spent`, `last`, or empty as they came.

    `id_prefix` may also be a whole name, nickname, phone or e-mail address.
    """

    id_prefix: str = ""
    province: str = ""
    sort: str = ""
    is_descending: bool = False
    offset: int = 0
    limit: int = 50


class Masked(msgspec.Struct, frozen=True, kw_only=True):
    """Direct identifiers as anybody who may see people sees them; empty where there are none."""

    name: str = ""
    nickname: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""


class CustomerRow(msgspec.Struct, frozen=True, kw_only=True):
    """A customer in a list; cancelled orders do not count. `called` is masked, and the id where nothing is known."""

    id: str
    called: str
    masked: Masked
    province: str
    city_tier: int | None
    joined_ms: int | None
    orders: int
    spent_minor: int
    last_ms: int | None


class Buyer(msgspec.Struct, frozen=True, kw_only=True):
    """A customer who bought lately, with the orders that were not cancelled."""

    id: str
    orders: int
    last_ms: int


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What the shop holds of a customer, and on what basis; `is_held` is false for one that only orders name.

    `called` is masked, and the id where nothing is known.
    """

    number: int
    id: str
    called: str
    is_held: bool
    masked: Masked
    province: str = ""
    city_tier: int | None = None
    age_band: str | None = None
    gender: str | None = None
    language: str = ""
    joined_ms: int | None = None
    basis: str = ""
    notice: str = ""


class Spending(msgspec.Struct, frozen=True, kw_only=True):
    """What orders come to, cancelled ones left out."""

    orders: int = 0
    spent_minor: int = 0
    first_ms: int | None = None
    last_ms: int | None = None


class Moment(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that a shopper did with a product; `kind` is an `EventName`."""

    seq: int
    kind: str
    at_ms: int
    product_id: str
    title: str
    value_minor: int


class LinkedVisitor(msgspec.Struct, frozen=True, kw_only=True):
    """A browser that a login says is this customer's; `is_in_force` until it was undone, or another took it over."""

    link_id: str
    visitor_id: str
    at_ms: int
    is_in_force: bool
