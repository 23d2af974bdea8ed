"""The plain methods beside which others are measured: what is popular, what one had, what goes together by cosine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from zhanggui.recommend.engines.covisitation import CovisitationConfig, covisit
from zhanggui.recommend.engines.evaluation.keys import distinct, pairs
from zhanggui.recommend.engines.interactions import Floats, Interactions

from .base import Cost, OnStep, cost_of_pairs

_FAR = 10**9


@dataclass(frozen=True, slots=True, kw_only=True)
class FittedPopular:
    """One score a product, the same for everybody.

    Attributes:
        wanted_by: (size,) people who wanted a product.
    """

    wanted_by: Floats

    def score(self, histories: Interactions, people: int) -> Floats:  # noqa: ARG002  (the same for everybody)
        """See `Fitted`."""
        return np.tile(self.wanted_by, (people, 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Popular:
    """Products by how many people wanted them."""

    @property
    def name(self) -> str:
        """`popularity`."""
        return "popularity"

    def cost(self, train: Interactions) -> Cost:
        """One sort of the events."""
        return Cost(seconds=0.1 + len(train) / 4e6, bytes=60 * len(train))

    def fit(self, train: Interactions, *, rng: np.random.Generator, on_step: OnStep) -> FittedPopular:  # noqa: ARG002
        """Count; `rng` is not used."""
        wanted = train.where(train.strength > 0)
        counts = np.bincount(distinct(pairs(wanted)) % train.size, minlength=train.size)
        on_step(1, 1)
        return FittedPopular(wanted_by=counts.astype(np.float32))


@dataclass(frozen=True, slots=True, kw_only=True)
class FittedOwn:
    """What somebody had, by how often, before what is popular.

    Attributes:
        share: (size,) popularity, below 1.
    """

    share: Floats

    def score(self, histories: Interactions, people: int) -> Floats:
        """See `Fitted`."""
        scores = np.tile(self.share, (people, 1))
        wanted = histories.where(histories.strength > 0)
        np.add.at(scores, (wanted.person, wanted.product), np.float32(1))
        return scores


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnFrequency:
    """Products by how often a person had them, the others by popularity: hard to beat where people buy again."""

    @property
    def name(self) -> str:
        """`own-frequency`."""
        return "own-frequency"

    def cost(self, train: Interactions) -> Cost:
        """As popularity."""
        return Popular().cost(train)

    def fit(self, train: Interactions, *, rng: np.random.Generator, on_step: OnStep) -> FittedOwn:
        """Count; `rng` is not used."""
        counts = Popular().fit(train, rng=rng, on_step=on_step).wanted_by
        return FittedOwn(share=counts / (counts.max(initial=0) + np.float32(1)))


@dataclass(frozen=True, slots=True, kw_only=True)
class FittedKnn:
    """Cosines to the nearest of every product.

    Attributes:
        lists: scipy CSR matrix (size, size).
    """

    lists: Any

    def score(self, histories: Interactions, people: int) -> Floats:
        """See `Fitted`: the sum of the lists of what is wanted in a history, each product once."""
        import scipy.sparse

        wanted = histories.where(histories.strength > 0)
        rows = scipy.sparse.csr_matrix(
            (np.ones(len(wanted), dtype=np.float32), (wanted.person, wanted.product)),
            shape=(people, histories.size),
        )
        rows.data[:] = 1.0
        scores: Floats = (rows @ self.lists).toarray()
        return scores


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemKnn:
    """Products wanted by the same people: the cosine of their sets of people, summed over a history.

    Attributes:
        neighbours: kept per product.
        shrink: added to the number of people of both, so that one lucky pair does not lead a list; above 0.

    Source: Sarwar et al., "Item-based Collaborative Filtering Recommendation Algorithms", WWW 2001,
    doi:10.1145/371920.372071.
    """

    neighbours: int = 100
    shrink: float = 20.0

    @property
    def name(self) -> str:
        """`item-knn`."""
        return "item-knn"

    def cost(self, train: Interactions) -> Cost:
        """See `cost_of_pairs`."""
        return cost_of_pairs(train, self.neighbours)

    def fit(self, train: Interactions, *, rng: np.random.Generator, on_step: OnStep) -> FittedKnn:  # noqa: ARG002
        """Count who wanted both; `rng` is not used."""
        import scipy.sparse

        near = covisit(
            CovisitationConfig(
                neighbours=self.neighbours, same=1, after=1, before=1, distance=_FAR, shrink=self.shrink, window=_FAR
            ),
            _once(train),
            threads=2,
            on_step=on_step,
        )
        places = np.arange(len(near.ids) + 1) * near.ids.shape[1]
        lists = scipy.sparse.csr_matrix(
            (near.weights.ravel(), near.ids.ravel(), places), shape=(train.size, train.size)
        )
        lists.eliminate_zeros()
        return FittedKnn(lists=lists)


def _once(train: Interactions) -> Interactions:
    """Each person once with each product that they wanted, without an order."""
    keys = distinct(pairs(train.where(train.strength > 0)))
    person = keys // train.size
    return Interactions(
        person=person,
        product=(keys % train.size).astype(np.int32),
        at_ms=np.zeros(len(keys), dtype=np.int64),
        strength=np.ones(len(keys), dtype=np.float32),
        is_purchase=np.zeros(len(keys), dtype=bool),
        session=(np.cumsum(np.diff(person, prepend=-1) != 0) - 1).astype(np.int32),
        size=train.size,
    )
