"""Which models there are, and which serves."""

from __future__ import annotations

import sqlalchemy as sa

from zhanggui.kernel.model_cards import CardTable
from zhanggui.recommend.types.models import ModelCard

models = CardTable("recommend_models", ModelCard)


def current_model(db: sa.Connection, kind: str) -> ModelCard | None:
    """The model that serves."""
    return next(iter(models.current(db, kind)), None)
