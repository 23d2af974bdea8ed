"""A variational auto-encoder of bags of products with a multinomial likelihood (Mult-VAE).

Source: Liang et al., "Variational Autoencoders for Collaborative Filtering", WWW 2018, doi:10.1145/3178876.3186150.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from zhanggui.recommend.engines.interactions import Interactions
from zhanggui.recommend.engines.learners.base import Cost, OnStep

from .autoencoding import Basis, FittedReader, teach
from .bags import Bag, Bags, Lesson
from .tensors import Arrays, Tensor, Weights, drawn


@dataclass(frozen=True, slots=True, kw_only=True)
class MultVae:
    """The settings.

    Attributes:
        basis: those of all auto-encoders; `basis.width` is that of both hidden layers.
        latent: numbers that a bag is pressed into.
        most_prior: what the distance from the prior weighs in the end.
        rising: batches over which that weight rises from 0.
    """

    basis: Basis = field(default_factory=Basis)
    latent: int = 64
    most_prior: float = 0.2
    rising: int = 1000

    @property
    def name(self) -> str:
        """`mult-vae`."""
        return "mult-vae"

    def cost(self, train: Interactions) -> Cost:
        """See `Basis.cost`."""
        return self.basis.cost(train, passes=1)

    def fit(self, train: Interactions, *, rng: np.random.Generator, on_step: OnStep) -> FittedReader:
        """See `teach`."""
        return teach(
            self,
            train,
            begin=lambda: self._begin(train.size, rng),
            course=lambda weights, bags: _Course(self, weights, bags, rng),
            rng=rng,
            on_step=on_step,
        )

    def read(self, weights: Weights, bag: Bag) -> Tensor:
        """See `Reader`: from the middle of what a bag may mean."""
        middle, _ = self.encode(weights, bag)
        return self.widen(weights, middle)

    def encode(self, weights: Weights, bag: Bag) -> tuple[Tensor, Tensor]:
        """(rows, latent) means and logarithms of variances."""
        hidden = (bag.sum_of(weights["history"]) + weights["history_bias"]).tanh()
        both = hidden @ weights["press"] + weights["press_bias"]
        return both[:, : self.latent], both[:, self.latent :]

    def widen(self, weights: Weights, code: Tensor) -> Tensor:
        """(rows, width) of (rows, latent) codes."""
        return (code @ weights["widen"] + weights["widen_bias"]).tanh()

    def _begin(self, size: int, rng: np.random.Generator) -> Arrays:
        width = self.basis.width
        return {
            "history": drawn(rng, size, width, spread=0.5),
            "history_bias": np.zeros(width, dtype=np.float32),
            "press": drawn(rng, width, 2 * self.latent, spread=width**-0.5),
            "press_bias": np.zeros(2 * self.latent, dtype=np.float32),
            "widen": drawn(rng, self.latent, width, spread=self.latent**-0.5),
            "widen_bias": np.zeros(width, dtype=np.float32),
            "products": drawn(rng, size, width, spread=width**-0.5),
            "bias": np.zeros(size, dtype=np.float32),
        }


def from_standard(middle: Tensor, log_variance: Tensor) -> Tensor:
    """(rows,) the divergence of normal distributions from the standard one."""
    return (middle.square() + log_variance.exp() - 1 - log_variance).sum(dim=1) / 2


def sample(middle: Tensor, log_variance: Tensor, rng: np.random.Generator) -> Tensor:
    """One draw of each normal distribution, through which gradients pass."""
    import torch

    noise = torch.from_numpy(rng.standard_normal(tuple(middle.shape), dtype=np.float32))
    return middle + noise * (log_variance / 2).exp()


class _Course:
    def __init__(self, settings: MultVae, weights: Weights, bags: Bags, rng: np.random.Generator) -> None:
        self._settings, self._weights, self._bags, self._rng = settings, weights, bags, rng
        self._done = 0

    def epoch(self) -> Iterator[Lesson]:
        basis = self._settings.basis
        return self._bags.lessons(basis.people, basis.dropped, self._rng)

    def loss(self, lesson: Lesson) -> Tensor:
        settings, weights = self._settings, self._weights
        self._done += 1
        prior = settings.most_prior * min(1.0, self._done / settings.rising)
        middle, log_variance = settings.encode(weights, lesson.bag)
        read = settings.widen(weights, sample(middle, log_variance, self._rng))
        losses = lesson.losses(read, weights["products"], weights["bias"])
        return (losses + prior * from_standard(middle, log_variance)).mean()
