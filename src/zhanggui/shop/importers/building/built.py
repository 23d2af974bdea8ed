"""What a slice of rows becomes, and what all builders share."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeVar

import msgspec

from zhanggui.kernel.clock import from_ms
from zhanggui.kernel.money import BadAmount, to_minor
from zhanggui.shop.importers.conversion import Defaults
from zhanggui.shop.importers.mapping import ImportMap
from zhanggui.shop.importers.spool import FILE, LINE
from zhanggui.shop.types import (
    Customer,
    Event,
    Offer,
    Order,
    Product,
    ProductLabel,
    Question,
    Return,
    Review,
    RivalPrice,
    TextLicence,
)
from zhanggui.shop.types.imports import BookEntry, Reject

Columns = dict[str, list[Any]]
F = TypeVar("F", bound=msgspec.Struct)


@dataclass(slots=True)
class Built:
    """Facts by kind; `absent_*` are stored only where the shop does not know their id yet, `told_returns` only where it
    knows of no return of the order.
    """

    products: list[Product] = field(default_factory=list)
    offers: list[Offer] = field(default_factory=list)
    labels: list[ProductLabel] = field(default_factory=list)
    rival_prices: list[RivalPrice] = field(default_factory=list)
    customers: list[Customer] = field(default_factory=list)
    absent_customers: list[Customer] = field(default_factory=list)
    absent_products: list[Product] = field(default_factory=list)
    absent_offers: list[Offer] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)
    absent_orders: list[Order] = field(default_factory=list)
    returns: list[Return] = field(default_factory=list)
    told_returns: list[Return] = field(default_factory=list)
    reviews: list[Review] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    entries: list[BookEntry] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Frame:
    """What a builder needs beside the rows."""

    map: ImportMap
    defaults: Defaults
    files: tuple[str, ...]

    @property
    def currency(self) -> str:
        """The currency of rows that name none."""
        return self.map.currency or self.defaults.currency

    @property
    def language(self) -> str:
        """The language of rows that name none."""
        return self.map.language or self.defaults.language

    @property
    def licence(self) -> TextLicence:
        """The licence of texts of rows that name none."""
        return self.map.licence or self.defaults.licence

    def reject(self, columns: Columns, row: int, reason: str, cure: str = "", field: str = "") -> Reject:
        """One row of a slice, refused."""
        value = columns[field][row] if field in columns else ""
        source = next((name for name, target in self.map.columns.items() if target == field), field)
        return Reject(
            file=self.files[columns[FILE][row]],
            line=columns[LINE][row],
            column=source,
            value="" if value is None else str(value)[:200],
            reason=reason,
            cure=cure or (map_cure(field) if field and value in {"", None} else ""),
        )


def map_cure(field: str) -> str:
    """What helps where a field is empty in many rows."""
    return f"Map a column to {field} (see import-profile)."


class Misfit(Exception):
    """A row that makes no fact."""

    def __init__(self, reason: str, field: str = "") -> None:
        super().__init__(reason)
        self.field = field


def cells(columns: Columns, name: str, rows: int) -> list[Any]:
    """A column, or as many Nones."""
    return columns.get(name) or [None] * rows


def whole_names(columns: Columns, rows: int) -> list[str | None]:
    """What people are called: one column, else the parts of a name joined as its script does."""
    parts = (cells(columns, name, rows) for name in ("name", "first_name", "last_name"))
    return [name or _joined(given or "", family or "") for name, given, family in zip(*parts, strict=True)]


def _joined(given: str, family: str) -> str | None:
    is_han = bool(given and family) and all("\u2e80" <= character <= "\U0003ffff" for character in given + family)
    return (f"{family}{given}" if is_han else f"{given} {family}".strip()) or None


def first(values: list[Any], start: int, end: int) -> Any:
    """The first value of a group that is there."""
    return next((value for value in values[start:end] if value is not None), None)


def records(columns: Columns) -> Iterator[tuple[int, dict[str, Any]]]:
    """Rows with the values that they have."""
    names = [name for name in columns if name not in {FILE, LINE}]
    for row, values in enumerate(zip(*(columns[name] for name in names), strict=True)):
        yield row, {name: value for name, value in zip(names, values, strict=True) if value is not None}


def fact(kind: type[F], **values: Any) -> F:
    """A fact with each constraint of its type held against it; Nones are left out.

    Raises:
        Misfit: it does not fit.
    """
    try:
        return msgspec.convert({name: value for name, value in values.items() if value is not None}, kind)
    except msgspec.ValidationError as error:
        raise Misfit(str(error)) from error


def money(amount: str | None, currency: str, field: str) -> int | None:
    """Minor units of an exact decimal.

    Raises:
        Misfit: too large to count exactly.
    """
    if amount is None:
        return None
    try:
        return minor_of(amount, currency)
    except BadAmount as error:
        raise Misfit(str(error), field) from error


@lru_cache(maxsize=65_536)
def minor_of(amount: str, currency: str) -> int:
    """`to_minor`; files repeat each price many times.

    Raises:
        BadAmount: as it does.
    """
    return to_minor(amount, currency)


@lru_cache(maxsize=65_536)
def moment(ms: int) -> datetime:
    """A moment from its milliseconds; order files repeat each many times."""
    return from_ms(ms)


def moment_of(ms: int | None) -> datetime | None:
    """A moment, where there is one."""
    return None if ms is None else moment(ms)


def parted(text: str | None, separators: str = ",，;；、|\n") -> tuple[str, ...]:
    """A list in one cell, by any of the separators, blanks and repeats dropped."""
    if not text:
        return ()
    for separator in separators:
        text = text.replace(separator, "\n")
    return tuple(dict.fromkeys(part.strip() for part in text.split("\n") if part.strip()))
