"""The log of what shoppers were shown, written beside the answer and not awaited."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from zhanggui.kernel.db import Database
from zhanggui.shop.tables.events import add_served, served_of
from zhanggui.shop.types.accepting import ServedList

from .gathering import Committed, Gatherer

MAX_GROUP = 2_000


class ServedLists:
    """Logs served lists. A crash may lose the last group: nobody was told that it was kept."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._gatherer: Gatherer[ServedList, None] = Gatherer(db, _write, most=MAX_GROUP)

    def log_served(self, served: ServedList) -> None:
        """Hand one list to the writer and return at once."""
        self._gatherer.put(served)

    def served(self, list_id: str) -> ServedList | None:
        """The list of that id, once it is written."""
        with self._db.read() as db:
            return served_of(db, list_id)


def _write(db: sa.Connection, lists: Sequence[ServedList]) -> tuple[list[None], Committed]:
    add_served(db, lists)
    return [None] * len(lists), _nothing_more


def _nothing_more() -> None:
    """Nobody waits for the log."""
