"""What a reader gives: a table in batches, or JSON records one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

from zhanggui.shop.types.imports import Reject

BATCH_ROWS = 8192

OnReject = Callable[[Reject], None]


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows of a table by column; `lines` are their places in the file, from 1."""

    lines: list[int]
    columns: dict[str, list[object]]


class TableSource(Protocol):
    """A file that is a table."""

    @property
    def format(self) -> str:
        """What the file is, for a reader: `CSV, GB18030`."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns by name, as the header has them (of records: those seen in the first ones)."""

    @property
    def has_more_columns(self) -> bool:
        """Whether later rows may bring columns that `columns` does not name."""

    def batches(self) -> Iterator[Batch]:
        """The rows from the first on; may be called again."""


@dataclass(frozen=True, slots=True)
class JsonSource:
    """A file of JSON records: `records()` gives each with its line, or its place in the array."""

    format: str
    records: Callable[[], Iterator[tuple[int, bytes]]]


Source = TableSource | JsonSource


@dataclass(frozen=True, slots=True)
class RecordTable:
    """Records (dicts) as a table; each record may make several rows, or none."""

    format: str
    rows: Callable[[], Iterator[tuple[int, dict[str, object]]]]
    columns: tuple[str, ...]
    has_more_columns: bool = field(default=True)

    def batches(self) -> Iterator[Batch]:
        """The rows from the first on."""
        return in_batches(self.rows())


def in_batches(rows: Iterable[tuple[int, dict[str, object]]]) -> Iterator[Batch]:
    """Rows as batches of columns; a row without a column has None there."""
    lines: list[int] = []
    records: list[dict[str, object]] = []
    for line, record in rows:
        lines.append(line)
        records.append(record)
        if len(records) == BATCH_ROWS:
            yield _batch(lines, records)
            lines, records = [], []
    if records:
        yield _batch(lines, records)


def _batch(lines: list[int], records: list[dict[str, object]]) -> Batch:
    names = dict.fromkeys(name for record in records for name in record)
    return Batch(lines, {name: [record.get(name) for record in records] for name in names})


def flatten(record: dict[str, object], prefix: str = "") -> dict[str, object]:
    """Nested objects by dotted names: `{"price": {"amount": 3}}` has the column `price.amount`."""
    flat: dict[str, object] = {}
    for name, value in record.items():
        if isinstance(value, dict):
            flat |= flatten(value, f"{prefix}{name}.")
        else:
            flat[prefix + name] = _plain(value)
    return flat


def _plain(value: object) -> object:
    """Lists as text parted by line feeds, so that each cell can be hashed."""
    if isinstance(value, list | tuple):
        return "\n".join(str(each) for each in value if each is not None)
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value
