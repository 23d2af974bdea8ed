"""What every learner is: fitted on behaviour, it scores all products for anybody's history, known or not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from zhanggui.recommend.engines.interactions import Floats, Interactions

OnStep = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What a fit is thought to take: CPU seconds on one core, and bytes at its peak."""

    seconds: float
    bytes: int


def cost_of_pairs(train: Interactions, neighbours: int) -> Cost:
    """Of a fit that meets every two events of one person and keeps so many neighbours of a product."""
    pairs = float(np.sum(np.diff(train.person_starts()).astype(np.float64) ** 2))
    return Cost(seconds=1 + pairs / 5e7, bytes=16 * train.size * neighbours + 60 * len(train))


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a fit may take; None is no limit."""

    seconds: float | None = None
    bytes: int | None = None


class Fitted(Protocol):
    """A fitted learner. It keeps nothing of the people it learned from: a shopper is their history."""

    def score(self, histories: Interactions, people: int) -> Floats:
        """(people, size) scores of all products, larger is better, on one scale for all people.

        Args:
            histories: events of people numbered in [0, people); somebody without a row has no history.
            people: rows of the answer.

        Returns:
            Seen products are scored as any other; column 0 stands for no product and means nothing.
        """


class Learner(Protocol):
    """A method and its settings, before it has seen anything."""

    @property
    def name(self) -> str:
        """What tables call it, such as `ease`; settings that differ from the usual ones stand behind a colon."""

    def cost(self, train: Interactions) -> Cost:
        """What a fit on this behaviour will take, from its size alone."""

    def fit(self, train: Interactions, *, rng: np.random.Generator, on_step: OnStep) -> Fitted:
        """Learn. The same generator state gives the same answer.

        Args:
            train: people's behaviour; strengths ≤ 0 are no reason to recommend.
            rng: where a method needs chance.
            on_step: told (done, of).
        """
