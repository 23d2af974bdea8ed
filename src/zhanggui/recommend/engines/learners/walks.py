"""Random walks of three steps from a history over people to products, popular ones held back.

Sources: Paudel et al., "Updatable, Accurate, Diverse, and Scalable Recommendations for Interactive Applications"
(RP3beta), ACM TiiS 2017, doi:10.1145/2955101; with `person_power` 1 and source and target 0.5 it is the linear filter
of Shen et al., "How Powerful is Graph Convolution for Recommendation?", CIKM 2021, doi:10.1145/3459637.3482264.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from zhanggui.recommend.engines.covisitation import Neighbours
from zhanggui.recommend.engines.interactions import Interactions

from .base import Cost, OnStep, cost_of_pairs
from .cells import Lens, cells, powered, sums
from .lists import FittedLists, both_ways, in_parts


@dataclass(frozen=True, slots=True, kw_only=True)
class Walks:
    """Two products are near when people with few products have both.

    Attributes:
        neighbours: kept per product.
        person_power: a person with n products passes on n^-person_power.
        source_power: the list of a product with n people is divided by n^source_power.
        target_power: and its place in others' lists by n^target_power (beta of RP3beta).
        lens: how a history is weighed.
    """

    neighbours: int = 200
    person_power: float = 0.4
    source_power: float = 0.5
    target_power: float = 0.3
    lens: Lens = field(default_factory=Lens)

    @property
    def name(self) -> str:
        """`walks`."""
        return "walks"

    def cost(self, train: Interactions) -> Cost:
        """See `cost_of_pairs`."""
        return cost_of_pairs(train, self.neighbours)

    def fit(self, train: Interactions, *, rng: np.random.Generator, on_step: OnStep) -> FittedLists:
        """Learn; no chance is needed."""
        del rng
        rows = cells(train)
        near = nearest(
            rows,
            neighbours=self.neighbours,
            person_power=self.person_power,
            source_power=self.source_power,
            target_power=self.target_power,
        )
        on_step(1, 1)
        return FittedLists.of(near, self.lens, sums(rows, 0).astype(np.float32))


def nearest(rows: Any, *, neighbours: int, person_power: float, source_power: float, target_power: float) -> Neighbours:
    """The `neighbours` strongest products of each product in a sparse matrix of people by products."""
    from .list_kernels import walk_rows  # imports numba

    size = rows.shape[1]
    k = min(neighbours, max(1, size - 1))
    people = np.diff(rows.tocsc().indptr)
    source_scale, target_scale = powered(people, source_power), powered(people, target_power)
    scale = powered(sums(rows, 1), person_power)
    by_product, by_person = both_ways(rows)
    ids, weights = np.zeros((size, k), dtype=np.int32), np.zeros((size, k), dtype=np.float32)
    in_parts(
        size,
        lambda begin, end: walk_rows(
            begin, end, by_product, by_person, scale, source_scale, target_scale, ids, weights
        ),
        parts_a_thread=16,
    )
    return Neighbours(ids=ids, weights=weights)
