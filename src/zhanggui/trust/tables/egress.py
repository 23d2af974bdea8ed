"""The egress register of a shop."""

from __future__ import annotations

from typing import Any

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.db import shop_metadata
from zhanggui.trust.types.egress import Source

egress_hosts = sa.Table(
    "trust_egress_hosts",
    shop_metadata,
    sa.Column("host", sa.String(255), primary_key=True),
    sa.Column("use", sa.String(16), primary_key=True),
    sa.Column("purpose", sa.String(512), nullable=False),
    sa.Column("fields", sa.LargeBinary, nullable=False),  # JSON: list of text
    sa.Column("is_personal", sa.Boolean, nullable=False),
    sa.Column("country", sa.String(2), nullable=False),
    sa.Column("contract", sa.String(512), nullable=False),
    sa.Column("separate", sa.String(64), nullable=False, server_default=""),  # name of a separate consent
    sa.Column("source", sa.String(16), nullable=False),
    sa.Column("by", sa.String(300), nullable=False),
    sa.Column("at_ms", sa.BigInteger, nullable=False),
    sa.Column("is_removed", sa.Boolean, nullable=False),  # stays, so that a setting does not bring it back
)


class HeldHost(msgspec.Struct, frozen=True, kw_only=True):
    """One row."""

    host: str
    use: str
    purpose: str
    fields: tuple[str, ...]
    is_personal: bool
    country: str
    contract: str
    source: Source
    by: str
    at_ms: int
    separate: str = ""
    is_removed: bool = False


def host_of(db: sa.Connection, host: str, use: str) -> HeldHost | None:
    """One entry, a removed one too."""
    c = egress_hosts.c
    row = db.execute(sa.select(egress_hosts).where(c.host == host, c.use == use)).first()
    return None if row is None else _held(row)


def all_hosts(db: sa.Connection) -> list[HeldHost]:
    """Every entry, removed ones too, by name."""
    order = (egress_hosts.c.host, egress_hosts.c.use)
    return [_held(row) for row in db.execute(sa.select(egress_hosts).order_by(*order))]


def put_host(db: sa.Connection, held: HeldHost) -> None:
    """Write one entry in the place of what stood there."""
    c = egress_hosts.c
    db.execute(sa.delete(egress_hosts).where(c.host == held.host, c.use == held.use))
    row = msgspec.structs.asdict(held) | {"fields": msgspec.json.encode(held.fields)}
    db.execute(sa.insert(egress_hosts).values(row))


def _held(row: Any) -> HeldHost:
    fields = msgspec.json.decode(row.fields, type=tuple[str, ...])
    values = {name: getattr(row, name) for name in HeldHost.__struct_fields__ if name != "fields"}
    return HeldHost(fields=fields, **values)
