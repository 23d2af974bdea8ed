"""Ranking that holds against an adversary (APR): factors are learned while somebody else pushes them the worst way.

A bag of products is read by their factors and one layer, as in a denoising auto-encoder. At every step the factors
are moved against the gradient's advice, each row as far as allowed, and what is learned has to rank well there too. He
et al. do so with pairs; here the loss is the likelihood of all that was taken, which ranks better.

Sources: He et al., "Adversarial Personalized Ranking for Recommendation", SIGIR 2018, doi:10.1145/3209978.3209981;
Yuan et al., "Adversarial Collaborative Auto-encoder", IJCNN 2019, arXiv:1808.05361.
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

_PUSHED = ("history", "products")


@dataclass(frozen=True, slots=True, kw_only=True)
class Apr:
    """The settings.

    Attributes:
        basis: those of all auto-encoders.
        push: length of what the adversary adds to the factors of a product.
        share: what the pushed loss weighs beside the plain one; 0 for no adversary.
        alone: batches before the adversary comes in.
    """

    basis: Basis = field(default_factory=Basis)
    push: float = 0.3
    share: float = 1.0
    alone: int = 200

    @property
    def name(self) -> str:
        """`apr`."""
        return "apr"

    def cost(self, train: Interactions) -> Cost:
        """See `Basis.cost`; a gradient more for the adversary, and one through what it did."""
        return self.basis.cost(train, passes=2)

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
        """See `Reader`."""
        return ((bag.sum_of(weights["history"]) + weights["history_bias"]) @ weights["turn"]).tanh()

    def _begin(self, size: int, rng: np.random.Generator) -> Arrays:
        width = self.basis.width
        return {
            "history": drawn(rng, size, width, spread=0.5),
            "history_bias": np.zeros(width, dtype=np.float32),
            "turn": drawn(rng, width, width, spread=width**-0.5),
            "products": drawn(rng, size, width, spread=width**-0.5),
            "bias": np.zeros(size, dtype=np.float32),
        }


def pushed(weights: Weights, gradients: Weights, push: float) -> Weights:
    """Weights with named rows moved by `push` to where the loss grows fastest; no gradient passes the adversary."""
    moved = dict(weights)
    for name, gradient in gradients.items():
        length = gradient.norm(dim=1, keepdim=True).clamp_min(1e-12)
        moved[name] = weights[name] + push * (gradient / length).detach()
    return moved


class _Course:
    def __init__(self, settings: Apr, weights: Weights, bags: Bags, rng: np.random.Generator) -> None:
        self._settings, self._weights, self._bags, self._rng = settings, weights, bags, rng
        self._done = 0

    def epoch(self) -> Iterator[Lesson]:
        basis = self._settings.basis
        return self._bags.lessons(basis.people, basis.dropped, self._rng)

    def loss(self, lesson: Lesson) -> Tensor:
        import torch

        settings = self._settings
        plain = self._plain(self._weights, lesson)
        self._done += 1
        if settings.share == 0.0 or self._done <= settings.alone:
            return plain
        against = torch.autograd.grad(plain, [self._weights[name] for name in _PUSHED], retain_graph=True)
        moved = pushed(self._weights, dict(zip(_PUSHED, against, strict=True)), settings.push)
        return plain + settings.share * self._plain(moved, lesson)

    def _plain(self, weights: Weights, lesson: Lesson) -> Tensor:
        read = self._settings.read(weights, lesson.bag)
        return lesson.losses(read, weights["products"], weights["bias"]).mean()
