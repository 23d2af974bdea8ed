"""Versions of the learned segments. No person stands in them: who is where is worked out when it is asked."""

from __future__ import annotations

from collections.abc import Collection

import msgspec
import sqlalchemy as sa

from zhanggui.audience.types.learned import LearnedCard
from zhanggui.kernel.db import shop_metadata

learned = sa.Table(
    "audience_learned",
    shop_metadata,
    sa.Column("id", sa.String(26), primary_key=True),
    sa.Column("state", sa.String(16), nullable=False),  # current, kept, refused
    sa.Column("card", sa.LargeBinary, nullable=False),  # JSON
    sa.Column("model", sa.LargeBinary, nullable=True),  # JSON of service.learned.model.Model; NULL where refused
)


def cards(db: sa.Connection) -> list[LearnedCard]:
    """All learnings, newest first."""
    rows = db.execute(sa.select(learned.c.card).order_by(learned.c.id.desc()))
    return [msgspec.json.decode(row.card, type=LearnedCard) for row in rows]


def current_id(db: sa.Connection) -> str | None:
    """The version that serves; None before the first."""
    return db.execute(sa.select(learned.c.id).where(learned.c.state == "current")).scalar()


def model_of(db: sa.Connection, id_: str) -> bytes | None:
    """The packed model of a version."""
    return db.execute(sa.select(learned.c.model).where(learned.c.id == id_)).scalar()


def put_version(db: sa.Connection, card: LearnedCard, model: bytes | None) -> None:
    """Write a version."""
    row = {"id": card.id, "state": card.state, "card": msgspec.json.encode(card), "model": model}
    db.execute(sa.insert(learned), [row])


def set_card(db: sa.Connection, card: LearnedCard) -> None:
    """Write a card and its state anew."""
    values = {"state": card.state, "card": msgspec.json.encode(card)}
    db.execute(sa.update(learned).where(learned.c.id == card.id).values(**values))


def drop_versions(db: sa.Connection, ids: Collection[str]) -> None:
    """Forget versions."""
    db.execute(sa.delete(learned).where(learned.c.id.in_(ids)))
