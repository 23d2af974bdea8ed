"""The newest datasheet of each kind of training: what the gate found, whether it let the set pass or not."""

from __future__ import annotations

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.datasheets import Datasheet
from zhanggui.kernel.db import shop_metadata, upsert

datasheets = sa.Table(
    "trust_datasheets",
    shop_metadata,
    sa.Column("kind", sa.String(32), primary_key=True),
    sa.Column("at_ms", sa.BigInteger, nullable=False),
    sa.Column("fact", sa.LargeBinary, nullable=False),  # JSON of the Datasheet
)
_sheet = msgspec.json.Decoder(Datasheet)


def put_sheet(db: sa.Connection, sheet: Datasheet) -> None:
    """Keep a sheet in the place of the one before of its kind."""
    row = {"kind": sheet.kind, "at_ms": sheet.at_ms, "fact": msgspec.json.encode(sheet)}
    upsert(db, datasheets, [row], keys=["kind"])


def sheets(db: sa.Connection) -> list[Datasheet]:
    """All of them, by kind."""
    rows = db.execute(sa.select(datasheets.c.fact).order_by(datasheets.c.kind))
    return [_sheet.decode(row.fact) for row in rows]
