"""What networks have in common that read a bag of products, and say which others belong to it.

Each learner says how a bag is read (`read`); products are scored by the inner product of that with their rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from zhanggui.recommend.engines.interactions import Floats, Interactions
from zhanggui.recommend.engines.learners.base import Cost, OnStep
from zhanggui.recommend.engines.learners.cells import BATCH, Lens, cells, sums

from .bags import Bag, Bags, Lesson
from .descent import Pace, descend
from .held import hold_out
from .tensors import Arrays, Tensor, Weights, bounded_threads, learnable, tensors_of

_WORK_A_SECOND = 1.5e10
"""Multiplications of one core, with all that stands between them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """Settings of every such network.

    Attributes:
        width: numbers that stand for a bag when products are scored.
        dropped: share of a history that is not read in training.
        negatives: products drawn beside those of a batch; catalogues that are no larger are looked at as a whole.
        people: of a batch.
        lens: how a history is weighed.
        pace: how long and how fast it learns.
    """

    width: int = 128
    dropped: float = 0.5
    negatives: int = 1024
    people: int = 256
    lens: Lens = field(default_factory=Lens)
    pace: Pace = field(default_factory=Pace)

    def cost(self, train: Interactions, *, passes: int) -> Cost:
        """At most the time of `pace`; `passes` over everybody an epoch."""
        people = len(train.person_starts()) - 1
        columns = min(train.size, self.negatives + self.people * len(train) / max(1, people))
        table = train.size * self.width
        an_epoch = passes * (3 * people * columns * self.width + 20 * table * (1 + people / self.people))
        seconds = 2 + self.pace.epochs * (an_epoch / _WORK_A_SECOND + 0.2)
        needed = 60 * table + 20 * self.people * columns + 60 * len(train) + 4 * 10**8
        return Cost(seconds=min(self.pace.seconds + 5, seconds), bytes=int(needed))


class Reader(Protocol):
    """A learner whose network reads bags."""

    @property
    def basis(self) -> Basis:
        """Its common settings."""

    def read(self, weights: Weights, bag: Bag) -> Tensor:
        """(rows, width) what stands for each bag when it is scored: nothing by chance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FittedReader:
    """Weights of the network.

    Attributes:
        weights: named arrays; `products` and `bias` have a row a product.
        settings: with which they were learned.
        mass: (size,) how many people took a product.
    """

    weights: Mapping[str, Floats] = field(repr=False)
    settings: Reader
    mass: Floats = field(repr=False)

    def score(self, histories: Interactions, people: int) -> Floats:
        """See `Fitted`: logarithms of chances, but for one number a person.

        What holds popular products back (`lens.target_power`) divides the chance, and so is taken from its logarithm.
        """
        lens = self.settings.basis.lens
        rows = lens.look(histories, people, self.mass)
        scores = np.empty((people, len(self.mass)), dtype=np.float32)
        back = np.float32(lens.target_power) * np.log(np.maximum(self.mass, 1)).astype(np.float32)
        with bounded_threads() as torch, torch.inference_mode():
            weights = tensors_of(self.weights)
            bias = weights["bias"] - torch.from_numpy(back)
            for first in range(0, people, BATCH):
                read = self.settings.read(weights, Bag.of(rows[first : first + BATCH]))
                torch.addmm(bias, read, weights["products"].T, out=torch.from_numpy(scores[first : first + BATCH]))
        return scores


class Course(Protocol):
    """How a learner is taught: its epochs, and what is wrong with what it says of a lesson."""

    def epoch(self) -> Iterable[Lesson]:
        """The lessons of one epoch."""

    def loss(self, lesson: Lesson) -> Tensor:
        """One number."""


def teach(
    settings: Reader,
    train: Interactions,
    *,
    begin: Callable[[], Arrays],
    course: Callable[[Weights, Bags], Course],
    rng: np.random.Generator,
    on_step: OnStep,
) -> FittedReader:
    """Learn as long as validation gains.

    Args:
        settings: how a bag is read.
        train: people's behaviour.
        begin: weights to begin with.
        course: made of the weights that learn and of everybody's bags.
        rng: of all chance.
        on_step: told (seconds passed, seconds allowed).

    Raises:
        MissingExtra: PyTorch is not installed.
    """
    basis = settings.basis
    with bounded_threads():
        rest, held = hold_out(train, rng)
        mass = sums(cells(rest), 0).astype(np.float32)
        bags = Bags.of(rest, basis.lens, mass, basis.negatives)
        weights = learnable(begin())
        taught = course(weights, bags)
        best = descend(
            weights,
            lessons=taught.epoch,
            loss=taught.loss,
            quality=lambda arrays: held.quality(FittedReader(weights=arrays, settings=settings, mass=mass).score),
            pace=basis.pace,
            on_step=on_step,
        )
    return FittedReader(weights=best, settings=settings, mass=mass)
