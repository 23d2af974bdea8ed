"""What an attacker knows of an order, and what a table tells."""

from __future__ import annotations

from typing import NamedTuple

import msgspec


class KnownOrder(NamedTuple):
    """One purchase as a neighbour, a courier or a leaked list knows it.

    `amounts`: whatever of it could stand in a table: the whole, a line, a piece, in minor units. `tier` of the city, 1
    to 6; 0 where it is not known. Finer than province and tier no order tells.
    """

    person: str
    day: str
    amounts: frozenset[int]
    place: str
    tier: int = 0


class ToldRow(NamedTuple):
    """One row of a table as it can be matched: `when` is a day, a month or a year; empty is untold.

    `people`: of how many persons the row says that it is; 0 where it says nothing. `tier` of the city, 0 for untold.
    """

    when: str
    amounts: frozenset[int]
    place: str
    people: int = 0
    tier: int = 0


class LeavingTable(msgspec.Struct, frozen=True):
    """How one export or report stood up to the attack: its rows that could be tried, and those that name one person."""

    name: str
    rows: int
    unique: int


class LinkageReport(msgspec.Struct, frozen=True):
    """The attack on all that leaves a shop for others than itself. `orders`: how many the attacker knows."""

    orders: int
    tables: tuple[LeavingTable, ...]

    @property
    def is_safe(self) -> bool:
        """Whether no row of any table is matched by exactly one person."""
        return all(table.unique == 0 for table in self.tables)
