"""What a shop's own rows say at the first look, with the names of the things that they are about."""

from __future__ import annotations

from datetime import date

import msgspec


class ProductName(msgspec.Struct, frozen=True, kw_only=True):
    """A product as people call it."""

    id: str
    title: str


class SoonOut(msgspec.Struct, frozen=True, kw_only=True):
    """A product whose stock lasts less than a week. `lost_minor` is the margin of the days without it."""

    product: ProductName
    available: int
    per_day: float
    days_left: float
    lost_minor: int | None


class DeadStock(msgspec.Struct, frozen=True, kw_only=True):
    """A product that sold and no longer does. `tied_minor` is what its stock cost."""

    product: ProductName
    sold_before: int
    idle_days: int
    available: int | None
    tied_minor: int | None


class BoughtTogether(msgspec.Struct, frozen=True, kw_only=True):
    """Two products that stand in one order `lift` times as often as chance would have it."""

    first: ProductName
    second: ProductName
    together: int
    of_first: int
    of_second: int
    lift: float


class LapsedRegulars(msgspec.Struct, frozen=True, kw_only=True):
    """Customers of three orders or more who stay away for longer than twice their own interval; nobody by name.

    `yearly_minor` is what they together used to spend in a year.
    """

    people: int
    orders: int
    yearly_minor: int


class Discoveries(msgspec.Struct, frozen=True, kw_only=True):
    """First findings, each list with the most money first. Amounts are minor units of `currency`.

    `first_day` and `last_day` bound the order lines that were looked at, in the shop's days; None without any.
    """

    currency: str
    lines: int
    first_day: date | None
    last_day: date | None
    soon_out: tuple[SoonOut, ...]
    dead_stock: tuple[DeadStock, ...]
    bought_together: tuple[BoughtTogether, ...]
    lapsed: LapsedRegulars | None
