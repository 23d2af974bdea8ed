"""What a shop aims at, as a part of its export: see `ExportPart` of the shop room."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import sqlalchemy as sa

from zhanggui.kernel.changes import announce
from zhanggui.recommend.service.steering.objectives import SUBJECT
from zhanggui.recommend.tables import settings as setting_tables
from zhanggui.recommend.types.aims import Objectives
from zhanggui.shop import PutReport


class ObjectivesPart:
    """The objectives that stand; what they were before stays in the ledger."""

    name = "recommend-objectives"
    holds = Objectives

    def rows(self, db: sa.Connection) -> Iterator[list[Objectives]]:
        """The one row, where somebody ever said something."""
        held = setting_tables.objectives_of(db)
        if held is not None:
            yield [held[0]]

    def restore(self, db: sa.Connection, rows: Sequence[Objectives], now_ms: int) -> PutReport:  # noqa: ARG002
        """Aim at what the export aimed at, where nothing was said here."""
        if not rows or setting_tables.objectives_of(db) is not None:
            return PutReport(0, 0, len(rows))
        setting_tables.put_objectives(db, rows[-1], ())
        announce(db, "rule", [f"recommend:{SUBJECT}"])
        return PutReport(1, 0, len(rows) - 1)
