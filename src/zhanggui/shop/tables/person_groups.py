"""Coarse traits of customers, by number, for figures about groups: no row of it names anybody."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from zhanggui.kernel.privacy import Reason

from .people import customers
from .products import offers


def trait_rows(db: sa.Connection, purpose: Reason) -> list[sa.Row[Any]]:
    """(person, gender, age_band, province, joined_ms) of every customer."""
    c = customers.for_(purpose).c
    return list(db.execute(sa.select(c.person, c.gender, c.age_band, c.province, c.joined_ms)))


def reduced_products(db: sa.Connection, now_ms: int, market: str) -> list[int]:
    """Products with an offer in force that asks less than its list price."""
    c = offers.c
    is_running = sa.and_(
        sa.func.coalesce(c.starts_ms, now_ms) <= now_ms, sa.func.coalesce(c.ends_ms, now_ms + 1) > now_ms
    )
    chosen = sa.select(c.product).where(c.list_price_minor > c.price_minor, c.market == market, is_running).distinct()
    return [row[0] for row in db.execute(chosen)]
