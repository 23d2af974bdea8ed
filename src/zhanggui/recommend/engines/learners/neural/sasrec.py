"""What comes next, by a transformer that reads a history in its order (SASRec and its heirs).

It is trained at every place of every history against products drawn for the whole batch (see `sampled_softmax`). A
shopper is their history: nothing is kept of the people that it learned from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from zhanggui.recommend.engines.interactions import Floats, Interactions
from zhanggui.recommend.engines.learners.base import Cost, OnStep
from zhanggui.recommend.engines.learners.cells import BATCH

from .descent import Pace, descend
from .held import hold_out
from .sampled_softmax import Negatives, sampled_losses
from .tensors import Arrays, Dropout, Tensor, Weights, bounded_threads, learnable, tensors_of
from .transformer import Shape, encode, newest
from .windows import Batch, Windows, ends_of_histories

_WORK_A_SECOND = 1.5e10
"""Multiplications of one core, with all that stands between them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FittedSasrec:
    """Weights of the network.

    Attributes:
        weights: named arrays; `products` has a row a product.
        settings: with which they were learned.
    """

    weights: Mapping[str, Floats] = field(repr=False)
    settings: Sasrec

    def score(self, histories: Interactions, people: int) -> Floats:
        """See `Fitted`: logarithms of chances, but for one number a person."""
        scores = np.empty((people, len(self.weights["products"])), dtype=np.float32)
        seen, at = ends_of_histories(histories, people, self.settings.shape.furthest)
        with bounded_threads() as torch, torch.inference_mode():
            weights = tensors_of(self.weights)
            for first in range(0, people, BATCH):
                rows = slice(first, first + BATCH)
                places = torch.from_numpy(seen[rows, : int(at[rows].max()) + 1])
                read = newest(weights, self.settings.shape, places, torch.from_numpy(at[rows]))
                torch.matmul(read, weights["products"].T, out=torch.from_numpy(scores[rows]))
        return scores


@dataclass(frozen=True, slots=True, kw_only=True)
class Sasrec:
    """The settings.

    Attributes:
        shape: of the network; the newest `shape.furthest` events of a history are read.
        dropout: share of numbers that are zeroed in training.
        negatives: drawn for a batch.
        negative_power: of popularity, by which they are drawn.
        places: events of a batch.
        pace: how long and how fast it learns.
    """

    shape: Shape = field(default_factory=Shape)
    dropout: float = 0.3
    negatives: int = 512
    negative_power: float = 1.0
    places: int = 1024
    pace: Pace = field(default_factory=Pace)

    @property
    def name(self) -> str:
        """`sasrec`."""
        return "sasrec"

    def cost(self, train: Interactions) -> Cost:
        """At most the time of `pace`; less where all epochs take less."""
        width, table = self.shape.width, train.size * self.shape.width
        an_event = width * (14 * width * self.shape.blocks + self.negatives)
        an_epoch = 3 * len(train) * an_event + 10 * table * (1 + len(train) / self.places)
        seconds = 2 + self.pace.epochs * (an_epoch / _WORK_A_SECOND + 0.2)
        read = 4 * self.places * (self.negatives + 30 * width * self.shape.blocks)
        return Cost(
            seconds=min(self.pace.seconds + 5, seconds), bytes=30 * table + 4 * read + 60 * len(train) + 4 * 10**8
        )

    def fit(self, train: Interactions, *, rng: np.random.Generator, on_step: OnStep) -> FittedSasrec:
        """Learn, as long as validation gains; the same generator gives the same answer unless time ended it.

        Raises:
            MissingExtra: PyTorch is not installed.
        """
        with bounded_threads():
            rest, held = hold_out(train, rng)
            lessons = _Lessons(self, rest, rng)
            weights = learnable(self.shape.begin(train.size, rng))
            best = descend(
                weights,
                lessons=lessons.epoch,
                loss=lambda batch: lessons.loss(weights, batch),
                quality=lambda arrays: held.quality(self._fitted(arrays).score),
                pace=self.pace,
                on_step=on_step,
            )
        return self._fitted(best)

    def _fitted(self, arrays: Arrays) -> FittedSasrec:
        return FittedSasrec(weights=arrays, settings=self)


class _Lessons:
    """Batches, and what is wrong with what is said of them."""

    def __init__(self, settings: Sasrec, events: Interactions, rng: np.random.Generator) -> None:
        import torch

        self._settings, self._rng = settings, rng
        self._windows = Windows.of(events, settings.shape.furthest, rng)
        self._negatives = Negatives.of(
            events.product, events.size, count=settings.negatives, power=settings.negative_power
        )
        self._log_expected = torch.from_numpy(self._negatives.log_expected)
        self._drop = Dropout(settings.dropout, rng)

    def epoch(self) -> list[Batch]:
        return list(self._windows.batches(self._settings.places, self._rng))

    def loss(self, weights: Weights, batch: Batch) -> Tensor:
        import torch

        read = encode(weights, self._settings.shape, torch.from_numpy(batch.seen), self._drop)
        losses = sampled_losses(
            read[torch.from_numpy(batch.is_real)],
            weights["products"],
            torch.from_numpy(batch.targets),
            torch.from_numpy(self._negatives.draw(self._rng)),
            self._log_expected,
        )
        return (losses * torch.from_numpy(batch.weights)).mean()
