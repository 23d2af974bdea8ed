"""Which days' orders and returns have changed how often: whoever keeps what follows from a day looks here first."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from zhanggui.kernel.clock import day_number
from zhanggui.kernel.db import hot_rows, hot_run_many, shop_metadata

order_days = sa.Table(
    "order_days",
    shop_metadata,
    sa.Column("day", sa.Integer, primary_key=True, autoincrement=False),  # day number, UTC
    sa.Column("version", sa.BigInteger, nullable=False),
)

_TOUCH = (
    "INSERT INTO order_days (day, version) VALUES (?, 1) "
    "ON CONFLICT (day) DO UPDATE SET version = order_days.version + 1"
)


def touch_days(db: sa.Connection, moments_ms: Iterable[int]) -> None:
    """Note that orders or returns of these moments were written, in the transaction that writes them."""
    days = sorted({(day_number(at_ms),) for at_ms in moments_ms})  # in order: two writers never wait for each other
    if days:
        hot_run_many(db, _TOUCH, days)


def day_versions(db: sa.Connection) -> dict[int, int]:
    """How often the orders of each UTC day were written, by day, ascending."""
    return dict(hot_rows(db, "SELECT day, version FROM order_days ORDER BY day"))
