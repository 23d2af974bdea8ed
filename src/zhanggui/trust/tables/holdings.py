"""Which tables hold rows about people, how many, and about whom: by their columns, whichever room made them."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from zhanggui.kernel.db import shop_metadata

PERSON_COLUMNS = ("person", "customer", "visitor", "number")
SEALED = frozenset({"sealed", "wrapped"})


def personal_tables() -> dict[str, sa.Table]:
    """Tables with rows about people, by name."""
    return {name: table for name, table in sorted(shop_metadata.tables.items()) if _person_column(table) is not None}


def fields_of(table: sa.Table) -> tuple[list[str], list[str]]:
    """The fields of a table in clear, and those that are ciphertext."""
    names = [column.name for column in table.columns]
    return [name for name in names if name not in SEALED], [name for name in names if name in SEALED]


def row_count(db: sa.Connection, table: sa.Table) -> int:
    """How many rows it has."""
    return int(db.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())


def persons_in(db: sa.Connection, tables: Sequence[sa.Table]) -> set[int]:
    """The numbers of everybody whom these tables have rows about."""
    found: set[int] = set()
    for table in tables:
        column = _person_column(table)
        assert column is not None  # only such tables are asked for
        found.update(int(number) for number in db.execute(sa.select(column).distinct()).scalars() if number)
    return found


def _person_column(table: sa.Table) -> sa.Column[int] | None:
    is_named = table.info.get("personal", False)
    for name in PERSON_COLUMNS:
        column = table.columns.get(name)
        if column is not None and isinstance(column.type, sa.Integer) and (is_named or name != "number"):
            return column
    return None
