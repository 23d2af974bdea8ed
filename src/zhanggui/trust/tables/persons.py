"""Erasures: what is under way, the receipts, and the keyed hashes of whom the shop may not take in again."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.db import hot_rows, insert_ignoring, shop_metadata
from zhanggui.kernel.slices import sliced

erasures = sa.Table(
    "erasures",
    shop_metadata,
    sa.Column("id", sa.String(26), primary_key=True),  # of the receipt; a ULID: sorts by time
    sa.Column("state", sa.String(12), nullable=False, index=True),  # cleaning, done
    sa.Column("at_ms", sa.BigInteger, nullable=False),
    sa.Column("receipt", sa.LargeBinary, nullable=False),  # JSON
    sa.Column("rest", sa.LargeBinary),  # what must still be looked for, sealed under a key of its own; None once done
)

erased_ids = sa.Table(
    "erased_ids",
    shop_metadata,
    sa.Column("hash", sa.LargeBinary(32), primary_key=True),
    sa.Column("erasure", sa.String(26), nullable=False, index=True),
)

CLEANING, DONE = "cleaning", "done"
_AT_ONCE = 500


class HeldErasure(msgspec.Struct, frozen=True):
    """One row of `erasures`."""

    id: str
    state: str
    at_ms: int
    receipt: bytes
    rest: bytes | None


def add_erasure(db: sa.Connection, held: HeldErasure) -> None:
    """Keep an erasure that has begun."""
    db.execute(sa.insert(erasures).values(msgspec.structs.asdict(held)))


def change_erasure(db: sa.Connection, id_: str, **values: object) -> None:
    """Change columns of an erasure."""
    db.execute(sa.update(erasures).where(erasures.c.id == id_).values(**values))


def erasure(db: sa.Connection, id_: str) -> HeldErasure | None:
    """One erasure."""
    row = db.execute(sa.select(erasures).where(erasures.c.id == id_)).one_or_none()
    return None if row is None else msgspec.convert(row, HeldErasure, from_attributes=True)


def erasures_page(db: sa.Connection, *, before: str | None, limit: int) -> list[HeldErasure]:
    """Erasures, newest first, those older than `before`."""
    chosen = sa.select(erasures).order_by(erasures.c.id.desc()).limit(limit)
    rows = db.execute(chosen if before is None else chosen.where(erasures.c.id < before))
    return [msgspec.convert(row, HeldErasure, from_attributes=True) for row in rows]


def under_way(db: sa.Connection) -> list[HeldErasure]:
    """Erasures whose trails are not clean yet, oldest first."""
    chosen = sa.select(erasures).where(erasures.c.state == CLEANING).order_by(erasures.c.id)
    return [msgspec.convert(row, HeldErasure, from_attributes=True) for row in db.execute(chosen)]


def add_erased_ids(db: sa.Connection, hashes: Iterable[bytes], erasure_id: str) -> None:
    """Remember whom the shop may not take in again."""
    rows = [{"hash": digest, "erasure": erasure_id} for digest in dict.fromkeys(hashes)]
    insert_ignoring(db, erased_ids, rows, keys=["hash"])


def is_anybody_erased(db: sa.Connection) -> bool:
    """Whether the list holds anything."""
    return bool(hot_rows(db, "SELECT 1 FROM erased_ids LIMIT 1"))


def erased_among(db: sa.Connection, hashes: Collection[bytes]) -> dict[bytes, str]:
    """Those of `hashes` that are on the list, with their erasure."""
    found: dict[bytes, str] = {}
    for some in sliced(list(hashes), _AT_ONCE):
        chosen = sa.select(erased_ids).where(erased_ids.c.hash.in_(some))
        found |= {bytes(row.hash): row.erasure for row in db.execute(chosen)}
    return found


def take_back(db: sa.Connection, hashes: Collection[bytes]) -> int:
    """Let somebody in again; returns how many hashes went."""
    return db.execute(sa.delete(erased_ids).where(erased_ids.c.hash.in_(list(hashes)))).rowcount
