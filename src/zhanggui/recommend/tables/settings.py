"""What the merchant sets for this room."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.db import shop_metadata, upsert
from zhanggui.recommend.types.aims import Objectives
from zhanggui.recommend.types.floors import DecidedFloor

settings = sa.Table(
    "recommend_settings",
    shop_metadata,
    sa.Column("name", sa.String(32), primary_key=True),
    sa.Column("value", sa.LargeBinary, nullable=False),  # JSON
    sa.Column("past", sa.LargeBinary, nullable=False),  # JSON list of what it was before, the newest last
)


OBJECTIVES, FLOORS = "objectives", "floors"


_objectives = msgspec.json.Decoder(Objectives)


_floors = msgspec.json.Decoder(tuple[DecidedFloor, ...])


_objectives_past = msgspec.json.Decoder(list[Objectives])


def objectives_of(db: sa.Connection) -> tuple[Objectives, list[Objectives]] | None:
    """What the shop aims at and what it aimed at before, the newest last; None where nobody ever said."""
    asked = sa.select(settings.c.value, settings.c.past).where(settings.c.name == OBJECTIVES)
    row = db.execute(asked).fetchone()
    return None if row is None else (_objectives.decode(row.value), _objectives_past.decode(row.past))


def put_objectives(db: sa.Connection, objectives: Objectives, past: Sequence[Objectives]) -> None:
    """Write what the shop aims at."""
    put_setting(db, OBJECTIVES, msgspec.json.encode(objectives), msgspec.json.encode(list(past)))


def floors_of(db: sa.Connection) -> tuple[DecidedFloor, ...]:
    """The floors that were ever decided, the oldest first; their rules may be gone."""
    held = setting(db, FLOORS)
    return () if held is None else _floors.decode(held)


def put_floors(db: sa.Connection, floors: Sequence[DecidedFloor]) -> None:
    """Write them, over what was there."""
    put_setting(db, FLOORS, msgspec.json.encode(list(floors)))


def setting(db: sa.Connection, name: str) -> bytes | None:
    """What is kept under a name."""
    value = db.execute(sa.select(settings.c.value).where(settings.c.name == name)).scalar()
    return None if value is None else bytes(value)


def put_setting(db: sa.Connection, name: str, value: bytes, past: bytes = b"[]") -> None:
    """Keep something under a name, over what was there."""
    upsert(db, settings, [{"name": name, "value": value, "past": past}], keys=["name"])
