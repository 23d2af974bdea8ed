"""The ledger's tables: entries, payloads that erasure may take, checkpoints, and the head that orders writers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

import sqlalchemy as sa

from zhanggui.kernel.db import BigKey, hot_rows, hot_run, hot_run_many, insert_ignoring, shop_metadata
from zhanggui.trust.engines.chain import GENESIS
from zhanggui.trust.engines.walk import Row

ledger = sa.Table(
    "ledger",
    shop_metadata,
    sa.Column("seq", BigKey, primary_key=True, autoincrement=False),
    sa.Column("kind", sa.String(64), nullable=False, index=True),
    sa.Column("at_ms", sa.BigInteger, nullable=False),
    sa.Column("payload_hash", sa.LargeBinary(32), nullable=False),
    sa.Column("hash", sa.LargeBinary(32), nullable=False),
)

ledger_payloads = sa.Table(
    "ledger_payloads",
    shop_metadata,
    sa.Column("seq", BigKey, primary_key=True, autoincrement=False),
    sa.Column("salt", sa.LargeBinary(16)),  # None once erased
    sa.Column("payload", sa.LargeBinary),
    sa.Column("person", sa.BigInteger),  # whom it is about, so that erasure finds it
    sa.Column("receipt", sa.BigInteger),  # the entry that records the erasure
    sa.Column("about", sa.BigInteger),  # hash of the thing it is about, such as `product:p7`
)
for _name in ("person", "about"):  # most entries have neither: indexes of the others cost appends nothing
    _column = ledger_payloads.c[_name]
    sa.Index(
        f"ix_ledger_payloads_{_name}",
        _column,
        sqlite_where=_column.is_not(None),
        postgresql_where=_column.is_not(None),
    )

ledger_checkpoints = sa.Table(
    "ledger_checkpoints",
    shop_metadata,
    sa.Column("seq", BigKey, primary_key=True, autoincrement=False),
    sa.Column("hash", sa.LargeBinary(32), nullable=False),
    sa.Column("at_ms", sa.BigInteger, nullable=False),
    sa.Column("public_key", sa.LargeBinary(32), nullable=False),
    sa.Column("signature", sa.LargeBinary(64), nullable=False),
)

ledger_head = sa.Table(
    "ledger_head",
    shop_metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),  # always 1
    sa.Column("seq", sa.BigInteger, nullable=False),
    sa.Column("hash", sa.LargeBinary(32), nullable=False),
)

BATCH = 256
"""Entries at a time: two batches of tuples are fewer than set off Python's collector, and stay in the cache."""
_CHAIN_SQL = (
    "SELECT l.seq, l.kind, l.at_ms, l.payload_hash, l.hash, p.salt, p.payload, p.receipt "
    "FROM ledger l LEFT JOIN ledger_payloads p ON p.seq = l.seq "
)
_IN_ORDER, _PAGE = "ORDER BY l.seq", f"WHERE l.seq > %s ORDER BY l.seq LIMIT {BATCH}"


def lock_head(db: sa.Connection) -> tuple[int, bytes]:
    """The last entry's number and hash; on PostgreSQL other writers wait here until this transaction ends."""
    statement = _LOCK_SQL + (" FOR UPDATE" if db.dialect.name == "postgresql" else "")
    rows = hot_rows(db, statement)
    if not rows:
        insert_ignoring(db, ledger_head, [{"id": 1, "seq": 0, "hash": GENESIS}], keys=["id"])
        rows = hot_rows(db, statement)
    return int(rows[0][0]), bytes(rows[0][1])


def read_head(db: sa.Connection) -> tuple[int, bytes]:
    """The last entry's number and hash, without waiting for writers."""
    row = db.execute(sa.select(ledger_head.c.seq, ledger_head.c.hash)).first()
    return (0, GENESIS) if row is None else (int(row.seq), bytes(row.hash))


