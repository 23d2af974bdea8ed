"""What takes imports back over a store, what it tells others, and everything that a shop then holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import sqlalchemy as sa
from tests.conftest import FixedClock
from tests.shop.importing.builders import KEY, an_importer

from zhanggui.kernel.cipher import SubjectCipher
from zhanggui.kernel.db import Database
from zhanggui.shop.service.archive import Archive
from zhanggui.shop.service.day_files import DayFiles
from zhanggui.shop.service.import_undo import ImportUndoing
from zhanggui.shop.service.visits import Visits
from zhanggui.shop.types.imports import ImportReport

LI = "user:li"
FACTS = (
    *("offers", "product_labels", "rival_prices", "customers", "customer_lookups", "person_links", "orders"),
    *("order_lines", "returns", "return_lines", "book_entries", "reviews", "questions", "answerers", "events"),
    *("import_event_ids", "order_allocations", "persons"),
)
"""All that files bring; products are looked at by themselves, for the number of one that is gone stays reserved."""


@dataclass
class TheLedger:
    """Hears what is written down."""

    entries: list[tuple[str, Any, str]] = field(default_factory=list)

    def append(self, db: sa.Connection, kind: str, payload: object, actor: str = "system", *, about: str = "") -> int:
        del db, about
        self.entries.append((kind, payload, actor))
        return len(self.entries)


@dataclass
class TheProfiles:
    """Hears whose profiles are to be made anew."""

    dropped: set[int] = field(default_factory=set)
    is_anew: bool = False

    def unlearn(self, db: sa.Connection, persons: Sequence[int]) -> None:
        del db
        self.dropped.update(persons)

    def learn_anew(self, db: sa.Connection) -> None:
        del db
        self.is_anew = True


class TheImports:
    """Imports files and takes them back."""

    def __init__(self, db: Database, folder: Path, clock: FixedClock | None = None) -> None:
        self.db, self.folder, self.clock = db, folder, clock or FixedClock()
        self.files, self.ledger, self.profiles = DayFiles(folder / "events"), TheLedger(), TheProfiles()
        self.importer = an_importer(db, folder, self.clock)
        zone = ZoneInfo("Asia/Shanghai")
        self.archive = Archive(db=db, clock=self.clock, files=self.files, hot_days=3)
        self.undoing = ImportUndoing(
            db=db,
            clock=self.clock,
            cipher=SubjectCipher(KEY),
            archive=self.archive,
            visits=Visits(db=db, clock=self.clock, files=self.files, zone=zone),
            record=self.ledger,
            unlearning=self.profiles,
        )

    def take(self, kind: str, facts: Sequence[msgspec.Struct]) -> ImportReport:
        """Import facts as our own exports write them."""
        path = self.folder / f"{kind}.jsonl"
        path.write_bytes(b"\n".join(map(msgspec.json.encode, facts)) + b"\n")
        return self.importer.run(kind, [path], "contract", accept=True)

    def take_text(self, kind: str, text: str, name: str = "file.csv") -> ImportReport:
        """Import a table."""
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return self.importer.run(kind, [path], "contract", accept=True)


def the_facts(db: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every fact, and what the history says."""
    with db.read() as connection:
        found = {name: _rows(connection, f"SELECT * FROM {name}") for name in FACTS}
        found["products"] = _rows(connection, "SELECT * FROM products WHERE fact IS NOT NULL")
    return found


def _rows(connection: sa.Connection, sql: str) -> list[tuple[Any, ...]]:
    return sorted((tuple(row) for row in connection.exec_driver_sql(sql)), key=repr)
