"""The statements whose spelling differs between the stores."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

Rows = Sequence[Mapping[str, Any]]
_encoder = msgspec.json.Encoder()


def insert(db: sa.Connection, table: sa.Table) -> sqlite.Insert | postgresql.Insert:
    """An insert in the store's own dialect, which knows `on_conflict_do_update`."""
    return postgresql.insert(table) if db.dialect.name == "postgresql" else sqlite.insert(table)


def upsert(
    db: sa.Connection, table: sa.Table, rows: Rows, *, keys: Sequence[str], update: Sequence[str] | None = None
) -> None:
    """Insert rows; where `keys` exist already, overwrite the columns of `update` (default: all the others given).

    Every row must have the same columns.
    """
    if not rows:
        return
    columns = list(update) if update is not None else [name for name in rows[0] if name not in keys]
    statement = insert(db, table)
    change = {name: statement.excluded[name] for name in columns}
    db.execute(
        statement.on_conflict_do_update(index_elements=list(keys), set_=change)
        if change
        else statement.on_conflict_do_nothing(index_elements=list(keys)),
        list(rows),
    )


def insert_ignoring(db: sa.Connection, table: sa.Table, rows: Rows, *, keys: Sequence[str]) -> None:
    """Insert rows; those whose `keys` exist already are left as they are."""
    upsert(db, table, rows, keys=keys, update=[])


def hot_rows(db: sa.Connection, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """All rows of a statement with `?` marks; on SQLite straight from the driver, at a fifth of the cost.

    For what every answer reads. Errors of the driver come as they are; `Database.read` gives them their words.
    """
    if db.dialect.name == "postgresql":
        return [tuple(row) for row in db.exec_driver_sql(sql.replace("?", "%s"), tuple(values))]
    driver: Any = db.connection.driver_connection
    rows: list[tuple[Any, ...]] = driver.execute(sql, values).fetchall()
    return rows


def hot_rows_among(db: sa.Connection, sql: str, values: Collection[str] | Collection[int]) -> list[tuple[Any, ...]]:
    """The rows, in no order, of a statement that ends in `WHERE` and a column which is to be one of `values`.

    One statement for any number of values: the marks of an `IN` cost more to write out than the rows to read.
    """
    if not values:
        return []
    if db.dialect.name == "postgresql":
        return hot_rows(db, f"{sql} = ANY(?)", (list(values),))
    if len(values) == 1:
        return hot_rows(db, f"{sql} = ?", tuple(values))
    return hot_rows(db, f"{sql} IN (SELECT value FROM json_each(?))", (_encoder.encode(list(values)).decode(),))  # noqa: S608


def hot_run(db: sa.Connection, sql: str, values: Sequence[Any] = ()) -> None:
    """Run a statement that answers no rows, with `?` marks; as cheap as `hot_rows`."""
    if db.dialect.name == "postgresql":
        db.exec_driver_sql(sql.replace("?", "%s"), tuple(values))
    else:
        driver: Any = db.connection.driver_connection
        driver.execute(sql, values)


def hot_run_many(db: sa.Connection, sql: str, rows: Sequence[Sequence[Any]]) -> None:
    """Run a statement with `?` marks once for each of `rows` (at least one); as cheap as `hot_rows`."""
    if db.dialect.name == "postgresql":
        db.exec_driver_sql(sql.replace("?", "%s"), list(map(tuple, rows)))
    else:
        driver: Any = db.connection.driver_connection
        driver.executemany(sql, rows)