Entry = tuple[int, str, int, bytes, bytes]
"""(seq, kind, at_ms, payload hash, entry hash)."""
Payload = tuple[int, bytes, bytes, int | None, int | None]
"""(seq, salt, payload, person, hash of what it is about)."""
_ENTRY_SQL = "INSERT INTO ledger (seq, kind, at_ms, payload_hash, hash) VALUES (?, ?, ?, ?, ?)"
_PAYLOAD_SQL = "INSERT INTO ledger_payloads (seq, salt, payload, person, about) VALUES (?, ?, ?, ?, ?)"
_LOCK_SQL = "SELECT seq, hash FROM ledger_head WHERE id = 1"
_HEAD_SQL = "UPDATE ledger_head SET seq = ?, hash = ? WHERE id = 1"


def store_entries(db: sa.Connection, entries: Sequence[Entry], payloads: Sequence[Payload]) -> None:
    """Append, and move the head to the last of them. Raw SQL: of a batch, statements by rows took most of the time."""
    if len(entries) == 1:  # as most appends: the other way costs twice as much for one
        hot_run(db, _ENTRY_SQL, entries[0])
        hot_run(db, _PAYLOAD_SQL, payloads[0])
    else:
        hot_run_many(db, _ENTRY_SQL, entries)
        hot_run_many(db, _PAYLOAD_SQL, payloads)
    hot_run(db, _HEAD_SQL, (entries[-1][0], entries[-1][4]))


def chain_batches(db: sa.Connection) -> Iterator[list[Row]]:
    """All entries with their payloads, oldest first, `BATCH` at a time. Raw SQL: rows are handled as plain tuples."""
    # The driver's own cursor: a Row object for each entry would cost as much as one of its two hashes.
    cursor = cast("Any", db.connection.cursor())
    try:
        yield from _paged(cursor) if db.dialect.name == "postgresql" else _streamed(cursor)
    finally:
        cursor.close()


def _streamed(cursor: Any) -> Iterator[list[Row]]:
    cursor.execute(_CHAIN_SQL + _IN_ORDER)
    while rows := cursor.fetchmany(BATCH):
        yield rows


def _paged(cursor: Any) -> Iterator[list[Row]]:
    """In pages, as this driver would fetch all rows at once."""
    after = -(2**62)
    while True:
        cursor.execute(_CHAIN_SQL + _PAGE, (after,))
        rows = cursor.fetchall()
        if not rows:
            return
        yield rows
        after = rows[-1][0]


def page(db: sa.Connection, *, after: int, limit: int, kind: str | None) -> Sequence[Any]:
    """Entries after `after` with payload and receipt, oldest first."""
    c, p = ledger.c, ledger_payloads.c
    statement = (
        sa.select(c.seq, c.kind, c.at_ms, c.hash, p.payload, p.receipt)
        .select_from(ledger.outerjoin(ledger_payloads, p.seq == c.seq))
        .where(c.seq > after)
        .order_by(c.seq)
        .limit(limit)
    )
    return db.execute(statement if kind is None else statement.where(c.kind == kind)).all()


def found(
    db: sa.Connection,
    *,
    above: int,
    below: int,
    limit: int,
    kind: str = "",
    parts: Sequence[Sequence[bytes]] = (),
    about: int | None = None,
    is_oldest_first: bool = False,
) -> Sequence[Any]:
    """Entries with `above < seq < below` whose payload contains one of each of `parts`, newest first unless told.

    With `about`, only those about the thing of that hash: an index leads to them.
    """
    c, p = ledger.c, ledger_payloads.c
    statement = (
        sa.select(c.seq, c.kind, c.at_ms, c.hash, p.payload, p.receipt)
        .select_from(ledger.outerjoin(ledger_payloads, p.seq == c.seq))
        .where(c.seq > above, c.seq < below)
        .order_by(c.seq if is_oldest_first else c.seq.desc())
        .limit(limit)
    )
    if kind:
        statement = statement.where(c.kind == kind)
    if about is not None:
        statement = statement.where(p.about == about)
    for either in parts:
        statement = statement.where(sa.or_(*(_place_in(db, p.payload, part) > 0 for part in either)))
    return db.execute(statement).all()


def is_about_any(db: sa.Connection, about: int) -> bool:
    """Whether there is an entry about the thing of a hash."""
    p = ledger_payloads.c
    return db.execute(sa.select(p.seq).where(p.about == about).limit(1)).first() is not None


