"""The cards of a shop's models."""

from __future__ import annotations

import msgspec

from zhanggui.kernel.db import Database
from zhanggui.kernel.errors import did_you_mean
from zhanggui.recommend.errors import UnknownModel
from zhanggui.recommend.service.model_store import KIND
from zhanggui.recommend.tables import models as model_tables
from zhanggui.recommend.types.models import ModelCard


def model_cards(database: Database) -> list[ModelCard]:
    """The models, newest first."""
    with database.read() as db:
        return [_as_measured(card) for card in model_tables.models.all(db, KIND)]


def _as_measured(card: ModelCard) -> ModelCard:
    """Cards that were written when nothing measured was kept as 0 say nothing instead."""
    if card.metrics.get("occasions") != 0:
        return card
    measured = {name: value for name, value in card.metrics.items() if "@20" not in name}
    return msgspec.structs.replace(card, metrics=measured)


def model_card(database: Database, model_id: str) -> ModelCard:
    """The card of a model.

    Raises:
        UnknownModel: there is none of that id.
    """
    cards = {card.id: card for card in model_cards(database)}
    if model_id not in cards:
        hint = did_you_mean(model_id, cards, otherwise="List the models with: zhanggui recommend models SHOP")
        raise UnknownModel(f"No model has the id {model_id!r}.", hint=hint)
    return cards[model_id]
