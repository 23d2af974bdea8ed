"""A table whose rows are all in memory: one list of its fields says what heads, sorts, fills and exports it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from litestar import Response

from .spreadsheet import csv_answer
from .tables import Column, TableAsk, TableRows

Row = TypeVar("Row")
ONCE = frozenset({"done", "last", "lang"})
"""What an address says for one answer alone: no link of a table repeats it."""


@dataclass(frozen=True, slots=True)
class Field(Generic[Row]):
    """One column of rows.

    Args:
        column: its key, which is also its name in the file, and its head.
        value: what stands in the file, and what the rows are sorted by; None where nothing may be told.
        text: what stands on the page, small lines after a line break; "" where the template says more than words.
        order: what the rows are sorted by, where that is not the value.
        is_shown: whether it stands on the page too, not in the file alone.
    """

    column: Column
    value: Callable[[Row], Any]
    text: Callable[[Row], str] = lambda _: ""
    order: Callable[[Row], Any] | None = None
    is_shown: bool = True

    def rank(self, row: Row) -> tuple[bool, Any]:
        """A place among the rows, untold ones first; capital letters do not matter."""
        value = (self.order or self.value)(row)
        return value is not None, value.casefold() if isinstance(value, str) else value or 0


def word(key: str, label: str, text: Callable[[Row], str], *, is_wide: bool = False) -> Field[Row]:
    """A column of words, the same on the page and in the file."""
    return Field(Column(key, label, is_wide=is_wide), text, text)


def figure(
    key: str, label: str, value: Callable[[Row], Any], text: Callable[[Row], str], *, is_wide: bool = False
) -> Field[Row]:
    """A column of figures: as they are in the file, and as a reader writes them on the page."""
    return Field(Column(key, label, is_number=True, is_wide=is_wide), value, text)


def unseen(key: str, value: Callable[[Row], Any]) -> Field[Row]:
    """A column of the file alone."""
    return Field(Column(key, key), value, is_shown=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed(Generic[Row]):
    """The rows that an address asks for, in its order.

    Attributes:
        title: what the table is called, to those who hear it.
        search: what its search looks for.
        nothing: what stands where it has no rows, and what to do then.
        export: the address of the same rows as a file.
    """

    ask: TableAsk
    fields: Sequence[Field[Row]]
    rows: Sequence[Row]
    title: str
    search: str
    nothing: str
    export: str

    @property
    def shown(self) -> list[Field[Row]]:
        """The columns of the page."""
        return [field for field in self.fields if field.is_shown]

    @property
    def columns(self) -> list[Column]:
        """Their heads."""
        return [field.column for field in self.shown]

    @property
    def page(self) -> TableRows:
        """The page of rows that is asked for."""
        return TableRows.of(self.rows, self.ask)

    @property
    def is_asked(self) -> bool:
        """Whether the address says anything of this table: what folds it away must then stand open."""
        return self.ask.is_narrowed or bool(self.ask.sort) or self.ask.page > 1

    def file(self, name: str) -> Response[bytes]:
        """All rows that fit, as they are sorted."""
        head = [field.column.key for field in self.fields]
        return csv_answer(name, head, ([field.value(row) for field in self.fields] for row in self.rows))


@dataclass(frozen=True, slots=True, kw_only=True)
class TablePlace:
    """Where a table stands: what its address is, and what else of that address stays.

    Attributes:
        query: of the address.
        path: of the page.
        prefix: before the names of this table, where the page has more to ask for: all else of the address stays.
    """

    query: Mapping[str, str]
    path: str
    prefix: str = ""

    def listed(
        self,
        rows: Iterable[Row],
        fields: Sequence[Field[Row]],
        *,
        title: str,
        search: str,
        nothing: str,
        file: str,
        filters: Mapping[str, Callable[[Row], str]] | None = None,
        words: Callable[[Row], Iterable[str]] | None = None,
    ) -> Listed[Row]:
        """The table.

        Args:
            rows: all of them, in the table's own order.
            fields: its columns.
            title: what it is called.
            search: what its search looks for.
            nothing: what stands where there are no rows.
            file: the path of the same rows as a file.
            filters: by name, what of a row must be what is chosen.
            words: what is searched; without it, all that stands on the page.
        """
        chosen = filters or {}
        ask = TableAsk.of(
            self.query,
            sorts=[field.column.key for field in fields if field.is_shown and field.column.is_sortable],
            filters=tuple(chosen),
            prefix=self.prefix,
            beside=tuple(name for name in self.query if not name.startswith(self.prefix) and name not in ONCE),
            path=self.path,
        )
        fitting = [row for row in rows if all(chosen[name](row) == value for name, value in ask.filters.items())]
        found = ask.arranged(
            fitting,
            {field.column.key: field.rank for field in fields},
            words or (lambda row: [field.text(row) for field in fields if field.is_shown]),
        )
        return Listed(
            ask=ask, fields=fields, rows=found, title=title, search=search, nothing=nothing, export=file + ask.query
        )
