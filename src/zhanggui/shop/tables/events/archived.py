"""The record of the archive: which file holds a day, and which hot rows it stands for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.clock import DAY_MS
from zhanggui.kernel.db import shop_metadata, upsert
from zhanggui.kernel.personal import PersonalText
from zhanggui.kernel.privacy import Duty, Reason
from zhanggui.shop.tables.visits import visits

from .folded import folded_histories
from .hot import COLUMNS, events
from .served import served_lists

archived_days = sa.Table(
    "archived_days",
    shop_metadata,
    sa.Column("day", sa.Integer, primary_key=True, autoincrement=False),  # day number, UTC
    sa.Column("rows", sa.BigInteger, nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),  # of the file, which its name carries too
    sa.Column("until_seq", sa.BigInteger, nullable=False),  # the file holds the day's events up to here
    sa.Column("purged_seq", sa.BigInteger, nullable=False),  # and up to here they have left the hot table
)


class ArchivedDay(msgspec.Struct, frozen=True):
    """One day in the archive. A hot row of the day with `seq` up to `until_seq` is in the file already."""

    day: int
    rows: int
    sha256: str
    until_seq: int
    purged_seq: int


HotRow = tuple[int, int, int, int, int, int | None, int | None, bytes | None]
"""(seq, person, product, kind, at_ms, quantity, value_minor, extra)."""

_COLUMNS = f"seq, {', '.join(COLUMNS)}"


def archive_record(db: sa.Connection) -> dict[int, ArchivedDay]:
    """All archived days by day number."""
    c = archived_days.c
    chosen = sa.select(c.day, c.rows, c.sha256, c.until_seq, c.purged_seq).order_by(c.day)
    return {row[0]: ArchivedDay(*row) for row in db.execute(chosen)}


def record_day(db: sa.Connection, new: ArchivedDay, *, instead_of: ArchivedDay | None) -> bool:
    """Make a day's new file the one that counts; False when somebody else changed the record meanwhile."""
    chosen = sa.select(archived_days.c.sha256).where(archived_days.c.day == new.day)
    if db.execute(chosen).scalar() != (instead_of.sha256 if instead_of else None):
        return False
    upsert(db, archived_days, [msgspec.structs.asdict(new)], keys=["day"])
    return True


def set_purged(db: sa.Connection, day: int, purged_seq: int) -> None:
    """Note that a day's archived events have left the hot table."""
    db.execute(sa.update(archived_days).where(archived_days.c.day == day).values(purged_seq=purged_seq))


def forget_person(db: sa.Connection, person: int) -> None:
    """Delete what the store itself holds of a person's behaviour; the files of the archive are not touched."""
    for table in (events, folded_histories, served_lists, visits):
        db.execute(table.delete(lambda c: c.person == person))


def watermark(db: sa.Connection) -> int:
    """The newest event, such that every older one is visible to whoever looks from now on; inside a `write`."""
    if db.dialect.name == "postgresql":
        # Numbers are drawn before a commit: wait for those who drew one, keep others from drawing meanwhile.
        db.exec_driver_sql("LOCK TABLE events IN SHARE MODE")
    newest = sa.func.max(events.for_(Duty.UPKEEP).c.seq)
    return int(db.execute(sa.select(sa.func.coalesce(newest, 0))).scalar_one())


_DAYS = PersonalText(
    f"SELECT at_ms / {DAY_MS} AS day, COUNT(*), MIN(seq), MAX(seq) FROM events GROUP BY 1 ORDER BY 1"  # noqa: S608
)


def hot_days(db: sa.Connection) -> list[tuple[int, int, int, int]]:
    """(day, rows, first seq, last seq) of each day that has rows in the hot table, oldest first. Reads them all."""
    return [(int(row[0]), row[1], row[2], row[3]) for row in _DAYS.rows(db, Duty.UPKEEP)]


def hot_rows(
    db: sa.Connection,
    *,
    after_seq: int,
    until_seq: int,
    limit: int,
    from_ms: int | None = None,
    to_ms: int | None = None,
    kind: int | None = None,
    person: int | None = None,
    purpose: Reason,
) -> list[HotRow]:
    """Hot rows by seq with `after_seq` < seq <= `until_seq`; where given `from_ms` <= at_ms < `to_ms`, of `kind`.

    With `person` theirs alone.
    """
    sql, values = "seq > ? AND seq <= ?", [after_seq, until_seq]
    if from_ms is not None:
        sql, values = sql + " AND at_ms >= ?", [*values, from_ms]
    if to_ms is not None:
        sql, values = sql + " AND at_ms < ?", [*values, to_ms]
    if kind is not None:
        sql, values = sql + " AND kind = ?", [*values, kind]
    if person is not None:
        sql, values = sql + " AND person = ?", [*values, person]
    rows = PersonalText(f"SELECT {_COLUMNS} FROM events WHERE {sql} ORDER BY seq LIMIT ?").rows(  # noqa: S608
        db, purpose, (*values, limit)
    )
    return cast("list[HotRow]", rows)


def take_hot(db: sa.Connection, seqs: Sequence[int]) -> list[tuple[int, int, int, int, int, int]]:
    """Delete hot rows by seq; (person, seq, product, kind, at_ms, value_minor) of those that were there."""
    returned = "RETURNING person, seq, product, kind, at_ms, COALESCE(value_minor, 0)"
    if db.dialect.name == "postgresql":
        rows = db.exec_driver_sql(f"DELETE FROM events WHERE seq = ANY(%s) {returned}", (list(seqs),))  # noqa: S608
    else:
        listed = msgspec.json.encode(list(seqs)).decode()
        sql = f"DELETE FROM events WHERE seq IN (SELECT value FROM json_each(?)) {returned}"  # noqa: S608
        rows = db.exec_driver_sql(sql, (listed,))
    return [tuple(row) for row in rows]
