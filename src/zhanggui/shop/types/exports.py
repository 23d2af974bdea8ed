"""What an export takes and tells."""

from __future__ import annotations

import enum
from pathlib import Path
from typing import Literal

import msgspec

from zhanggui.kernel.acts import EventName
from zhanggui.kernel.ids import Ulid

from .base import Fact, Id, Moment
from .events import EVENT_SCHEMA, EventContext


class ExportKind(enum.StrEnum):
    """What can be exported, in the order in which a new shop should take it in."""

    PRODUCTS = "products"
    OFFERS = "offers"
    LABELS = "labels"
    RIVAL_PRICES = "rival-prices"
    CUSTOMERS = "customers"
    LINKS = "links"
    ORDERS = "orders"
    RETURNS = "returns"
    REVIEWS = "reviews"
    QUESTIONS = "questions"
    EVENTS = "events"


class ExportFormat(enum.StrEnum):
    """How a file is written; its name ends so."""

    JSONL = "jsonl"
    PARQUET = "parquet"
    CSV = "csv"


class PastEvent(Fact, frozen=True, kw_only=True):
    """An event as the history keeps it; what its sender called it is forgotten after 30 days.

    `derived_from` says that a line of an order or return told it: whoever reads both must count one of them.
    """

    name: EventName
    at: Moment
    customer_id: Id | None = None
    visitor_id: str | None = None  # not an `Id`: a guest's is longer than any that a merchant gives
    product_id: Id | None = None
    quantity: int | None = None
    value_minor: int | None = None
    currency: str | None = None
    engagement_time_msec: int | None = None
    rating: int | None = None
    keywords: tuple[str, ...] = ()
    context: EventContext | None = None
    extra: dict[str, object] = {}
    schema: int = EVENT_SCHEMA
    derived_from: Literal["order", "return"] | None = None


class PastLogin(Fact, frozen=True, kw_only=True):
    """A login as it is held, also one that was overtaken or taken back; `id` takes it back in the new shop too."""

    id: Ulid
    visitor_id: str
    customer_id: Id
    at: Moment
    undone_at: Moment | None = None


class ExportedFile(msgspec.Struct, frozen=True):
    """One file of an export; of media, the folder and how many it holds."""

    kind: str  # of `ExportKind`, `media`, or the name of a part that another room adds
    path: Path
    rows: int
