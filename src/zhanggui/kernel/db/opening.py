"""From an address to a store."""

from __future__ import annotations

from pathlib import Path

from zhanggui.kernel.errors import InvalidInput

from .database import Database


def open_database(address: str, *, schema: str = "") -> Database:
    """Open a store.

    Args:
        address: `sqlite:///path/to/file.db`, or `postgresql://user:password@host/name`.
        schema: on PostgreSQL, the schema whose tables are meant (made by `migrate`); SQLite has none.

    Raises:
        InvalidInput: the address is of neither kind.
        Unavailable: the store cannot be reached, or its driver is not installed.
    """
    if address.startswith("sqlite:///"):
        from .sqlite import SqliteDatabase

        return SqliteDatabase(Path(address.removeprefix("sqlite:///")))
    if address.startswith("postgresql://"):
        from .postgresql import PostgresqlDatabase

        return PostgresqlDatabase(address, schema=schema)
    raise InvalidInput(
        f"{address.split('://')[0]!r} is not a store that Zhanggui knows.",
        hint="Write sqlite:///path/to/file.db or postgresql://user:password@host/name.",
    )
