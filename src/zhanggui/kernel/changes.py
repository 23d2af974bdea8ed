"""The change feed: writes that other processes must see raise one number in the same transaction.

A request reads `last_seq`; when it has moved, `changes_since` gives the delta to apply to caches. There is no
time-to-live: the next request on any process sees the write.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
import sqlalchemy as sa

from .db import BigKey, Database, control_metadata, hot_rows, hot_run, hot_run_many, shop_metadata

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
_RAISE = (
    "INSERT INTO change_counter (id, seq) VALUES (1, ?) "
    "ON CONFLICT (id) DO UPDATE SET seq = change_counter.seq + excluded.seq RETURNING seq"
)
_ADD = "INSERT INTO changes (seq, kind, subject) VALUES (?, ?, ?)"
_FORGET = "DELETE FROM changes WHERE seq <= ?"
_OLDEST = "SELECT MIN(seq) FROM changes"
_SINCE = "SELECT seq, kind, subject FROM changes WHERE seq > ? ORDER BY seq"
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
    raised = int(hot_rows(db, _RAISE, (len(wanted),))[0][0])
    first = raised - len(wanted) + 1
    hot_run_many(db, _ADD, [(first + n, kind, subject) for n, subject in enumerate(wanted)])
    if raised // KEPT != (first - 1) // KEPT:
        hot_run(db, _FORGET, (raised - KEPT,))
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
    oldest = hot_rows(db, _OLDEST)[0][0]
    if oldest is not None and oldest > seq + 1:
        return None
    return [Change(*row) for row in hot_rows(db, _SINCE, (seq,))]
