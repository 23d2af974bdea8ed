"""API keys, in the control store. What is kept of a secret is its keyed hash."""

from __future__ import annotations

from typing import Any

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.changes import announce
from zhanggui.kernel.clock import from_ms, moment_or_none
from zhanggui.kernel.db import control_metadata
from zhanggui.trust.types.access import ApiKey

api_keys = sa.Table(
    "api_keys",
    control_metadata,
    sa.Column("id", sa.String(16), primary_key=True),
    sa.Column("shop", sa.String(63), nullable=False, index=True),
    sa.Column("name", sa.String(128), nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("hash", sa.LargeBinary(32), nullable=False),
    sa.Column("scopes", sa.LargeBinary, nullable=False),
    sa.Column("origins", sa.LargeBinary, nullable=False),
    sa.Column("created_ms", sa.BigInteger, nullable=False),
    sa.Column("expires_ms", sa.BigInteger),
    sa.Column("last_used_ms", sa.BigInteger),
    sa.Column("revoked_ms", sa.BigInteger),
    sa.Column("replaced_by", sa.String(16)),
)


class HeldKey(msgspec.Struct, frozen=True):
    """A key with what is needed to recognise it."""

    key: ApiKey
    hash: bytes


def store_key(db: sa.Connection, row: dict[str, Any]) -> None:
    """Keep a new key."""
    row = {**row, "scopes": msgspec.json.encode(row["scopes"]), "origins": msgspec.json.encode(row["origins"])}
    db.execute(sa.insert(api_keys).values(row))
    announce(db, "key", [row["id"]])


def change_key(db: sa.Connection, key_id: str, **values: object) -> None:
    """Change a key so that every process sees it at its next request."""
    db.execute(sa.update(api_keys).where(api_keys.c.id == key_id).values(**values))
    announce(db, "key", [key_id])


def note_use(db: sa.Connection, key_id: str, at_ms: int) -> None:
    """Note that a key was used; nobody's cache needs to know."""
    db.execute(sa.update(api_keys).where(api_keys.c.id == key_id).values(last_used_ms=at_ms))


def key_by_id(db: sa.Connection, key_id: str) -> HeldKey | None:
    """One key, whatever its state."""
    row = db.execute(sa.select(api_keys).where(api_keys.c.id == key_id)).first()
    return None if row is None else HeldKey(_key(row), bytes(row.hash))


def keys_of(db: sa.Connection, shop: str) -> list[ApiKey]:
    """A shop's keys, oldest first."""
    c = api_keys.c
    return [_key(row) for row in db.execute(sa.select(api_keys).where(c.shop == shop).order_by(c.created_ms, c.id))]


def listed_origins(db: sa.Connection) -> dict[str, int | None]:
    """Origin → the last moment at which a publishable key lists it; None: one does without an end."""
    c = api_keys.c
    keys = sa.select(c.origins, c.expires_ms).where(c.kind == "publishable", c.revoked_ms.is_(None))
    ends: dict[str, int | None] = {}
    for origins, expires_ms in db.execute(keys):
        for origin in msgspec.json.decode(origins, type=tuple[str, ...]):
            held = ends.get(origin, 0)
            ends[origin] = None if held is None or expires_ms is None else max(held, expires_ms)
    return ends


def _key(row: Any) -> ApiKey:
    return ApiKey(
        id=row.id,
        shop=row.shop,
        name=row.name,
        kind=row.kind,
        scopes=msgspec.json.decode(row.scopes, type=tuple[str, ...]),
        origins=msgspec.json.decode(row.origins, type=tuple[str, ...]),
        created_at=from_ms(row.created_ms),
        expires_at=moment_or_none(row.expires_ms),
        last_used_at=moment_or_none(row.last_used_ms),
        revoked_at=moment_or_none(row.revoked_ms),
        replaced_by=row.replaced_by,
    )
