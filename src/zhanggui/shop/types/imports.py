"""What an import takes and tells: kinds, the report, rejects, the profile of a file, and entries of the books."""

from __future__ import annotations

import enum
from collections.abc import Callable
from datetime import datetime

import msgspec

from zhanggui.kernel.jobs import JobState

from .base import Currency, Decimal, Fact, Id, Quantity, ShortText


class ImportKind(enum.StrEnum):
    """What the rows of a file are."""

    PRODUCTS = "products"
    OFFERS = "offers"
    CUSTOMERS = "customers"
    ORDERS = "orders"
    RETURNS = "returns"
    REVIEWS = "reviews"
    QUESTIONS = "questions"
    EVENTS = "events"
    RIVAL_PRICES = "rival-prices"
    LABELS = "labels"
    ENTRIES = "entries"
    IMAGES = "images"
    SHOP = "shop"


KINDS_WITH_PEOPLE = frozenset(
    {
        ImportKind.CUSTOMERS,
        ImportKind.ORDERS,
        ImportKind.RETURNS,
        ImportKind.REVIEWS,
        ImportKind.QUESTIONS,
        ImportKind.EVENTS,
        ImportKind.SHOP,
    }
)
"""Kinds whose rows are about people: they need a legal basis."""

KINDS_WITH_TEXTS = frozenset({ImportKind.PRODUCTS, ImportKind.REVIEWS, ImportKind.QUESTIONS, ImportKind.SHOP})
"""Kinds whose rows bring texts that somebody wrote: these have a licence."""

OnStep = Callable[[int, int | None], None]
"""Called with rows done and rows in all; None while the file is still being read and nobody knows."""


class EntryKind(enum.StrEnum):
    """Why a line of an order file is neither goods sold nor goods returned."""

    CHARGE = "charge"  # postage, fees, discounts, vouchers by hand
    STOCK_ADJUSTMENT = "stock-adjustment"
    BAD_DEBT = "bad-debt"


class BookEntry(Fact, frozen=True, kw_only=True):
    """A line of an order file that is kept in the books, and is no product (quantities as the source wrote them)."""

    id: Id
    kind: EntryKind
    order_id: Id | None = None
    code: Id
    title: ShortText = ""
    quantity: Quantity
    unit_price_source: Decimal
    currency: Currency = "CNY"
    at: datetime


class Reject(msgspec.Struct, frozen=True, kw_only=True):
    """One row that was not taken: where it stands, what is wrong, and what to do about it."""

    file: str
    line: int
    column: str = ""
    value: str = ""
    reason: str
    cure: str = ""


class ImportReport(msgspec.Struct, frozen=True, kw_only=True):
    """What an import did. `created`, `updated`, `unchanged` count facts, all others rows.

    `figures` has counts by kind of fact and of row, and for orders the exact amounts by kind of line, as text.
    `rejects_file` is the name of the CSV in the shop's folder `imports/`, None when nothing was rejected.
    """

    id: str
    kind: ImportKind
    rows_read: int
    created: int
    updated: int
    unchanged: int
    rejected: int
    rejects_file: str | None = None
    figures: dict[str, int | str] = {}
    dry_run: bool = False

    @property
    def left_out(self) -> int:
        """Rows that the map leaves out, and events that the shop has no use for."""
        names = [name for name in self.figures if name == "rows_excluded" or name.startswith("skipped_")]
        return sum(int(self.figures[name]) for name in names)

    @property
    def kept(self) -> int:
        """Rows that were taken."""
        return max(self.rows_read - self.rejected - self.left_out, 0)


class ImportRecord(ImportReport, frozen=True, kw_only=True):
    """What the shop remembers of an import, besides its report."""

    at_ms: int = 0
    files: tuple[str, ...] = ()
    basis: str = ""
    by: str = ""  # who asked, as the ledger names them; empty where nobody said
    map: str = ""  # TOML, where one was given
    products: tuple[str, ...] = ()  # ids of the first that a file of products, prices or labels names
    orders: tuple[str, ...] = ()  # ids of the first of a file of orders; of people nothing is kept here


class ImportAsk(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked of the import of an uploaded file; see `Importer.run`."""

    kind: str
    basis: str = ""
    map: str = ""  # TOML
    dry_run: bool = False
    accept: bool = False
    fetch: bool = False
    currency: str = ""  # of amounts where neither a column nor the map says it
    licence: str = ""  # of texts where neither a column nor the map says it; the shop's own without one
    by: str = ""  # who asks: `user:ID`, `key:ID`


class ImportProgress(msgspec.Struct, frozen=True, kw_only=True):
    """How far an import in the background is. `rows_of` is None while the file is still being read."""

    id: str  # of the job, and of the report once it is there
    state: JobState
    rows_done: int = 0
    rows_of: int | None = None
    error: str = ""  # of the last try
    report: ImportReport | None = None


class ColumnProfile(msgspec.Struct, frozen=True, kw_only=True):
    """One column of an unknown file. `field` is the guess, empty when there is none."""

    name: str
    type: str  # number, date, id, text, empty
    filled: float  # share of rows with a value, 0 to 1
    examples: tuple[str, ...]
    field: str = ""


class ImportProfile(msgspec.Struct, frozen=True, kw_only=True):
    """What a file looks like, and the map that would import it: TOML to accept or to edit."""

    file: str
    format: str
    rows_seen: int
    columns: tuple[ColumnProfile, ...]
    kind: ImportKind | None
    missing: tuple[str, ...]  # required fields that no column seems to hold
    ready_map: str  # the name of the ready map that fits, else empty
    map: str
    assumed_currency: str = ""  # in which amounts are taken where no column says it; empty where one does
