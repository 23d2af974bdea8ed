"""The log of served lists: what a shopper was shown, one row a list."""

from __future__ import annotations

import struct
from collections.abc import Collection, Iterator, Sequence
from typing import Any

import msgspec
import numpy as np
import sqlalchemy as sa

from zhanggui.kernel.db import hot_run, shop_metadata
from zhanggui.kernel.personal import Personal, PersonalText
from zhanggui.kernel.privacy import Duty, Reason
from zhanggui.shop.tables.bulk import select_among
from zhanggui.shop.types.accepting import ServedList

from .hot import Longs

served_lists = Personal(
    sa.Table(
        "served_lists",
        shop_metadata,
        sa.Column("id", sa.String(26), primary_key=True),
        sa.Column("person", sa.BigInteger, nullable=False, index=True),
        sa.Column("surface", sa.String(512), nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
        sa.Column("products", sa.LargeBinary, nullable=False),  # int32 little-endian, in the order shown
        sa.Column("propensities", sa.LargeBinary, nullable=False),  # float32 little-endian; empty when none are known
        sa.Column("model", sa.String(64), nullable=False),
    )
)

_COLUMNS = ("id", "person", "surface", "at_ms", "products", "propensities", "model")
_NAMES = ", ".join(_COLUMNS)
# One statement for all lists, their numbers in one blob: between two rows of many statements the driver lets other
# threads of the process have the interpreter and waits for it again, and answers are being made meanwhile.
_AS_JSON = (
    f"INSERT INTO served_lists ({_NAMES}) SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, "  # noqa: S608
    "coalesce(substr(?1, value ->> 4, value ->> 5), x''), coalesce(substr(?1, value ->> 6, value ->> 7), x''), "
    "value ->> 8 FROM json_each(?2)"
)


def add_served(db: sa.Connection, lists: Sequence[ServedList]) -> None:
    """Log lists."""
    if not lists:
        return
    if db.dialect.name == "postgresql":
        rows = [
            (one.id, one.person, one.surface, one.at_ms, _products(one), _propensities(one), one.model) for one in lists
        ]
        marks = ", ".join(["%s"] * len(_COLUMNS))
        db.exec_driver_sql(f"INSERT INTO served_lists ({_NAMES}) VALUES ({marks})", rows)  # noqa: S608
        return
    packed, rows_in = bytearray(), []
    for one in lists:
        products, propensities = _products(one), _propensities(one)
        place = len(packed) + 1
        packed += products + propensities
        spans = (place, len(products), place + len(products), len(propensities))
        rows_in.append((one.id, one.person, one.surface, one.at_ms, *spans, one.model))
    hot_run(db, _AS_JSON, (bytes(packed), msgspec.json.encode(rows_in).decode()))


def _products(one: ServedList) -> bytes:
    return struct.pack(f"<{len(one.products)}i", *one.products)


def _propensities(one: ServedList) -> bytes:
    return struct.pack(f"<{len(one.propensities)}f", *one.propensities)


def served_of(db: sa.Connection, list_id: str, *, purpose: Reason) -> ServedList | None:
    """The list of that id."""
    table = served_lists.for_(purpose)
    row = db.execute(sa.select(table).where(table.c.id == list_id)).fetchone()
    return None if row is None else _served(row)


def shown_to(
    db: sa.Connection, persons: Sequence[int], since_ms: int, limit: int, *, purpose: Reason
) -> tuple[Longs, Longs]:
    """Product numbers in the last `limit` lists of persons since a moment, once for each time, and when. Hot."""
    marks = ", ".join("?" * len(persons))
    chosen = f"person IN ({marks}) AND at_ms >= ? ORDER BY id DESC LIMIT 0 + ?"
    asked = PersonalText(f"SELECT at_ms, products FROM served_lists WHERE {chosen}")  # noqa: S608
    rows = asked.rows(db, purpose, (*persons, since_ms, limit))
    products = np.frombuffer(b"".join(bytes(row[1]) for row in rows), dtype="<i4").astype(np.int64)
    times = np.repeat(np.array([row[0] for row in rows], dtype=np.int64), [len(row[1]) // 4 for row in rows])
    return products, times


def served_in_order(db: sa.Connection, limit: int, *, purpose: Reason) -> Iterator[list[ServedList]]:
    """All lists, oldest first, `limit` at a time."""
    return _in_order(db, served_lists.for_(purpose), (), limit)


def served_entries(
    db: sa.Connection, since_ms: int, until_ms: int, limit: int, *, purpose: Reason
) -> Iterator[list[ServedList]]:
    """Lists shown from a moment until before another, oldest first, `limit` at a time."""
    table = served_lists.for_(purpose)
    return _in_order(db, table, (table.c.at_ms >= since_ms, table.c.at_ms < until_ms), limit)


def _in_order(
    db: sa.Connection, table: sa.Table, where: Sequence[sa.ColumnElement[bool]], limit: int
) -> Iterator[list[ServedList]]:
    after, c = "", table.c
    while rows := db.execute(sa.select(table).where(c.id > after, *where).order_by(c.id).limit(limit)).all():
        after = rows[-1].id
        yield [_served(row) for row in rows]


class ServedColumns(msgspec.Struct, frozen=True):
    """Lists as arrays of one length; `product` holds those of all lists, end to end."""

    person: Longs
    at_ms: Longs
    length: Longs
    product: Longs


def served_between(
    db: sa.Connection, since_ms: int, until_ms: int, limit: int, *, purpose: Reason
) -> Iterator[ServedColumns]:
    """Lists shown from a moment until before another, oldest first, `limit` at a time."""
    after, c = "", served_lists.for_(purpose).c
    chosen = sa.select(c.id, c.person, c.at_ms, c.products).where(c.at_ms >= since_ms, c.at_ms < until_ms)
    while rows := db.execute(chosen.where(c.id > after).order_by(c.id).limit(limit)).all():
        after = rows[-1].id
        yield ServedColumns(
            person=np.array([row.person for row in rows], dtype=np.int64),
            at_ms=np.array([row.at_ms for row in rows], dtype=np.int64),
            length=np.array([len(row.products) // 4 for row in rows], dtype=np.int64),
            product=np.frombuffer(b"".join(bytes(row.products) for row in rows), dtype="<i4").astype(np.int64),
        )


def known_served(db: sa.Connection, ids: Collection[str]) -> set[str]:
    """Those of `ids` that are logged."""
    return {row[0] for row in select_among(db, served_lists.for_(Duty.UPKEEP), ("id",), "id", ids)}


def _served(row: sa.Row[Any]) -> ServedList:
    return ServedList(
        id=row.id,
        person=row.person,
        surface=row.surface,
        at_ms=row.at_ms,
        products=tuple(np.frombuffer(row.products, dtype="<i4").tolist()),
        propensities=tuple(np.frombuffer(row.propensities, dtype="<f4").tolist()),
        model=row.model,
    )


def forget_served(db: sa.Connection, *, before_ms: int, limit: int) -> int:
    """Delete at most `limit` of the oldest lists that were shown before a moment; returns how many."""
    c = served_lists.for_(Duty.UPKEEP).c
    oldest = sa.select(c.id, c.at_ms).order_by(c.id).limit(limit)  # ULIDs: the oldest come first
    ids = [row.id for row in db.execute(oldest) if row.at_ms < before_ms]
    if ids:
        db.execute(served_lists.delete(lambda c: c.id.in_(ids)))
    return len(ids)
