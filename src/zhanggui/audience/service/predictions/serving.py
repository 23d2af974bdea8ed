"""The models that serve, read once and kept until another takes their place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from zhanggui.audience.engines.lifetime.accounting import Typical
from zhanggui.audience.engines.propensity.describing import Lifetime
from zhanggui.audience.engines.propensity.latent import LatentSpace
from zhanggui.audience.engines.propensity.learning import Propensity
from zhanggui.audience.engines.propensity.next_category import NextCategory
from zhanggui.audience.errors import BrokenPrediction
from zhanggui.audience.tables import predictions as tables
from zhanggui.audience.types.predictions import HORIZONS, Kind, PredictionCard

from .files import PredictionFiles
from .packing import category_of, lifetime_of, propensity_of, space_of, typical_in

NOTHING = Lifetime(purchases=None, values=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """The models of one moment; `ids` name those that serve."""

    ids: Mapping[Kind, str]
    propensities: Mapping[Kind, Propensity]
    lifetime: Lifetime
    typical: Typical | None
    category: NextCategory | None
    space: LatentSpace | None
    categories: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing can be foretold."""
        return self.lifetime.purchases is None and not self.propensities and self.category is None


class ServingModels:
    """Reads the models of one shop; one that cannot be read is left out, and the others tell what they can."""

    def __init__(self, files: PredictionFiles) -> None:
        self._files = files
        self._held: tuple[tuple[str, ...], Serving] | None = None

    def of(self, db: sa.Connection) -> Serving:
        """The models that serve as of the connection."""
        cards = tables.current_cards(db)
        key = tuple(sorted(card.id for card in cards.values()))
        held = self._held
        if held is None or held[0] != key:
            held = self._held = (key, self._read(cards))
        return held[1]

    def _read(self, cards: Mapping[Kind, PredictionCard]) -> Serving:
        propensities: dict[Kind, Propensity] = {}
        category = space = None
        for kind, card in cards.items():
            try:
                if kind in HORIZONS:
                    found = propensity_of(self._files.read(card), card.method, HORIZONS[kind])
                    propensities |= {kind: found} if found is not None else {}
                elif kind == "next_category":
                    arrays = self._files.read(card)
                    category, space = category_of(arrays), space_of(arrays)
            except BrokenPrediction:
                continue
        lifetime, next_card = cards.get("lifetime"), cards.get("next_category")
        return Serving(
            ids={kind: card.id for kind, card in cards.items()},
            propensities=propensities,
            lifetime=NOTHING if lifetime is None else lifetime_of(lifetime.parameters),
            typical=None if lifetime is None else typical_in(lifetime.parameters),
            category=category,
            space=space,
            categories=() if next_card is None else next_card.categories,
        )
