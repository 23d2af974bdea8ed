"""The state of a table on a page: what the address asks for, and the page of rows that answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

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
    """

    sort: str = ""
    is_descending: bool = False
    search: str = ""
    filters: Mapping[str, str] = field(default_factory=dict)
    page: int = 1

    @classmethod
    def of(cls, query: Mapping[str, str], *, sorts: Sequence[str], filters: Sequence[str] = ()) -> TableAsk:
        """Read an address; whatever it asks for that there is not is passed over."""
        asked = query.get("sort", "")
        key = asked.removeprefix("-")
        page = query.get("page", "1")
        return cls(
            sort=key if key in sorts else "",
            is_descending=asked.startswith("-") and key in sorts,
            search=query.get("q", "").strip()[:200],
            filters={name: query[name][:200] for name in filters if query.get(name)},
            page=min(max(int(page), 1), LAST_PAGE) if page.isascii() and page.isdigit() else 1,
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
        sort = f"-{self.sort}" if self.is_descending else self.sort
        now: dict[str, Any] = {"q": self.search, **self.filters, "sort": sort, "page": self.page, **changes}
        if "page" not in changes:
            now["page"] = 1
        shown = {name: value for name, value in now.items() if value and not (name == "page" and value == 1)}
        return f"?{urlencode(shown)}"

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
