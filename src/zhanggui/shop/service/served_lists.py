"""The log of what shoppers were shown, written beside the answer and not awaited."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import sqlalchemy as sa

from zhanggui.kernel.db import Database
from zhanggui.kernel.privacy import Reason
from zhanggui.kernel.slices import sliced
from zhanggui.shop.tables.events import (
    Longs,
    ServedColumns,
    add_served,
    served_between,
    served_entries,
    served_of,
    shown_to,
)
from zhanggui.shop.types.accepting import ServedList

MOST = 2_000
"""Lists that one work writes, so that none holds the store for long."""


class ServedLists:
    """Logs served lists. A crash may lose those that wait: nobody was told that they were kept."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def log_served(self, served: Sequence[ServedList]) -> None:
        """Hand lists to the writer and return at once.

        Raises:
            Unavailable: the store is closed.
        """
        for some in sliced(served, MOST):
            self._db.submit(partial(add_served, lists=some))

    def shown(
        self, db: sa.Connection, persons: Sequence[int], since_ms: int, limit: int, *, purpose: Reason
    ) -> tuple[Longs, Longs]:
        """What persons were shown in their last lists: product numbers, once for each time, and when (epoch ms)."""
        return shown_to(db, persons, since_ms, limit, purpose=purpose)

    def lists(self, db: sa.Connection, since_ms: int, until_ms: int, *, purpose: Reason) -> Iterator[ServedColumns]:
        """Lists that were shown from a moment until before another, oldest first, as arrays."""
        return served_between(db, since_ms, until_ms, MOST, purpose=purpose)

    def entries(
        self, db: sa.Connection, since_ms: int, until_ms: int, *, purpose: Reason
    ) -> Iterator[list[ServedList]]:
        """The same with all that is known of each."""
        return served_entries(db, since_ms, until_ms, MOST, purpose=purpose)

    def served(self, list_id: str, *, purpose: Reason) -> ServedList | None:
        """The list of that id, once it is written."""
        with self._db.read() as db:
            return served_of(db, list_id, purpose=purpose)
