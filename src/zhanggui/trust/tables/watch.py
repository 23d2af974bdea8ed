"""Alerts of a shop."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.db import insert_ignoring, shop_metadata
from zhanggui.kernel.ids import hash64
from zhanggui.trust.types.watch import Alert

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
    sa.Column("usual", sa.Float, nullable=False),
    sa.Column("most", sa.Float, nullable=False),
    sa.Column("acknowledged_ms", sa.BigInteger),
    sa.Column("acknowledged_by", sa.String(300), nullable=False),
    sa.Column("note", sa.String(512), nullable=False),
    sa.UniqueConstraint("mark"),
)


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
    return Alert(**{name: getattr(row, name) for name in Alert.__struct_fields__})
