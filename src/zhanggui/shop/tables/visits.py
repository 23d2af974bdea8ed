"""Who came on which day of the shop: one row a person and day, counted from behaviour, for 90 days."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import sqlalchemy as sa

from zhanggui.kernel.db import hot_rows, hot_run_many, shop_metadata, upsert
from zhanggui.kernel.personal import Personal, PersonalText
from zhanggui.kernel.privacy import Duty, Reason

from .bulk import put_rows, select_among

visits = Personal(
    sa.Table(
        "visits",
        shop_metadata,
        sa.Column("day", sa.Integer, primary_key=True, autoincrement=False),  # days since 1970 of the shop's own zone
        sa.Column("person", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("first_ms", sa.BigInteger, nullable=False),  # when they were first seen on that day
        sa.Column("is_first", sa.SmallInteger, nullable=False),  # 1: not seen on any earlier day that is kept
        sa.Index("ix_visits_person_day", "person", "day"),
        sqlite_with_rowid=False,
    )
)

visit_days = sa.Table(
    "visit_days",
    shop_metadata,
    sa.Column("day", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("visitors", sa.BigInteger, nullable=False),
    sa.Column("newcomers", sa.BigInteger, nullable=False),
)

visit_counting = sa.Table(
    "visit_counting",
    shop_metadata,
    sa.Column("id", sa.SmallInteger, primary_key=True, autoincrement=False),  # 1: there is one counting
    sa.Column("seq", sa.BigInteger, nullable=False),  # events up to here are counted
    sa.Column("at_ms", sa.BigInteger, nullable=False),  # when that was
)

Seen = Mapping[tuple[int, int], int]
"""(day, person) → when they were first seen on it, epoch ms."""

_EARLIER = "CASE WHEN excluded.first_ms < visits.first_ms THEN excluded.first_ms ELSE visits.first_ms END"
_ADD = (
    "INSERT INTO visits (day, person, first_ms, is_first) VALUES (?, ?, ?, ?) "  # noqa: S608
    f"ON CONFLICT (day, person) DO UPDATE SET first_ms = {_EARLIER}"
)


def counted_until(db: sa.Connection) -> tuple[int, int] | None:
    """(seq, at_ms): up to which event, and when, visits were counted last; None before the first time."""
    rows = hot_rows(db, "SELECT seq, at_ms FROM visit_counting")
    return (int(rows[0][0]), int(rows[0][1])) if rows else None


def set_counted(db: sa.Connection, seq: int, at_ms: int) -> None:
    """Note up to which event visits are counted."""
    upsert(db, visit_counting, [{"id": 1, "seq": seq, "at_ms": at_ms}], keys=["id"])


def add_visits(db: sa.Connection, seen: Seen) -> None:
    """Count persons for days; whoever is counted already is not counted again."""
    since: dict[int, int] = {}
    for day, person in select_among(
        db, visits.for_(Duty.UPKEEP), ("day", "person"), "person", {person for _, person in seen}
    ):
        since[person] = min(day, since.get(person, day))
    rows = []
    for (day, person), first_ms in sorted(seen.items()):
        rows.append((day, person, first_ms, int(since.setdefault(person, day) >= day)))
    if rows:
        hot_run_many(db, _ADD, rows)
    _recount(db, {day for day, _ in seen})


_BEFORE = PersonalText("SELECT COUNT(*), COALESCE(SUM(is_first), 0) FROM visits WHERE day = ? AND first_ms < ?")


def visitors_before(db: sa.Connection, day: int, moment_ms: int, *, purpose: Reason) -> tuple[int, int]:
    """(visitors, newcomers) of a day until a moment."""
    row = _BEFORE.rows(db, purpose, (day, moment_ms))[0]
    return int(row[0]), int(row[1])


def visitors_by_day(db: sa.Connection, first: int, last: int) -> dict[int, tuple[int, int]]:
    """(visitors, newcomers) of each day from `first` to `last` that has any."""
    sql = "SELECT day, visitors, newcomers FROM visit_days WHERE day BETWEEN ? AND ?"
    rows = hot_rows(db, sql, (first, last))
    return {row[0]: (row[1], row[2]) for row in rows}


def last_visited(db: sa.Connection, least: int) -> int | None:
    """The newest day that so many came at least: one who looked around does not make a day of business."""
    newest: int | None = hot_rows(db, "SELECT MAX(day) FROM visit_days WHERE visitors >= ?", (least,))[0][0]
    return newest


def first_visited(db: sa.Connection) -> int | None:
    """The oldest day that is counted."""
    oldest: int | None = hot_rows(db, "SELECT MIN(day) FROM visit_days")[0][0]
    return oldest


def forget_visits(db: sa.Connection) -> None:
    """Forget every visit and how far they were counted: the next counting reads the whole history."""
    db.execute(visits.delete(lambda _: sa.true()))
    db.execute(sa.delete(visit_days))
    db.execute(sa.delete(visit_counting))


def drop_visits(db: sa.Connection, before: int) -> None:
    """Forget the days before one."""
    db.execute(visits.delete(lambda c: c.day < before))
    db.execute(sa.delete(visit_days).where(visit_days.c.day < before))


def _recount(db: sa.Connection, days: Collection[int]) -> None:
    c = visits.for_(Duty.UPKEEP).c
    counted = sa.select(c.day, sa.func.count(), sa.func.sum(c.is_first)).where(c.day.in_(days)).group_by(c.day)
    rows = [tuple(map(int, row)) for row in db.execute(counted)]
    put_rows(db, visit_days, ("day", "visitors", "newcomers"), rows, keys=("day",))
