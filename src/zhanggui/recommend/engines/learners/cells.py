"""Behaviour as a sparse matrix, people by products, and the weights that a history's events carry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zhanggui.recommend.engines.interactions import Floats, Interactions

BATCH = 512
"""People scored at once, so that scores need at most BATCH × size × 4 bytes."""


def numbered(events: Interactions) -> tuple[NDArray[np.int64], int]:
    """(n,) people numbered from 0 in the order in which they stand, and how many they are."""
    starts = events.person_starts()
    return np.repeat(np.arange(len(starts) - 1), np.diff(starts)), len(starts) - 1


def cells(
    events: Interactions,
    *,
    person: NDArray[np.int64] | None = None,
    people: int | None = None,
    half_life: float = 0.0,
    least: int = 1,
    signed: bool = False,
) -> Any:
    """(people, size) sparse float32 matrix: the strength of the strongest event of a person with a product.

    Args:
        events: of strength ≤ 0 are left out unless `signed`.
        person: (n,) row of each event; by default people are numbered in the order in which they stand.
        people: rows of the matrix.
        half_life: moments (distinct times of one person) after which an event weighs half; 0 for no decay. It
            is ignored where behaviour has no order.
        least: people with fewer products are rows of zeros: they teach nothing about what goes together.
        signed: whether a negative strength stands in its cell; of two equally strong events it is the one that counts.
    """
    import scipy.sparse

    if person is None or people is None:
        person, people = numbered(events)
    weight = (events.strength if signed else np.maximum(events.strength, 0)).astype(np.float32)
    if half_life > 0:
        weight *= np.exp2(-moments_since(events, person) / half_life).astype(np.float32)
    starts, products, values = _strongest(person.astype(np.int64, copy=False), events, weight, people, least)
    return scipy.sparse.csr_matrix((values, products, starts), shape=(people, events.size))


def _strongest(
    person: NDArray[np.int64], events: Interactions, weight: Floats, people: int, least: int
) -> tuple[NDArray[np.int64], NDArray[np.int32], Floats]:
    """Starts (people + 1,), products and weights of a sparse matrix of what weighs most in each cell."""
    from .cell_kernels import strongest_cells  # imports numba

    starts = np.zeros(people + 1, dtype=np.int64)
    products, values = np.empty(len(person), dtype=np.int32), np.empty(len(person), dtype=np.float32)
    filled = strongest_cells(person, events.product, weight, events.size, least, starts, products, values)
    return starts, products[:filled].copy(), values[:filled].copy()


def moments_since(events: Interactions, person: NDArray[np.int64]) -> NDArray[np.float64]:
    """(n,) how many distinct later times the same person has."""
    if len(events) == 0:
        return np.zeros(0)
    new = np.ones(len(events), dtype=bool)
    new[1:] = (person[1:] != person[:-1]) | (events.at_ms[1:] != events.at_ms[:-1])
    moment = np.cumsum(new)
    last = np.full(int(person[-1]) + 1, 0)
    last[person] = moment
    since: NDArray[np.float64] = (last[person] - moment).astype(np.float64)
    return since


@dataclass(frozen=True, slots=True, kw_only=True)
class Lens:
    """How a history is weighed before products are scored for it, and how popular products are held back.

    Attributes:
        half_life: see `cells`.
        length_power: scores are divided by (history mass)^length_power, so that blends may compare people.
        source_power: a product of mass m in a history counts m^-source_power.
        target_power: and its own score is multiplied by m^-target_power.
    """

    half_life: float = 0.0
    length_power: float = 0.5
    source_power: float = 0.0
    target_power: float = 0.0

    def look(self, histories: Interactions, people: int, mass: Floats | None = None) -> Any:
        """(people, size) sparse weights of everybody's history; `mass` (size,) is how many people took a product.

        A dismissal is negative, and makes the history as much longer as a liking.
        """
        rows = cells(histories, person=histories.person, people=people, half_life=self.half_life, signed=True)
        by_length = np.maximum(sums(abs(rows), 1), 1e-6) ** -self.length_power
        rows.data *= np.repeat(by_length.astype(np.float32), np.diff(rows.indptr))
        if mass is not None and self.source_power != 0.0:
            rows.data *= powered(mass, self.source_power)[rows.indices]
        return rows

    def hold_back(self, scores: Floats, mass: Floats) -> Floats:
        """Scale (people, size) scores in place by `target_power`, and give them back."""
        if self.target_power != 0.0:
            scores *= powered(mass, self.target_power)
        return scores


def powered(counts: NDArray[Any], power: float) -> Floats:
    """(n,) counts^-power; 0 where nothing was counted."""
    if power == 0.0:
        return np.ones(len(counts), dtype=np.float32)
    scaled: Floats = np.where(counts > 0, np.maximum(counts, 1e-6).astype(np.float64) ** -power, 0).astype(np.float32)
    return scaled


def sums(rows: Any, axis: int) -> NDArray[np.float64]:
    """(n,) sums of a sparse matrix over `axis`."""
    answer: NDArray[np.float64] = np.asarray(rows.sum(axis=axis), dtype=np.float64).ravel()
    return answer
