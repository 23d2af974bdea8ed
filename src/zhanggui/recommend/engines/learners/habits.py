"""Habits: what somebody takes again and again, and of that rather what they took lately.

Where people repeat, their own counts are hard to beat: models of what goes together know what is alike, and weigh a
product that was taken a hundred times as one that was taken once. No other person's behaviour is used.

Source: Anderson et al., "The Dynamics of Repeat Consumption", WWW 2014, doi:10.1145/2566486.2568018.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zhanggui.recommend.engines.evaluation.keys import distinct, pairs
from zhanggui.recommend.engines.interactions import Floats, Interactions

from .base import Cost, OnStep
from .cells import moments_since

_LEAST_AGAIN = 0.02


def are_taken_again(train: Interactions) -> bool:
    """Whether enough events are of a product that their person had already."""
    return len(train) > 0 and len(distinct(pairs(train))) <= (1.0 - _LEAST_AGAIN) * len(train)


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """The settings.

    Attributes:
        half_life: moments of a person after which an event counts half; 0 for no decay.
        power: a product that was taken as n counts n^power.
        name: what tables call it.
    """

    half_life: float = 20.0
    power: float = 1.0
    name: str = "habits"

    def cost(self, train: Interactions) -> Cost:  # noqa: ARG002  (nothing is kept)
        """Nothing is learned."""
        return Cost(seconds=0.1, bytes=0)

    def fit(self, train: Interactions, *, rng: np.random.Generator, on_step: OnStep) -> FittedHabits:  # noqa: ARG002
        """A habit is all in its history."""
        on_step(1, 1)
        return FittedHabits(settings=self)


@dataclass(frozen=True, slots=True, kw_only=True)
class FittedHabits:
    """What somebody had, by how often and how lately, in shares of all that they had."""

    settings: Habits

    def score(self, histories: Interactions, people: int) -> Floats:
        """See `Fitted`."""
        weight = np.maximum(histories.strength, 0).astype(np.float64)
        if self.settings.half_life > 0:
            weight *= np.exp2(-moments_since(histories, histories.person) / self.settings.half_life)
        size = histories.size
        cell = histories.person.astype(np.int64) * size + histories.product
        held, place = np.unique(cell, return_inverse=True)
        counts = np.bincount(place, weights=weight, minlength=len(held)) ** self.settings.power
        person = held // size
        whole = np.bincount(person, weights=counts, minlength=people)[person]
        scores = np.zeros((people, size), dtype=np.float32)
        scores.ravel()[held] = np.divide(counts, whole, out=np.zeros_like(counts), where=whole > 0)
        return scores
