"""The SQL of the HTTP door: answers to repeat under an idempotency key."""

from __future__ import annotations

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.clock import DAY_MS
from zhanggui.kernel.db import control_metadata, insert_ignoring

KEPT_MS = DAY_MS
STALE_MS = 30_000
"""After this long an unfinished request counts as lost (its worker was killed), and may be tried again."""

idempotent_answers = sa.Table(
    "idempotent_answers",
    control_metadata,
    sa.Column("scope", sa.LargeBinary(32), primary_key=True),  # hash of caller, method, path and key
    sa.Column("owner", sa.String(26), nullable=False),  # the request that holds the key
    sa.Column("request_hash", sa.LargeBinary(32), nullable=False),
    sa.Column("begun_ms", sa.BigInteger, nullable=False, index=True),
    sa.Column("status", sa.Integer, nullable=False),  # 0 while the request runs
    sa.Column("media_type", sa.String(128), nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),  # sealed
)


class StoredAnswer(msgspec.Struct, frozen=True):
    """What is known of a request under an idempotency key."""

    owner: str
    request_hash: bytes
    begun_ms: int
    status: int
    media_type: str
    body: bytes


def claim(db: sa.Connection, scope: bytes, request_hash: bytes, *, owner: str, now_ms: int) -> StoredAnswer | None:
    """Take the key for a new request (None), or say what another made of it."""
    c = idempotent_answers.c
    db.execute(sa.delete(idempotent_answers).where(c.begun_ms < now_ms - KEPT_MS))
    is_lost = (c.scope == scope) & (c.status == 0) & (c.begun_ms < now_ms - STALE_MS)
    db.execute(sa.delete(idempotent_answers).where(is_lost))
    row = {"scope": scope, "owner": owner, "request_hash": request_hash, "begun_ms": now_ms}
    insert_ignoring(db, idempotent_answers, [row | {"status": 0, "media_type": "", "body": b""}], keys=["scope"])
    found = db.execute(sa.select(idempotent_answers).where(c.scope == scope)).one()
    return None if found.owner == owner else msgspec.convert(found, StoredAnswer, from_attributes=True)


def keep(db: sa.Connection, scope: bytes, status: int, media_type: str, body: bytes) -> None:
    """Store the answer of the request that holds the key."""
    change = sa.update(idempotent_answers).where(idempotent_answers.c.scope == scope)
    db.execute(change.values(status=status, media_type=media_type, body=body))


def release(db: sa.Connection, scope: bytes) -> None:
    """Let go of the key: the request failed in a way that trying again may cure."""
    db.execute(sa.delete(idempotent_answers).where(idempotent_answers.c.scope == scope))
