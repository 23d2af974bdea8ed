"""The SQL of the installation itself: which shops there are, and which master key it is written with."""

from __future__ import annotations

import sqlalchemy as sa

from zhanggui.kernel.changes import announce
from zhanggui.kernel.db import control_metadata, insert_ignoring

shops = sa.Table(
    "shops",
    control_metadata,
    sa.Column("name", sa.String(63), primary_key=True),
    sa.Column("created_ms", sa.BigInteger, nullable=False),
)

master_key_marks = sa.Table(
    "master_key_marks",
    control_metadata,
    sa.Column("id", sa.SmallInteger, primary_key=True, autoincrement=False),  # 1: there is one master key
    sa.Column("mark", sa.LargeBinary(32), nullable=False),
)

installation_secrets = sa.Table(
    "installation_secrets",
    control_metadata,
    sa.Column("use", sa.String(16), primary_key=True),
    sa.Column("key_id", sa.LargeBinary(8), nullable=False),  # of the master key that wraps it
    sa.Column("wrapped", sa.LargeBinary, nullable=False),
)


def note_master_key(db: sa.Connection, mark: bytes) -> None:
    """Note which master key the installation is written with, once and for all."""
    insert_ignoring(db, master_key_marks, [{"id": 1, "mark": mark}], keys=["id"])


def master_key_mark(db: sa.Connection) -> bytes | None:
    """The mark of the master key that the installation is written with; `None` until it is noted."""
    return db.execute(sa.select(master_key_marks.c.mark)).scalar()


def change_master_key(db: sa.Connection, mark: bytes) -> None:
    """Note that the installation is written with another master key from now on."""
    db.execute(sa.update(master_key_marks).values(mark=mark))


def add_shop(db: sa.Connection, name: str, now_ms: int) -> None:
    """Note a new shop; one that is known stays as it is."""
    if name not in shop_names(db):
        insert_ignoring(db, shops, [{"name": name, "created_ms": now_ms}], keys=["name"])
        announce(db, "shop", [name])


def shop_names(db: sa.Connection) -> list[str]:
    """The names of all shops, in order."""
    return list(db.execute(sa.select(shops.c.name).order_by(shops.c.name)).scalars())
