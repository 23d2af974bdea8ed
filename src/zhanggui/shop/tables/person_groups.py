"""Coarse traits of customers, by number, for figures about groups: no row of it names anybody."""

from __future__ import annotations

from typing import Any

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.changes import announce
from zhanggui.kernel.privacy import Reason

from .people import customers
from .products import offers


class Traits(msgspec.Struct, frozen=True, kw_only=True):
    """What puts a customer into groups, as the store has it."""

    gender: str | None = None
    age_band: str | None = None
    province: str = ""
    city_tier: int | None = None
    joined_ms: int | None = None


def trait_rows(db: sa.Connection, purpose: Reason) -> list[sa.Row[Any]]:
    """(person, gender, age_band, province, joined_ms) of every customer."""
    c = customers.for_(purpose).c
    return list(db.execute(sa.select(c.person, c.gender, c.age_band, c.province, c.joined_ms)))


def traits_of(db: sa.Connection, person: int, purpose: Reason) -> Traits | None:
    """Those of one customer; None of a visitor, who has none."""
    c = customers.for_(purpose).c
    row = db.execute(sa.select(*(c[name] for name in Traits.__struct_fields__)).where(c.person == person)).fetchone()
    return None if row is None else msgspec.convert(row, Traits, from_attributes=True)


def put_traits(db: sa.Connection, person: int, traits: Traits) -> None:
    """Let a customer have these. Announces the change."""
    db.execute(customers.update(lambda c: c.person == person).values(msgspec.structs.asdict(traits)))
    announce(db, "person", [str(person)])


def reduced_products(db: sa.Connection, now_ms: int, market: str) -> list[int]:
    """Products with an offer in force that asks less than its list price."""
    c = offers.c
    is_running = sa.and_(
        sa.func.coalesce(c.starts_ms, now_ms) <= now_ms, sa.func.coalesce(c.ends_ms, now_ms + 1) > now_ms
    )
    chosen = sa.select(c.product).where(c.list_price_minor > c.price_minor, c.market == market, is_running).distinct()
    return [row[0] for row in db.execute(chosen)]
