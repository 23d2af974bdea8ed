"""The attack on all that leaves a shop for others than itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from zhanggui.trust.engines.linkage import told_rows, unique_matches
from zhanggui.trust.types.linkage import KnownOrder, LeavingTable, LinkageReport


@dataclass(frozen=True, slots=True, kw_only=True)
class Linkage:
    """Plays somebody who knows every order, and tries each table that is meant to name nobody.

    Args:
        known: the shop's orders as the attacker knows them.
        leaving: each export and report for others, by its name; the composition root declares them.
    """

    known: Callable[[], Sequence[KnownOrder]]
    leaving: Mapping[str, Callable[[], object]]

    def check(self) -> LinkageReport:
        """Attack all of them."""
        orders = self.known()
        places = {order.place for order in orders if order.place}
        tables = []
        for name, read in sorted(self.leaving.items()):
            rows = list(told_rows(msgspec.to_builtins(read(), str_keys=True), places))
            found = unique_matches(rows, orders)
            tables.append(LeavingTable(name, len(rows), len(found)))
        return LinkageReport(len(orders), tuple(tables))
