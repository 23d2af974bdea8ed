"""What an export takes and tells."""

from __future__ import annotations

import enum
from pathlib import Path

import msgspec

from .base import Fact, Id, Minor, Moment, Quantity


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
    """An event as the history keeps it: what its sender called it is forgotten, `seq` is the order of arrival."""

    seq: int
    name: str
    at: Moment
    customer_id: Id | None = None
    visitor_id: Id | None = None
    product_id: Id | None = None
    quantity: Quantity | None = None
    value_minor: Minor | None = None


class ExportedFile(msgspec.Struct, frozen=True):
    """One file of an export."""

    kind: ExportKind
    path: Path
    rows: int
