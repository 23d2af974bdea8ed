"""A variational auto-encoder that is held to what it knew before (RecVAE).

Its prior is a mixture with the encoder of an epoch ago, how much that weighs grows with the history, and encoder and
decoder learn in turns: the encoder from histories with holes, the decoder from whole ones. The encoder has three layers
where the paper has five: on a processor the time is better spent on passes.

Source: Shenbin et al., "RecVAE", WSDM 2020, doi:10.1145/3336191.3371831.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from zhanggui.recommend.engines.interactions import Interactions
from zhanggui.recommend.engines.learners.base import Cost, OnStep

from .autoencoding import Basis, FittedReader, teach
from .bags import Bag, Bags, Lesson
from .mult_vae import sample
from .tensors import Arrays, Tensor, Weights, drawn

_LAYERS = 3
_MIXTURE = ((3 / 20, 0.0), (1 / 10, 10.0))
"""Shares and logarithms of variances of the normal parts of the prior; the encoder of before has the rest."""
_OF_PRODUCTS = ("products", "bias")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecVae:
    """The settings.

    Attributes:
        basis: those of all auto-encoders; `basis.width` is that of the code, too.
        hidden: numbers of each layer of the encoder.
        prior: what the distance from the prior weighs, for each product of a history.
        encoder_passes: over everybody in an epoch; the decoder learns in one more.
    """

    basis: Basis = field(default_factory=Basis)
    hidden: int = 256
    prior: float = 0.005
    encoder_passes: int = 2

    @property
    def name(self) -> str:
        """`rec-vae`."""
        return "rec-vae"

    def cost(self, train: Interactions) -> Cost:
        """See `Basis.cost`."""
        return self.basis.cost(train, passes=self.encoder_passes + 1)

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
        """See `Reader`: the middle of what a bag may mean."""
        return self.encode(weights, bag)[0]

    def encode(self, weights: Weights, bag: Bag) -> tuple[Tensor, Tensor]:
        """(rows, width) means and logarithms of variances; every layer is told all that came before it."""
        told = bag.sum_of(weights["history"]) + weights["history_bias"]
        before = _swish(told)
        for layer in range(1, _LAYERS):
            told = before @ weights[f"layer.{layer}"] + weights[f"layer_bias.{layer}"] + before
            before = _swish(told)
        both = before @ weights["press"] + weights["press_bias"]
        return both[:, : self.basis.width], both[:, self.basis.width :]

    def _begin(self, size: int, rng: np.random.Generator) -> Arrays:
        width, hidden = self.basis.width, self.hidden
        arrays = {
            "history": drawn(rng, size, hidden, spread=0.5),
            "history_bias": np.zeros(hidden, dtype=np.float32),
            "press": drawn(rng, hidden, 2 * width, spread=0.5 * hidden**-0.5),
            "press_bias": np.zeros(2 * width, dtype=np.float32),
            "products": drawn(rng, size, width, spread=width**-0.5),
            "bias": np.zeros(size, dtype=np.float32),
        }
        for layer in range(1, _LAYERS):
            arrays[f"layer.{layer}"] = drawn(rng, hidden, hidden, spread=hidden**-0.5)
            arrays[f"layer_bias.{layer}"] = np.zeros(hidden, dtype=np.float32)
        return arrays


def log_normal(code: Tensor, middle: Tensor | float, log_variance: Tensor) -> Tensor:
    """(rows, d) logarithms of densities."""
    return -(log_variance + math.log(2 * math.pi) + (code - middle).square() / log_variance.exp()) / 2


def log_prior(code: Tensor, middle: Tensor, log_variance: Tensor) -> Tensor:
    """(rows, d) logarithms of the density of the mixture, where the encoder of before said `middle`."""
    import torch

    parts = [math.log(share) + log_normal(code, 0.0, torch.full_like(code, of_part)) for share, of_part in _MIXTURE]
    before = 1 - sum(share for share, _ in _MIXTURE)
    parts.append(math.log(before) + log_normal(code, middle, log_variance))
    return torch.logsumexp(torch.stack(parts), dim=0)


def _swish(values: Tensor) -> Tensor:
    import torch

    return torch.nn.functional.layer_norm(torch.nn.functional.silu(values), values.shape[1:])


class _Course:
    def __init__(self, settings: RecVae, weights: Weights, bags: Bags, rng: np.random.Generator) -> None:
        self._settings, self._weights, self._bags, self._rng = settings, weights, bags, rng
        self._before: Weights = {}
        self._teaches_encoder = True

    def epoch(self) -> Iterator[Lesson]:
        basis, weights = self._settings.basis, self._weights
        self._before = {name: kept.detach().clone() for name, kept in weights.items() if name not in _OF_PRODUCTS}
        self._teaches_encoder = True
        for _ in range(self._settings.encoder_passes):
            yield from self._bags.lessons(basis.people, basis.dropped, self._rng)
        self._teaches_encoder = False
        yield from self._bags.lessons(basis.people, 0.0, self._rng)

    def loss(self, lesson: Lesson) -> Tensor:
        settings = self._settings
        weights = {
            name: kept if (name in _OF_PRODUCTS) != self._teaches_encoder else kept.detach()
            for name, kept in self._weights.items()
        }
        middle, log_variance = settings.encode(weights, lesson.bag)
        code = sample(middle, log_variance, self._rng)
        losses = lesson.losses(code, weights["products"], weights["bias"])
        if not self._teaches_encoder:
            return losses.mean()
        apart = log_normal(code, middle, log_variance) - log_prior(code, *self._said_before(lesson.bag))
        taken = losses.new_zeros(len(losses)).index_add(0, lesson.row, lesson.taken)
        return (losses + settings.prior * taken * apart.sum(dim=1)).mean()

    def _said_before(self, bag: Bag) -> tuple[Tensor, Tensor]:
        import torch

        with torch.no_grad():
            return self._settings.encode(self._before, bag)
