"""What stands behind predictions: the shop's facts, and the recommender's own space."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

import sqlalchemy as sa

from zhanggui.audience import Bulk, Foretelling, PredictionFiles, Predictions, ServingModels, Shoppers, Training
from zhanggui.kernel.datasheets import DataGate
from zhanggui.recommend import BrokenModel, ModelStore
from zhanggui.recommend.engines.model import RankModel
from zhanggui.recommend.service.model_store import KIND
from zhanggui.recommend.tables.models import current_model
from zhanggui.shop.service.naming import Naming

from .base import Base
from .shop import Facts


class CustomerNames:
    """Customers among persons, by the shop's own numbering."""

    def customers_among(self, db: sa.Connection, persons: Collection[int]) -> Mapping[int, str]:
        """The ids of those who are customers."""
        found = Naming().people(db, persons)
        return {number: customer for number, (customer, _) in found.items() if customer is not None}


class RecommenderSpace:
    """The neighbour lists of the recommender's model that serves: which products the same people like."""

    def __init__(self, models: ModelStore) -> None:
        self._models = models
        self._held: tuple[str, RankModel | None] = ("", None)

    def near(self, db: sa.Connection, products: Collection[int]) -> Mapping[int, tuple[Any, Any]]:
        """By product its neighbours and their weights; empty where no model serves, or it cannot be read."""
        card = current_model(db, KIND)
        if card is None:
            return {}
        if self._held[0] != card.id:
            try:
                self._held = (card.id, self._models.load(card))
            except BrokenModel:
                self._held = (card.id, None)
        model = self._held[1]
        if model is None:
            return {}
        alike = model.graphs.alike
        known = (product for product in products if product < len(alike.ids))
        lists = {product: (alike.ids[product], alike.weights[product]) for product in known}
        return {product: (ids[ids > 0], weights[ids > 0]) for product, (ids, weights) in lists.items()}


def predictions_of(
    base: Base, facts: Facts, shoppers: Shoppers, ahead_of: Callable[[int], int], data_gate: DataGate
) -> Predictions:
    """Predictions over the shop's facts; whoever reads people asks for consent; `data_gate` looks at training sets."""
    files = PredictionFiles(folder=base.folder / "models" / "audience")
    models, customers = ServingModels(files), CustomerNames()
    return Predictions(
        db=base.db,
        training=Training(
            db=base.db,
            clock=base.clock,
            history=facts["history"],
            customers=customers,
            live=facts["live"],
            files=files,
            ahead_of=ahead_of,
            data_gate=data_gate,
        ),
        foretelling=Foretelling(
            db=base.db,
            clock=base.clock,
            live=facts["live"],
            shoppers=shoppers,
            tails=facts["events"],
            models=models,
            near=RecommenderSpace(ModelStore(db=base.db, folder=base.folder / "models")),
            ahead_of=ahead_of,
        ),
        bulk=Bulk(
            db=base.db,
            clock=base.clock,
            history=facts["history"],
            customers=customers,
            shoppers=shoppers,
            models=models,
            ahead_of=ahead_of,
        ),
    )
