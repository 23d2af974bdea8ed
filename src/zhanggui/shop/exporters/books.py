"""The charges and adjustments that came with a merchant's books, as a part of an export."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from zhanggui.kernel.privacy import Purpose
from zhanggui.shop.tables.imports import entries_page, store_entries
from zhanggui.shop.types import PutReport
from zhanggui.shop.types.imports import BookEntry

PAGE = 1_000


@dataclass(frozen=True, slots=True)
class EntryPart:
    """Entries of the books, in the order in which they came."""

    name = "entries"
    holds = BookEntry

    def rows(self, db: sa.Connection) -> Iterator[list[BookEntry]]:
        """All entries, a page at a time."""
        after = 0
        while page := entries_page(db, after=after, limit=PAGE, purpose=Purpose.SERVICE):
            after = page[-1][0]
            yield [entry for _, entry in page]

    def restore(self, db: sa.Connection, rows: Sequence[BookEntry], now_ms: int) -> PutReport:
        """Create or change entries by id."""
        del now_ms  # an entry happened when it says
        return store_entries(db, rows)
