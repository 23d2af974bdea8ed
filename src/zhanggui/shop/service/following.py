"""Behaviour as other rooms follow it: whole events as they come, and what else is known of who did them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from zhanggui.kernel.db import Database
from zhanggui.kernel.privacy import Purpose
from zhanggui.shop.tables import events as tables
from zhanggui.shop.tables.events.told import Told, ToldOf, told_of, told_page
from zhanggui.shop.tables.traces import traces_of
from zhanggui.shop.types.subjects import Traces

from .history import History


@dataclass(frozen=True, slots=True, kw_only=True)
class Following:
    """Lets a room keep count of what people do, for the purpose that it names."""

    db: Database
    past: History

    def watermark(self) -> int:
        """The newest event, such that every older one can be read from now on."""
        return self.db.write(tables.watermark)

    def after(self, db: sa.Connection, person: int, after_seq: int, limit: int, *, purpose: Purpose) -> list[Told]:
        """A person's events after a number, by arrival upwards, as far as they have not gone to the archive."""
        return told_of(db, person, after_seq, limit, purpose=purpose)

    def page(self, db: sa.Connection, after_seq: int, until_seq: int, limit: int, *, purpose: Purpose) -> list[ToldOf]:
        """Everybody's events between two numbers, by arrival upwards; who may be counted, the reader asks the gate."""
        return told_page(db, after_seq, until_seq, limit, purpose=purpose)

    def history(self, purpose: Purpose, *, among: Collection[int] | None = None) -> Iterator[Any]:
        """All events of whoever allows the purpose, as Arrow batches, with their JSON; see `History.history`."""
        return self.past.history(purpose, with_extra=True, among=among)

    def traces(self, db: sa.Connection, person: int, *, purpose: Purpose) -> Traces:
        """What is held of a person beside their events."""
        return traces_of(db, person, purpose=purpose)
