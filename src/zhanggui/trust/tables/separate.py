"""Versions of separate consents as they are asked for, and what people said to them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.db import insert_ignoring, shop_metadata
from zhanggui.kernel.personal import Personal
from zhanggui.kernel.privacy import Duty
from zhanggui.kernel.slices import sliced
from zhanggui.trust.types.separate import SeparateAsk

from .consents import AT_ONCE, FEW

_ask = msgspec.json.Decoder(SeparateAsk)

separate_asks = sa.Table(
    "separate_asks",
    shop_metadata,
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at_ms", sa.BigInteger, nullable=False),
    sa.Column("fact", sa.LargeBinary, nullable=False),  # JSON of the SeparateAsk: it is never changed
)

separate_consents = Personal(
    sa.Table(
        "separate_consents",
        shop_metadata,
        sa.Column("person", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("granted", sa.Boolean, nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
    )
)


class HeldSeparate(msgspec.Struct, frozen=True):
    """What one person said to one ask, and to which version of it."""

    person: int
    name: str
    version: int
    granted: bool
    at_ms: int


def store_separate(db: sa.Connection, held: Sequence[HeldSeparate]) -> None:
    """Put what people said in the place of what they said before."""
    separate_consents.upsert(db, [msgspec.structs.asdict(one) for one in held], keys=["person", "name"])


def separate_of(db: sa.Connection, persons: Collection[int]) -> list[HeldSeparate]:
    """All that these persons said to separate asks."""
    table, found = separate_consents.for_(Duty.RIGHTS), list[HeldSeparate]()
    for some in sliced(sorted(persons), FEW):
        found += map(_held, db.execute(sa.select(table).where(table.c.person.in_(some))))
    return found


def separate_to(db: sa.Connection, name: str) -> list[HeldSeparate]:
    """All that anybody said to one ask."""
    table = separate_consents.for_(Duty.RIGHTS)
    return [_held(row) for row in db.execute(sa.select(table).where(table.c.name == name))]


def separate_in_time(db: sa.Connection) -> Iterator[HeldSeparate]:
    """All that anybody said to any ask, by moment."""
    c = separate_consents.for_(Duty.UPKEEP).c
    ordered = sa.select(*c).order_by(c.at_ms, c.person, c.name)
    yield from map(_held, db.execute(ordered, execution_options={"yield_per": AT_ONCE}))


def add_asks(db: sa.Connection, published: Sequence[SeparateAsk], moments_ms: Sequence[int]) -> None:
    """Keep versions; one that is there already stays as it is."""
    rows = [
        {"name": one.name, "version": one.version, "at_ms": at_ms, "fact": msgspec.json.encode(one)}
        for one, at_ms in zip(published, moments_ms, strict=True)
    ]
    insert_ignoring(db, separate_asks, rows, keys=["name", "version"])


def asks(db: sa.Connection, name: str | None = None) -> list[SeparateAsk]:
    """All versions by name and number, or only those of one name."""
    c = separate_asks.c
    chosen = sa.select(c.fact).order_by(c.name, c.version)
    rows = db.execute(chosen if name is None else chosen.where(c.name == name))
    return [_ask.decode(row.fact) for row in rows]


def newest_asks(db: sa.Connection) -> dict[str, SeparateAsk]:
    """The newest version of each, by name."""
    return {ask.name: ask for ask in asks(db)}


def _held(row: sa.Row[tuple[int, str, int, bool, int]]) -> HeldSeparate:
    return msgspec.convert(row, HeldSeparate, from_attributes=True)