def _place_in(db: sa.Connection, column: sa.ColumnElement[Any], part: bytes) -> sa.ColumnElement[int]:
    """Where bytes begin in a column, from 1; 0: nowhere."""
    wanted = sa.literal(part, sa.LargeBinary)
    if db.dialect.name == "postgresql":
        return sa.func.position(wanted.op("IN")(column))
    return sa.func.instr(column, wanted)


def first_since(db: sa.Connection, at_ms: int) -> int:
    """The first entry at or after a moment, one past the last where there is none: entries stand in order of time."""
    c = ledger.c
    low, high = 1, read_head(db)[0] + 1
    while low < high:
        middle = (low + high) // 2
        at = db.execute(sa.select(c.at_ms).where(c.seq >= middle).order_by(c.seq).limit(1)).scalar()
        if at is not None and at < at_ms:
            low = middle + 1
        else:
            high = middle
    return low


def kinds(db: sa.Connection) -> list[str]:
    """The kinds of entries that there are, by name; one look into the index for each."""
    names: list[str] = []
    while name := db.execute(sa.select(sa.func.min(ledger.c.kind)).where(ledger.c.kind > (names or [""])[-1])).scalar():
        names.append(str(name))
    return names


def entry_row(db: sa.Connection, seq: int) -> Any | None:
    """One entry with everything about it."""
    c, p = ledger.c, ledger_payloads.c
    columns = (c.seq, c.kind, c.at_ms, c.payload_hash, c.hash, p.salt, p.payload, p.receipt)
    joined = ledger.outerjoin(ledger_payloads, p.seq == c.seq)
    return db.execute(sa.select(*columns).select_from(joined).where(c.seq == seq)).first()


def hash_before(db: sa.Connection, seq: int) -> bytes:
    """The hash that an entry follows."""
    c = ledger.c
    held = db.execute(sa.select(c.hash).where(c.seq < seq).order_by(c.seq.desc()).limit(1)).scalar()
    return GENESIS if held is None else bytes(held)


def store_checkpoint(db: sa.Connection, row: Mapping[str, Any]) -> None:
    """Keep a checkpoint; the first one of an entry stays."""
    insert_ignoring(db, ledger_checkpoints, [row], keys=["seq"])


def all_checkpoints(db: sa.Connection) -> Sequence[sa.Row[Any]]:
    """All checkpoints, oldest first."""
    return db.execute(sa.select(ledger_checkpoints).order_by(ledger_checkpoints.c.seq)).all()


def payloads_of(db: sa.Connection, persons: Sequence[int]) -> list[int]:
    """The entries about these people whose payload is still there, in order."""
    p = ledger_payloads.c
    rows = db.execute(sa.select(p.seq).where(p.person.in_(persons), p.salt.is_not(None)).order_by(p.seq))
    return [int(row.seq) for row in rows]


def entries_about(db: sa.Connection, about: Sequence[int], limit: int) -> list[int]:
    """The newest entries about the things of these hashes, oldest first."""
    p = ledger_payloads.c
    chosen = sa.select(p.seq).where(p.about.in_(about)).order_by(p.seq.desc()).limit(limit)
    return sorted(int(row.seq) for row in db.execute(chosen)) if about else []


def erase_payloads(db: sa.Connection, seqs: Sequence[int], receipt: int) -> None:
    """Take salt and payload away, and say which entry is the receipt."""
    db.execute(
        sa.update(ledger_payloads)
        .where(ledger_payloads.c.seq.in_(seqs))
        .values(salt=None, payload=None, person=None, about=None, receipt=receipt)
    )


def payload_page(db: sa.Connection, *, after: int, limit: int) -> list[tuple[int, bytes | None]]:
    """(entry, payload) in order; None where it was erased."""
    p = ledger_payloads.c
    rows = db.execute(sa.select(p.seq, p.payload).where(p.seq > after).order_by(p.seq).limit(limit))
    return [(int(row.seq), None if row.payload is None else bytes(row.payload)) for row in rows]
