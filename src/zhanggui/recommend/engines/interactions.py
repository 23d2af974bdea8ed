"""Behaviour as arrays: who did what with which product, when, sorted by person and time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]

SESSION_GAP_MS = 30 * 60_000
"""Events of one person closer together than this are of one session (a basket is one session)."""

MANY_ROWS = 100_000
"""Rows from which on compiled code sorts sooner than it is loaded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interactions:
    """Events of many people, sorted by person, then time.

    Attributes:
        person: (n,) any integers, ascending.
        product: (n,) dense product numbers in [1, size).
        at_ms: (n,) milliseconds since 1970 UTC, ascending within a person.
        strength: (n,) how much an event says in favour of its product; purchase 1, dismissal negative.
        is_purchase: (n,) whether it is a purchase.
        session: (n,) session numbers, ascending; no two people share one.
        size: largest product number + 1.
        worth: (n,) what it counts for when a blend is learned that its product was taken; None: all alike.
        context: (n,) where it came about, see `ranking.context`; None: nobody told.
    """

    person: Ints
    product: NDArray[np.int32]
    at_ms: Ints
    strength: Floats
    is_purchase: NDArray[np.bool_]
    session: NDArray[np.int32]
    size: int
    worth: Floats | None = None
    context: NDArray[np.uint8] | None = None

    def __len__(self) -> int:
        return len(self.person)

    @classmethod
    def of(
        cls,
        *,
        person: Ints,
        product: NDArray[Any],
        at_ms: Ints,
        strength: NDArray[Any],
        is_purchase: NDArray[np.bool_],
        size: int,
        worth: NDArray[Any] | None = None,
        context: NDArray[Any] | None = None,
    ) -> Interactions:
        """Sort columns of equal length (any order) and cut them into sessions."""
        order = _sorting(person, at_ms, product)
        person, at_ms = person[order], at_ms[order]
        opens = np.ones(len(person), dtype=bool)
        opens[1:] = (person[1:] != person[:-1]) | (at_ms[1:] - at_ms[:-1] > SESSION_GAP_MS)
        return cls(
            person=person,
            product=product[order].astype(np.int32, copy=False),
            at_ms=at_ms,
            strength=strength[order].astype(np.float32, copy=False),
            is_purchase=is_purchase[order],
            session=np.cumsum(opens, dtype=np.int32) - 1,
            size=size,
            worth=None if worth is None else worth[order].astype(np.float32, copy=False),
            context=None if context is None else context[order].astype(np.uint8, copy=False),
        )

    def where(self, kept: NDArray[np.bool_]) -> Interactions:
        """The rows of `kept` (n,); sessions keep their numbers."""
        return Interactions(
            person=self.person[kept],
            product=self.product[kept],
            at_ms=self.at_ms[kept],
            strength=self.strength[kept],
            is_purchase=self.is_purchase[kept],
            session=self.session[kept],
            size=self.size,
            worth=None if self.worth is None else self.worth[kept],
            context=None if self.context is None else self.context[kept],
        )

    def person_starts(self) -> Ints:
        """(people + 1,) row at which each person begins, and the end."""
        return starts_of(self.person)


def _sorting(person: Ints, at_ms: Ints, product: NDArray[Any]) -> Ints:
    """(n,) rows by person, then time, then product. Many rows are dealt out to people, who mostly are in order then."""
    span = int(person.max()) - int(person.min()) + 1 if len(person) else 0
    if not MANY_ROWS <= len(person) >= span:
        return np.lexsort((product, at_ms, person))
    from .covisit_kernels import group  # imports numba
    from .kernels import mark_disordered

    order = np.empty(len(person), dtype=np.int64)
    starts = group(person - person.min(), span, order)
    is_disordered = np.zeros(len(person), dtype=np.bool_)
    mark_disordered(starts, order, at_ms, product, is_disordered)
    rows = order[is_disordered]
    order[is_disordered] = rows[np.lexsort((product[rows], at_ms[rows], person[rows]))]
    return order


def starts_of(keys: NDArray[Any]) -> Ints:
    """Rows at which a new value of sorted `keys` (n,) begins, then n; `[0]` when there are none."""
    if len(keys) == 0:
        return np.zeros(1, dtype=np.int64)
    changed = np.flatnonzero(keys[1:] != keys[:-1]) + 1
    return np.concatenate([[0], changed, [len(keys)]]).astype(np.int64)


def gather(columns: Iterable[tuple[NDArray[Any], ...]], width: int) -> tuple[NDArray[Any], ...]:
    """Join batches of `width` columns each end to end; empty int64 columns when there are no batches."""
    parts = list(columns)
    if not parts:
        return tuple(np.zeros(0, dtype=np.int64) for _ in range(width))
    return tuple(np.concatenate([part[column] for part in parts]) for column in range(width))
