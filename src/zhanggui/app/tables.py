"""The SQL of the installation itself: which shops there are."""

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


def add_shop(db: sa.Connection, name: str, now_ms: int) -> None:
    """Note a new shop; one that is known stays as it is."""
    if name not in shop_names(db):
        insert_ignoring(db, shops, [{"name": name, "created_ms": now_ms}], keys=["name"])
        announce(db, "shop", [name])


def shop_names(db: sa.Connection) -> list[str]:
    """The names of all shops, in order."""
    return list(db.execute(sa.select(shops.c.name).order_by(shops.c.name)).scalars())
