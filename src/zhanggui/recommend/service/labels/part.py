"""What a merchant hides of earned labels, as a part of a shop's export: see `ExportPart` of the shop room.

The labels themselves are no facts: they are earned anew from the orders that an export brings.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from zhanggui.kernel.changes import announce
from zhanggui.kernel.clock import from_ms, to_ms
from zhanggui.recommend.ports import Names
from zhanggui.recommend.tables import labels as tables
from zhanggui.recommend.tables.labels import StoredHidden
from zhanggui.recommend.types.labels import HiddenLabel
from zhanggui.shop import PutReport

from .book import CHANGE


@dataclass(frozen=True, slots=True, kw_only=True)
class HiddenLabelPart:
    """Labels that are kept off products."""

    names: Names

    name = "hidden-labels"
    holds = HiddenLabel

    def rows(self, db: sa.Connection) -> Iterator[list[HiddenLabel]]:
        """All that is hidden, by product."""
        held = tables.hidden_in(db)
        ids = self.names.products(db, {one.product for one in held})
        if held:
            yield [HiddenLabel(product_id=ids[one.product], label=one.label, at=from_ms(one.at_ms)) for one in held]

    def restore(self, db: sa.Connection, rows: Sequence[HiddenLabel], now_ms: int) -> PutReport:
        """Hide what is not hidden yet."""
        numbers = self.names.product_numbers(db, [row.product_id for row in rows], now_ms)
        there = {(one.product, one.label) for one in tables.hidden_in(db)}
        wanted = [StoredHidden(product=numbers[row.product_id], label=row.label, at_ms=to_ms(row.at)) for row in rows]
        new = [one for one in wanted if (one.product, one.label) not in there]
        tables.hide(db, new)
        if new:
            announce(db, CHANGE, ["recommend:labels"])
        return PutReport(len(new), 0, len(rows) - len(new))
