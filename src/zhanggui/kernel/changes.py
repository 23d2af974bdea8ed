"""The change feed: writes that other processes must see raise one number in the same transaction.

A request reads `last_seq`; when it has moved, `changes_since` gives the delta to apply to caches. There is no
time-to-live: the next request on any process sees the write.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
import sqlalchemy as sa

from .db import BigKey, Database, control_metadata, hot_rows, insert, shop_metadata

change_counter = sa.Table(
    "change_counter",
    shop_metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),  # always 1
    sa.Column("seq", sa.BigInteger, nullable=False),
)

changes = sa.Table(
    "changes",
    shop_metadata,
    sa.Column("seq", BigKey, primary_key=True, autoincrement=False),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("subject", sa.String(256), nullable=False),
)

# The control store has a feed of its own (keys, users, shops); the statements below serve both.
change_counter.to_metadata(control_metadata)
changes.to_metadata(control_metadata)

_LAST_SEQ = "SELECT seq FROM change_counter"
KEPT = 100_000
"""Changes kept; a reader that fell further behind reloads (`changes_since` returns None)."""


class Change(msgspec.Struct, frozen=True):
    """One changed thing: `kind` is `product`, `offer`, `rule`, `consent`, `person`, `model`, ...; `subject` its id."""

    seq: int
    kind: str
    subject: str


def announce(db: sa.Connection, kind: str, subjects: Iterable[str]) -> int:
    """Raise the feed for each subject, inside the writer's transaction; returns the new last number."""
    wanted = list(dict.fromkeys(subjects))
    if not wanted:
        return last_seq(db)
    # Counting and locking are one statement: numbers become visible in their order, whoever commits first.
    statement = insert(db, change_counter).values(id=1, seq=len(wanted))
    raised: int = db.execute(
        statement.on_conflict_do_update(
            index_elements=["id"], set_={"seq": change_counter.c.seq + statement.excluded.seq}
        ).returning(change_counter.c.seq)
    ).scalar_one()
    first = raised - len(wanted) + 1
    db.execute(
        sa.insert(changes), [{"seq": first + n, "kind": kind, "subject": subject} for n, subject in enumerate(wanted)]
    )
    if raised // KEPT != (first - 1) // KEPT:
        db.execute(sa.delete(changes).where(changes.c.seq <= raised - KEPT))
    return raised


def last_seq(db: sa.Connection) -> int:
    """The number of the newest change that `db` sees; 0 before the first."""
    rows = hot_rows(db, _LAST_SEQ)
    return int(rows[0][0]) if rows else 0


def latest_seq(database: Database) -> int:
    """The number of the newest change right now; 0 before the first. A fraction of the cost of a snapshot."""
    row = database.peek(_LAST_SEQ)
    return 0 if row is None else int(row[0])


def changes_since(db: sa.Connection, seq: int) -> list[Change] | None:
    """Changes after `seq`, oldest first.

    None means reload: some of them are no longer kept, or the store is older than the reader (it was restored).
    """
    if last_seq(db) < seq:
        return None
    oldest = db.execute(sa.select(sa.func.min(changes.c.seq))).scalar()
    if oldest is not None and oldest > seq + 1:
        return None
    rows = db.execute(sa.select(changes).where(changes.c.seq > seq).order_by(changes.c.seq))
    return [Change(row.seq, row.kind, row.subject) for row in rows]
