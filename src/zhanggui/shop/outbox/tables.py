"""The outbox's tables: entries, and the switch that stops all outlets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.clock import from_ms
from zhanggui.kernel.db import shop_metadata, upsert

from .types import Card, OutboxEntry, OutboxState

outbox_entries = sa.Table(
    "outbox_entries",
    shop_metadata,
    sa.Column("id", sa.String(26), primary_key=True),  # ULID: sorts by time
    sa.Column("outlet", sa.String(64), nullable=False),
    sa.Column("kind", sa.String(64), nullable=False),
    sa.Column("payload", sa.LargeBinary, nullable=False),
    sa.Column("card", sa.LargeBinary, nullable=False),
    sa.Column("reference", sa.String(64), nullable=False, index=True),
    sa.Column("idempotency_key", sa.String(128), nullable=False, unique=True),
    sa.Column("state", sa.String(16), nullable=False, index=True),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("note", sa.String(512), nullable=False),
    sa.Column("created_ms", sa.BigInteger, nullable=False),
    sa.Column("updated_ms", sa.BigInteger, nullable=False),
    sa.Column("settled_by", sa.String(300), nullable=False),
)

outbox_switch = sa.Table(
    "outbox_switch",
    shop_metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),  # always 1
    sa.Column("is_paused", sa.Boolean, nullable=False),
    sa.Column("actor", sa.String(300), nullable=False),
    sa.Column("at_ms", sa.BigInteger, nullable=False),
)


def is_paused(db: sa.Connection) -> bool:
    """Whether everything is paused."""
    return bool(db.execute(sa.select(outbox_switch.c.is_paused)).scalar())


def set_paused(db: sa.Connection, *, paused: bool, actor: str, at_ms: int) -> None:
    """Throw the switch."""
    upsert(db, outbox_switch, [{"id": 1, "is_paused": paused, "actor": actor, "at_ms": at_ms}], keys=["id"])


def store_entry(db: sa.Connection, row: dict[str, Any]) -> None:
    """Keep a new entry."""
    db.execute(sa.insert(outbox_entries).values(row))


def update_entry(db: sa.Connection, entry_id: str, **values: object) -> None:
    """Change columns of an entry."""
    db.execute(sa.update(outbox_entries).where(outbox_entries.c.id == entry_id).values(**values))


def entry_by_id(db: sa.Connection, entry_id: str, *, lock: bool = False) -> OutboxEntry | None:
    """One entry; with `lock`, nobody else changes it until this transaction ends."""
    statement = sa.select(outbox_entries).where(outbox_entries.c.id == entry_id)
    row = db.execute(statement.with_for_update() if lock else statement).first()
    return None if row is None else _entry(row)


def entry_by_key(db: sa.Connection, idempotency_key: str) -> OutboxEntry | None:
    """The entry that was queued under this key."""
    row = db.execute(sa.select(outbox_entries).where(outbox_entries.c.idempotency_key == idempotency_key)).first()
    return None if row is None else _entry(row)


def latest_of(db: sa.Connection, reference: str) -> OutboxEntry | None:
    """The newest entry that a sender put under its own id."""
    c = outbox_entries.c
    found = db.execute(sa.select(outbox_entries).where(c.reference == reference).order_by(c.id.desc()).limit(1)).first()
    return None if found is None else _entry(found)


def entries_page(
    db: sa.Connection, *, after: str | None, limit: int, state: OutboxState | None, outlet: str | None
) -> list[OutboxEntry]:
    """Entries, newest first, those older than `after`."""
    c = outbox_entries.c
    statement = sa.select(outbox_entries).order_by(c.id.desc()).limit(limit)
    if after is not None:
        statement = statement.where(c.id < after)
    if state is not None:
        statement = statement.where(c.state == state.value)
    if outlet is not None:
        statement = statement.where(c.outlet == outlet)
    return [_entry(row) for row in db.execute(statement)]


def queued_ids(db: sa.Connection) -> Sequence[str]:
    """What waits to be sent, oldest first."""
    c = outbox_entries.c
    return db.execute(sa.select(c.id).where(c.state == OutboxState.QUEUED.value).order_by(c.id)).scalars().all()


def _entry(row: Any) -> OutboxEntry:
    return OutboxEntry(
        id=row.id,
        outlet=row.outlet,
        kind=row.kind,
        payload=msgspec.json.decode(row.payload),
        card=msgspec.json.decode(row.card, type=Card),
        reference=row.reference,
        idempotency_key=row.idempotency_key,
        state=OutboxState(row.state),
        attempts=row.attempts,
        note=row.note,
        created_at=from_ms(row.created_ms),
        updated_at=from_ms(row.updated_ms),
        settled_by=row.settled_by,
    )
