"""Alerts of a shop."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.db import insert, insert_ignoring, shop_metadata, upsert
from zhanggui.kernel.ids import hash64
from zhanggui.trust.types.watch import Alert, AlertKind

alerts = sa.Table(
    "trust_alerts",
    shop_metadata,
    sa.Column("id", sa.String(26), primary_key=True),  # ULID: sorts by time
    sa.Column("mark", sa.BigInteger, nullable=False),  # of kind, subject and day: told once
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("subject", sa.String(300), nullable=False),
    sa.Column("at_ms", sa.BigInteger, nullable=False),
    sa.Column("day", sa.String(10), nullable=False),
    sa.Column("seen", sa.Float, nullable=False),
    sa.Column("usual", sa.Float),
    sa.Column("most", sa.Float, nullable=False),
    sa.Column("acknowledged_ms", sa.BigInteger),
    sa.Column("acknowledged_by", sa.String(300), nullable=False),
    sa.Column("note", sa.String(512), nullable=False),
    sa.UniqueConstraint("mark"),
)

watch_counts = sa.Table(
    "trust_watch_counts",
    shop_metadata,
    sa.Column("kind", sa.String(32), primary_key=True),
    sa.Column("subject", sa.String(300), primary_key=True),
    sa.Column("day", sa.Integer, primary_key=True, autoincrement=False),  # days since 1970 of the shop's own zone
    sa.Column("value", sa.Float, nullable=False),
)


def add_count(db: sa.Connection, kind: AlertKind, subject: str, day: int) -> None:
    """One more of something on a day."""
    statement = insert(db, watch_counts).values(kind=kind.value, subject=subject, day=day, value=1.0)
    more = {"value": watch_counts.c.value + 1.0}
    db.execute(statement.on_conflict_do_update(index_elements=["kind", "subject", "day"], set_=more))


def set_count(db: sa.Connection, kind: AlertKind, subject: str, day: int, value: float) -> None:
    """What was measured of a day."""
    row = {"kind": kind.value, "subject": subject, "day": day, "value": value}
    upsert(db, watch_counts, [row], keys=["kind", "subject", "day"])


def counts_since(db: sa.Connection, day: int) -> list[tuple[AlertKind, str, int, float]]:
    """Kind, subject, day and value from a day on."""
    c = watch_counts.c
    rows = db.execute(sa.select(c.kind, c.subject, c.day, c.value).where(c.day >= day))
    return [(AlertKind(row.kind), row.subject, row.day, row.value) for row in rows]


def first_day(db: sa.Connection) -> int | None:
    """Since when anything is counted."""
    return db.execute(sa.select(sa.func.min(watch_counts.c.day))).scalar()


def forget_counts(db: sa.Connection, before: int) -> None:
    """Forget the days before one."""
    db.execute(sa.delete(watch_counts).where(watch_counts.c.day < before))


def store_alerts(db: sa.Connection, found: Collection[Alert]) -> list[Alert]:
    """Keep alerts; returns those that were not told that day yet."""
    marks = {hash64(f"{one.kind}\0{one.subject}\0{one.day}"): one for one in found}
    told = set(db.execute(sa.select(alerts.c.mark).where(alerts.c.mark.in_(marks))).scalars())
    fresh = {mark: one for mark, one in marks.items() if mark not in told}
    rows = [msgspec.structs.asdict(one) | {"mark": mark} for mark, one in fresh.items()]
    if rows:
        insert_ignoring(db, alerts, rows, keys=["mark"])
    return list(fresh.values())


def alerts_page(db: sa.Connection, *, open_only: bool, limit: int) -> list[Alert]:
    """Alerts, the newest first."""
    ask = sa.select(alerts).order_by(alerts.c.id.desc()).limit(limit)
    if open_only:
        ask = ask.where(alerts.c.acknowledged_ms.is_(None))
    return [_alert(row) for row in db.execute(ask)]


def alert_of(db: sa.Connection, alert_id: str) -> Alert | None:
    """One alert."""
    row = db.execute(sa.select(alerts).where(alerts.c.id == alert_id)).first()
    return None if row is None else _alert(row)


def acknowledge(db: sa.Connection, alert_id: str, by: str, note: str, at_ms: int) -> None:
    """Note that somebody has seen to it; who did so first stays."""
    values = {"acknowledged_ms": at_ms, "acknowledged_by": by, "note": note}
    db.execute(sa.update(alerts).where(alerts.c.id == alert_id, alerts.c.acknowledged_ms.is_(None)).values(values))


def _alert(row: Any) -> Alert:
    return msgspec.convert(row, Alert, from_attributes=True)
