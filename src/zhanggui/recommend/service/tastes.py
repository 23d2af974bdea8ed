"""Tastes as latent factors: the leading singular vectors of who took what, and each person's place among them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zhanggui.kernel.clock import Clock, to_ms
from zhanggui.kernel.datasheets import DataGate
from zhanggui.kernel.db import Database
from zhanggui.recommend.engines.choosing import Split, hold_out_last
from zhanggui.recommend.engines.interactions import Interactions, Ints
from zhanggui.recommend.engines.learners.spectral import leading
from zhanggui.recommend.ports import LiveView, PastBehaviour, Reductions
from zhanggui.recommend.service.steering.objectives import objectives_in
from zhanggui.recommend.service.training.behaviour import behaviour_of
from zhanggui.recommend.service.training.data_gate import passed
from zhanggui.recommend.service.training_data import stopped

GATED = "tastes"
"""Of what mitigations are measured on, on its datasheet."""
RANK = 64
SWEEPS = 4
POWER = 0.34
"""A person with n products is divided by n^POWER, a product with n people too: see `Spectral`."""
Reals = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class TasteSample:
    """Tastes of people, and what they took next: see `TasteSample` of trust's ports."""

    person: Ints
    vectors: Reals
    products: Reals
    taken: list[Ints]
    reduced: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tastes:
    """Learns tastes from behaviour that may be learned from; nothing is kept.

    Args:
        db: the shop's store.
        clock: gives the present moment.
        live: the catalogue in memory.
        history: behaviour.
        reductions: which products are offered below their list price.
        data_gate: looks at what is learned from first.
    """

    db: Database
    clock: Clock
    live: LiveView
    history: PastBehaviour
    reductions: Reductions
    data_gate: DataGate

    def people(self, most: int) -> Ints:
        """(n,) everybody in the events that a sample is learned from, ascending."""
        return np.unique(self._split(most).past.person)

    def sample(self, most: int, weights: Mapping[int, float]) -> TasteSample:
        """The last session of at most so many people held out; events of a person count their weight, else 1.

        Raises:
            NotEnoughEvents: there is nothing to learn from yet.
            TrainingStopped: what is to be learned from did not pass the gate.
        """
        split = self._split(most)
        past, owners = split.past, np.unique(split.past.person)
        rows = _matrix(past, owners, weights)
        basis, _ = leading(rows, RANK, SWEEPS, np.random.default_rng(0), lambda _done, _of: None)
        plain = _matrix(past, owners, {})
        people = np.array([one.person for one in split.occasions], dtype=np.int64)
        known = np.isin(people, owners)
        vectors = np.asarray(plain[np.searchsorted(owners, people[known])] @ basis, dtype=np.float64)
        with self.db.read() as db:
            reduced = self.reductions.reduced(db, to_ms(self.clock()))
        return TasteSample(
            person=people[known],
            vectors=vectors,
            products=basis.astype(np.float64),
            taken=[one.taken.astype(np.int64) for one, is_in in zip(split.occasions, known, strict=True) if is_in],
            reduced=np.isin(np.arange(past.size), reduced),
        )

    def _split(self, most: int) -> Split:
        with self.db.read() as db:
            view, aims = self.live.view(db), objectives_in(db)
        events, sheet = passed(self.data_gate, behaviour_of(self.history, view.size, aims)[0], view, kind=GATED)
        if sheet.reason:
            raise stopped(GATED, sheet)
        split = hold_out_last(events.where(events.strength > 0), most=most)
        return Split(past=split.past, occasions=[one for one in split.occasions if len(one.taken)])


def _matrix(past: Interactions, owners: Ints, weights: Mapping[int, float]) -> Any:
    """(people, size) sparse: whether somebody took a product, both sides scaled, a person's row by their weight."""
    import scipy.sparse

    row = np.searchsorted(owners, past.person)
    cells = np.unique(np.stack([row, past.product.astype(np.int64)]), axis=1)
    by_person = np.bincount(cells[0], minlength=len(owners)).astype(np.float32)
    by_product = np.bincount(cells[1], minlength=past.size).astype(np.float32)
    weight = np.array([weights.get(one, 1.0) for one in owners.tolist()], dtype=np.float32)
    values = weight[cells[0]] * by_person[cells[0]] ** -POWER * by_product[cells[1]] ** -POWER
    return scipy.sparse.csr_matrix((values.astype(np.float32), cells), shape=(len(owners), past.size))
