"""Events and the services that take, keep and read them, with a good default for all but what a test is about."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from zhanggui.kernel.clock import Clock
from zhanggui.kernel.db import Database
from zhanggui.kernel.privacy import Purpose
from zhanggui.shop.service.archive import Archive
from zhanggui.shop.service.day_files import DayFiles
from zhanggui.shop.service.history import History
from zhanggui.shop.types import Event, EventName

_numbers = itertools.count()


def an_event(**changed: Any) -> Event:
    """A visitor looks at a product; every event has an id of its own."""
    fields: dict[str, Any] = {
        "id": f"event-{next(_numbers)}",
        "name": EventName.VIEW_ITEM,
        "visitor_id": "v1",
        "product_id": "longjing",
    }
    return Event(**{**fields, **changed})


def an_archive(db: Database, clock: Clock, folder: Path) -> Archive:
    return Archive(db=db, clock=clock, files=DayFiles(folder), hot_days=3)


def stored(db: Database, columns: str = "person, product, kind, at_ms") -> list[tuple[Any, ...]]:
    """What stands in the hot table, in order of arrival."""
    with db.read() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(f"SELECT {columns} FROM events ORDER BY seq")]


def history_of(db: Database, folder: Path, purpose: Purpose = Purpose.SERVICE, **asked: Any) -> list[tuple[Any, ...]]:
    """All rows of the history, sorted, without their order of arrival."""
    gate = asked.pop("gate", None)
    batches: Iterable[Any] = History(db=db, files=DayFiles(folder), gate=gate).history(purpose, **asked)
    rows = [tuple(row.values())[1:] for batch in batches for row in batch.to_pylist()]
    return sorted(rows, key=repr)
