"""The merchant's rules, as a part of a shop's export: see `ExportPart` of the shop room."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import sqlalchemy as sa

from zhanggui.kernel.changes import announce
from zhanggui.recommend.tables import rules as rule_tables
from zhanggui.recommend.types.rules import Rule
from zhanggui.shop import PutReport


class RulePart:
    """Rules that stand; what they were before stays in the ledger."""

    name = "recommend-rules"
    holds = Rule

    def rows(self, db: sa.Connection) -> Iterator[list[Rule]]:
        """All rules, the oldest first."""
        if rules := rule_tables.rules_in(db):
            yield rules

    def restore(self, db: sa.Connection, rows: Sequence[Rule], now_ms: int) -> PutReport:  # noqa: ARG002
        """Add the rules that are not there; one that is there stays as it is."""
        there = rule_tables.known_rules(db, [row.id for row in rows])
        new = [row for row in rows if row.id not in there]
        for row in new:
            rule_tables.put_rule(db, row, ())
        announce(db, "rule", (f"recommend:{row.id}" for row in new))
        return PutReport(len(new), 0, len(rows) - len(new))
