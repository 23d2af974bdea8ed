"""Many rows in one statement, spelled for both stores. Only hot paths come here: no object is built per row."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.clock import to_ms
from zhanggui.kernel.db import hot_rows, hot_rows_among, hot_run_many, shop_metadata
from zhanggui.kernel.personal import Personal

Row = tuple[Any, ...]

# Numbers come from here and not from the store's own sequences: those burn numbers on conflicts, and ours are dense.
number_counters = sa.Table(
    "number_counters",
    shop_metadata,
    sa.Column("kind", sa.String(32), primary_key=True),
    sa.Column("last", sa.BigInteger, nullable=False),
)

_TAKE_NUMBERS = (
    "INSERT INTO number_counters (kind, last) VALUES (?, ?) "
    "ON CONFLICT (kind) DO UPDATE SET last = number_counters.last + excluded.last RETURNING last"
)

_SCALARS = frozenset({str, int, float, bool, type(None)})
_encoder = msgspec.json.Encoder()
_orderless = msgspec.json.Encoder(order="deterministic")


def encode(fact: object) -> bytes:
    """JSON of a fact, as it is kept."""
    return _encoder.encode(fact)


def content_hash(*parts: object) -> int:
    """A signed 64-bit hash of facts, equal for equal facts: no spelling counts, nor the order of a mapping's keys."""
    digest = hashlib.blake2b(_orderless.encode(_plain(parts)), digest_size=8).digest()
    return int.from_bytes(digest, "little", signed=True)


def _plain(value: object) -> object:
    # msgspec leaves out a default only when it is the very same object, so equal structs may encode differently.
    if isinstance(value, msgspec.Struct):
        fields = msgspec.structs.astuple(value)
        if _SCALARS.issuperset(map(type, fields)):  # order lines, by the hundred thousand: no list is made for them
            return fields
        value = fields
    if isinstance(value, tuple):
        return [one if type(one) in _SCALARS else _plain(one) for one in value]
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    return to_ms(value) if isinstance(value, datetime) else value


def select_among(
    db: sa.Connection, table: sa.Table, columns: Sequence[str], key: str, values: Collection[str] | Collection[int]
) -> list[Row]:
    """The rows whose `key` is one of `values`, in no order; one statement for any number of values."""
    return hot_rows_among(db, f"SELECT {', '.join(columns)} FROM {table.name} WHERE {key}", values)  # noqa: S608


def delete_among(db: sa.Connection, table: sa.Table | Personal, key: str, values: Collection[int]) -> None:
    """Delete the rows whose `key` is one of `values`."""
    if not values:
        return
    chosen = f"DELETE FROM {table.name} WHERE {key}"  # noqa: S608
    if db.dialect.name == "postgresql":
        db.exec_driver_sql(f"{chosen} = ANY(%s)", (list(values),))
    else:
        listed = _encoder.encode(list(values)).decode()
        db.exec_driver_sql(f"{chosen} IN (SELECT value FROM json_each(?))", (listed,))  # noqa: S608


def put_rows(
    db: sa.Connection,
    table: sa.Table | Personal,
    columns: Sequence[str],
    rows: Sequence[Row],
    *,
    keys: Sequence[str] = (),
) -> None:
    """Insert rows; with `keys`, a row that stands under the same keys is overwritten."""
    if not rows:
        return
    sql = f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"  # noqa: S608
    if keys:
        changes = ", ".join(f"{name} = excluded.{name}" for name in columns if name not in keys)
        sql += f" ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {changes}"
    hot_run_many(db, sql, rows)


def take_numbers(db: sa.Connection, kind: str, count: int) -> range:
    """`count` new numbers, dense from 1 and never given twice; until the commit nobody else gets one of this kind."""
    last = int(hot_rows(db, _TAKE_NUMBERS, (kind, count))[0][0])
    return range(last - count + 1, last + 1)


def known_ids(
    db: sa.Connection, table: sa.Table, columns: Sequence[str], kind: str, ids: Collection[str]
) -> dict[str, Row]:
    """Rows by id, ready for new ids to be numbered: where one is missing, nobody else can number it before us."""
    found = {row[0]: row for row in select_among(db, table, ("id", *columns), "id", ids)}
    if db.dialect.name == "postgresql" and len(found) < len(set(ids)):
        take_numbers(db, kind, 0)  # waits for whoever is numbering, whose rows the next look then sees
        found = {row[0]: row for row in select_among(db, table, ("id", *columns), "id", ids)}
    return found
