"""Which models there are, and which serves."""

from __future__ import annotations

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.db import shop_metadata
from zhanggui.recommend.types.models import ModelCard

models = sa.Table(
    "recommend_models",
    shop_metadata,
    sa.Column("id", sa.String(26), primary_key=True),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("state", sa.String(16), nullable=False),  # current, kept, refused
    sa.Column("card", sa.LargeBinary, nullable=False),
)


def current_model(db: sa.Connection, kind: str) -> ModelCard | None:
    """The model that serves."""
    asked = sa.select(models.c.card).where(models.c.kind == kind, models.c.state == "current")
    card = db.execute(asked).scalar()
    return None if card is None else msgspec.json.decode(card, type=ModelCard)


def model_cards(db: sa.Connection, kind: str) -> list[ModelCard]:
    """All cards, newest first."""
    rows = db.execute(sa.select(models.c.card).where(models.c.kind == kind).order_by(models.c.id.desc()))
    return [msgspec.json.decode(row.card, type=ModelCard) for row in rows]


def put_model(db: sa.Connection, card: ModelCard) -> None:
    """Write a card and its state, over an older one of the same id."""
    row = {"id": card.id, "kind": card.kind, "state": card.state, "card": msgspec.json.encode(card)}
    db.execute(sa.delete(models).where(models.c.id == card.id))
    db.execute(sa.insert(models), [row])


def forget_model(db: sa.Connection, id_: str) -> None:
    """Delete a card."""
    db.execute(sa.delete(models).where(models.c.id == id_))
