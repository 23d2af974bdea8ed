"""Everything about predictions that people ask for."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from zhanggui.audience.tables import predictions as tables
from zhanggui.audience.types.predictions import (
    Condition,
    Foretold,
    OfferGroup,
    PredictionCard,
    PredictionModels,
    PredictionTraining,
)
from zhanggui.audience.words.predictions import CONDITIONS, check_text, condition_text
from zhanggui.kernel.db import Database

from .bulk import Bulk
from .foretelling import Foretelling
from .training import Training


@dataclass(frozen=True, slots=True, kw_only=True)
class Predictions:
    """What `shop.audience.predictions` holds.

    Attributes:
        training: makes models.
        foretelling: foretells one customer, live.
        bulk: foretells all.
    """

    db: Database
    training: Training
    foretelling: Foretelling
    bulk: Bulk

    def of(self, customer_id: str, *, language: str = "zh") -> Foretold:
        """What is foretold of a customer now; see `Foretelling.of`."""
        return self.foretelling.of(customer_id, language=language)

    def train(self, seed: int = 0) -> PredictionTraining:
        """Train all models anew; see `Training.train`."""
        return self.training.train(seed)

    def models(self, language: str = "zh") -> PredictionModels:
        """All cards, newest first, and what the last training found missing, in words."""
        with self.db.read() as db:
            cards, checks = tables.models.all(db), tables.last_checks(db)
        told = tuple(msgspec.structs.replace(one, text=check_text(one, language)) for one in checks)
        return PredictionModels(cards=tuple(cards), checks=told)

    def serving(self) -> tuple[PredictionCard, ...]:
        """The cards of the models that serve."""
        with self.db.read() as db:
            return tuple(tables.current_cards(db).values())

    def offers(self, language: str = "zh") -> tuple[OfferGroup, ...]:
        """How groups answer to reduced prices; empty where there was too little, or no group is large enough."""
        found = next((card for card in self.serving() if card.kind == "offers"), None)
        if found is None:
            return ()
        return tuple(
            _group(condition, found, language) for condition in CONDITIONS if f"{condition}.ratio" in found.metrics
        )


def _group(condition: Condition, card: PredictionCard, language: str) -> OfferGroup:
    figures = card.metrics
    return OfferGroup(
        condition=condition,
        people=int(figures[f"{condition}.people"]),
        lines=int(figures[f"{condition}.lines"]),
        ratio=figures[f"{condition}.ratio"],
        low=figures[f"{condition}.low"],
        high=figures[f"{condition}.high"],
        text=condition_text(condition, language),
    )
