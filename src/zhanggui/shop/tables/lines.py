"""Lines of orders and returns: one shape, two tables, and what a change of them says to the history."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

import sqlalchemy as sa

from zhanggui.kernel.db import shop_metadata
from zhanggui.kernel.personal import Personal
from zhanggui.kernel.privacy import Reason
from zhanggui.shop.types import OrderLine

from .bulk import Row, select_among
from .events import StoredRow
from .products import product_ids


def _lines_table(name: str) -> Personal:
    table = sa.Table(
        name,
        shop_metadata,
        sa.Column("order_number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("line_id", sa.String(256), nullable=False),
        sa.Column("product", sa.BigInteger, nullable=False),
        sa.Column("variant_id", sa.String(256)),
        sa.Column("quantity", sa.BigInteger, nullable=False),
        sa.Column("unit_price_minor", sa.BigInteger, nullable=False),
        sa.Column("unit_price_source", sa.String(40)),
        sa.Column("discount_minor", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,  # the rows of one order stand together, and the key is stored once
    )
    return Personal(table)


order_lines = _lines_table("order_lines")
return_lines = _lines_table("return_lines")

LINE_COLUMNS = order_lines.columns

Moved = tuple[int, int, int]
"""(product, quantity, value in minor units) of one line: what the history is told."""


def line_rows(number: int, lines: Iterable[OrderLine], products: Mapping[str, int]) -> list[Row]:
    """Rows of one order's lines, in their order."""
    return [
        (
            number,
            position,
            line.id,
            products[line.product_id],
            line.variant_id,
            line.quantity,
            line.unit_price_minor,
            line.unit_price_source,
            line.discount_minor,
        )
        for position, line in enumerate(lines)
    ]


def moved(rows: Iterable[Row]) -> dict[str, Moved]:
    """What each line moved, by line id. Lines of no or negative quantity are bookings, nothing that a shopper did."""
    return {row[2]: (row[3], row[5], row[5] * row[6] - row[8]) for row in rows if row[5] > 0}


def taken_out(
    was: Mapping[str, Moved],
    now: Mapping[str, Moved],
    persons: tuple[int, int],
    given_back: tuple[int, str | None],
    at_ms: int,
) -> list[StoredRow]:
    """The events of lines that are taken out as they were: `persons` before and after, `given_back` kind and extra."""
    before, after = persons
    kind, extra = given_back
    gone = (line for id_, line in was.items() if before != after or now.get(id_) != line)
    return [(before, line[0], kind, at_ms, line[1], line[2], extra) for line in gone]


def lines_of(db: sa.Connection, table: Personal, orders: Collection[int], *, purpose: Reason) -> dict[int, list[Row]]:
    """The rows of each order's lines, in their order."""
    found: dict[int, list[Row]] = {number: [] for number in orders}
    rows = select_among(db, table.for_(purpose), LINE_COLUMNS, "order_number", orders)
    for row in sorted(rows, key=lambda row: row[:2]):
        found[row[0]].append(row)
    return found


def order_lines_of(
    db: sa.Connection, table: Personal, orders: Sequence[int], *, purpose: Reason
) -> dict[int, tuple[OrderLine, ...]]:
    """The lines of each order."""
    found = lines_of(db, table, orders, purpose=purpose)
    ids = product_ids(db, {row[3] for rows in found.values() for row in rows})
    return {
        number: tuple(
            OrderLine(
                id=row[2],
                product_id=ids[row[3]],
                variant_id=row[4],
                quantity=row[5],
                unit_price_minor=row[6],
                unit_price_source=row[7],
                discount_minor=row[8],
            )
            for row in rows
        )
        for number, rows in found.items()
    }
