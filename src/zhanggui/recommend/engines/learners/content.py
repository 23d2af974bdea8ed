"""Products like those of a history by their words and traits: what can speak for a product that nobody took yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from zhanggui.recommend.engines.content import ContentIndex, Document
from zhanggui.recommend.engines.interactions import Interactions

from .base import Cost, OnStep
from .cells import Lens
from .lists import FittedLists


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """Cosine of words, over the nearest products of each.

    Attributes:
        documents: the words of every product by its number, number 0 included; empty for none.
        neighbours: kept per product.
        lens: how a history is weighed.
    """

    documents: Sequence[Document] = field(repr=False)
    neighbours: int = 200
    lens: Lens = field(default_factory=lambda: Lens(half_life=1.5))

    @property
    def name(self) -> str:
        """`content`."""
        return "content"

    def cost(self, train: Interactions) -> Cost:
        """Every product is held against those that share a word which is not common: more in a larger catalogue."""
        return Cost(seconds=2 + train.size**1.5 / 2e6, bytes=train.size * (16 * self.neighbours + 400) + 10**8)

    def fit(self, train: Interactions, *, rng: np.random.Generator, on_step: OnStep) -> FittedLists:
        """Nothing is learned from people but the size of the catalogue.

        Raises:
            ValueError: there are not as many documents as product numbers.
        """
        del rng
        if len(self.documents) != train.size:
            raise ValueError(
                f"{len(self.documents)} documents for {train.size} product numbers; give one for each, 0 too"
            )
        near = ContentIndex.of(self.documents).neighbours(self.neighbours)
        on_step(1, 1)
        return FittedLists.of(near, self.lens)
