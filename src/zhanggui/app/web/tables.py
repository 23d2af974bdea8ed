"""The state of a table on a page: what the address asks for, and the page of rows that answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import urlencode

Row = TypeVar("Row")
PER_PAGE = 50
LAST_PAGE = 10_000


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Args:
        key: its name in addresses, and what the rows are sorted by.
        label: its head, translated already.
        is_number: stands to the right.
        is_sortable: the head is a link.
        is_wide: hidden on narrow screens.
    """

    key: str
    label: str
    is_number: bool = False
    is_sortable: bool = True
    is_wide: bool = False


@dataclass(frozen=True, slots=True)
class TableAsk:
    """What a reader wants to see: `?sort=-total&q=tea&page=2&state=open`.

    Attributes:
        sort: key of a column; "" for the table's own order.
        is_descending: the largest first.
        search: words to look for.
        filters: by name, only those that the table knows and that are not empty.
        page: from 1.
        prefix: before each name in the address, where a page has several tables.
        others: what the address asks of those other tables.
        path: of the page, for a table that also stands where a form was sent to; "" for where it is read.
    """

    sort: str = ""
    is_descending: bool = False
    search: str = ""
    filters: Mapping[str, str] = field(default_factory=dict)
    page: int = 1
    prefix: str = ""
    others: Mapping[str, str] = field(default_factory=dict)
    path: str = ""

    @classmethod
    def of(
        cls,
        query: Mapping[str, str],
        *,
        sorts: Iterable[str],
        filters: Sequence[str] = (),
        prefix: str = "",
        beside: Sequence[str] = (),
        path: str = "",
    ) -> TableAsk:
        """Read an address; whatever it asks for that there is not is passed over.

        Args:
            query: of the address.
            sorts: keys that it may sort by.
            filters: names of its filters.
            prefix: of this table's names.
            beside: prefixes of the other tables on the page.
            path: see `path`.
        """
        asked = query.get(f"{prefix}sort", "")
        key = asked.removeprefix("-")
        page = query.get(f"{prefix}page", "1")
        is_known = key in set(sorts)
        return cls(
            sort=key if is_known else "",
            is_descending=asked.startswith("-") and is_known,
            search=query.get(f"{prefix}q", "").strip()[:200],
            filters={name: query[prefix + name][:200] for name in filters if query.get(prefix + name)},
            page=min(max(int(page), 1), LAST_PAGE) if page.isascii() and page.isdigit() else 1,
            prefix=prefix,
            others={name: value[:200] for name, value in query.items() if value and name.startswith(tuple(beside))},
            path=path,
        )

    @property
    def offset(self) -> int:
        """Rows before this page."""
        return (self.page - 1) * PER_PAGE

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is searched or filtered: an empty table then says something else."""
        return bool(self.search or self.filters)

    def address(self, **changes: Any) -> str:
        """The query of the same table with changes: `?…`. A changed order or search starts at page 1."""
        now: dict[str, Any] = {"q": self.search, **self.filters, "sort": self.order, "page": self.page, **changes}
        if "page" not in changes:
            now["page"] = 1
        shown = {self.prefix + name: value for name, value in now.items() if value and (name, value) != ("page", 1)}
        return f"{self.path}?{urlencode(shown | dict(self.others))}"

    @property
    def query(self) -> str:
        """The query of the same rows in the same order, from the first on: for the address of their file."""
        return self.address()[len(self.path) :]

    @property
    def order(self) -> str:
        """The order as an address has it: `-total`; empty for the table's own."""
        return f"-{self.sort}" if self.is_descending else self.sort

    @property
    def whole(self) -> str:
        """The address of the table with nothing searched or filtered."""
        return f"{self.path}?{urlencode(self.others)}"

    def arranged(
        self, rows: Iterable[Row], sorts: Mapping[str, Callable[[Row], Any]], words: Callable[[Row], Iterable[str]]
    ) -> list[Row]:
        """The rows in which what is searched stands, in the order that is asked for; equal ones stay as they were.

        Args:
            rows: all of them, in the table's own order.
            sorts: what each key sorts by.
            words: the texts of a row that are searched.
        """
        wanted = self.search.casefold()
        found = [row for row in rows if not wanted or any(wanted in text.casefold() for text in words(row))]
        return sorted(found, key=sorts[self.sort], reverse=self.is_descending) if self.sort else found

    def sorted_by(self, key: str) -> str:
        """The address that sorts by a column, the other way round when it is sorted by it now."""
        return self.address(sort=f"-{key}" if self.sort == key and not self.is_descending else key)

    def order_of(self, key: str) -> str:
        """`aria-sort` of a column's head."""
        if self.sort != key:
            return "none"
        return "descending" if self.is_descending else "ascending"


@dataclass(frozen=True, slots=True)
class TableRows:
    """A page of a table: its rows, and how many there are in all."""

    rows: Sequence[Any]
    total: int
    ask: TableAsk

    @classmethod
    def of(cls, rows: Sequence[Any], ask: TableAsk) -> TableRows:
        """The asked page of rows that are all in memory."""
        return cls(rows[ask.offset : ask.offset + PER_PAGE], len(rows), ask)

    @property
    def first(self) -> int:
        """Number of the first row shown, from 1; 0 when there is none."""
        return self.ask.offset + 1 if self.rows else 0

    @property
    def last(self) -> int:
        """Number of the last row shown."""
        return self.ask.offset + len(self.rows)

    @property
    def has_next(self) -> bool:
        """Whether another page follows."""
        return self.last < self.total
