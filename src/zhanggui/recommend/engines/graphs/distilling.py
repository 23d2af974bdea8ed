"""What a network has learned, as neighbour lists: chances of what goes with or comes after a product alone.

A network reads a history as a whole; lists add up what its products say one by one. What serves is therefore less than
the network, and validation judges the lists, never the network. For that an answer needs no PyTorch, costs no more than
with any other lists, and its reasons by event stay exact.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from zhanggui.recommend.engines.interactions import Floats, Interactions
from zhanggui.recommend.engines.learners.base import Cost, Fitted, Learner, OnStep
from zhanggui.recommend.engines.learners.cells import cells, powered, sums


@dataclass(frozen=True, slots=True, kw_only=True)
class FittedChances:
    """A fitted network, asked for chances.

    Attributes:
        fitted: scores by logarithms of chances, but for one number a person.
        mass: (size,) how many people took a product; one that nobody took was not learned, so nothing is said of it.
        target_power: the chance of a product of mass m is multiplied by m^-target_power.
    """

    fitted: Fitted
    mass: Floats = field(repr=False)
    target_power: float

    def score(self, histories: Interactions, people: int) -> Floats:
        """See `Fitted`; zeros for a history without a product that was learned."""
        known = histories.where(self.mass[histories.product] > 0)
        chances = self.fitted.score(known, people)
        chances[:, self.mass <= 0] = -np.inf
        told = np.bincount(known.person, minlength=people) > 0
        chances[~told] = 0.0
        chances[told] -= chances[told].max(axis=1, keepdims=True)
        np.exp(chances, out=chances, where=told[:, None])
        chances[told] /= chances[told].sum(axis=1, keepdims=True)
        chances *= powered(self.mass, self.target_power)
        return chances


@dataclass(frozen=True, slots=True, kw_only=True)
class Distilled:
    """A network that shall serve as lists.

    Attributes:
        network: scores by logarithms of chances.
        target_power: see `FittedChances`; what is popular has signals of its own in the blend.
    """

    network: Learner
    target_power: float = 0.3

    @property
    def name(self) -> str:
        """The network's."""
        return self.network.name

    def cost(self, train: Interactions) -> Cost:
        """The network's."""
        return self.network.cost(train)

    def fit(self, train: Interactions, *, rng: np.random.Generator, on_step: OnStep) -> FittedChances:
        """Learn.

        Raises:
            MissingExtra: PyTorch is not installed.
        """
        mass = sums(cells(train), 0).astype(np.float32)
        return FittedChances(
            fitted=self.network.fit(train, rng=rng, on_step=on_step), mass=mass, target_power=self.target_power
        )
