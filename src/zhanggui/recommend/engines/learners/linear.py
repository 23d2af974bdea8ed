"""Linear autoencoders: each product is predicted from the others of a history, by ridge regression.

`Ease` is exact and dense; `LocalEase` solves the same regression for each product on its nearest products alone,
so that neither time nor memory grows with the square of the catalogue.

Sources: Steck, "Embarrassingly Shallow Autoencoders for Sparse Data", WWW 2019, doi:10.1145/3308558.3313710;
Steck, "Autoencoders that don't overfit towards the Identity", NeurIPS 2020 (dropout); Park et al., "Why is
Normalization Necessary for Linear Recommenders?", SIGIR 2025, arXiv:2504.05805; Spišák et al., "Scalable
Approximate NonSymmetric Autoencoder", RecSys 2023, doi:10.1145/3604915.3608827 (an approximate inverse that is
sparse); Ning and Karypis, "SLIM", ICDM 2011, doi:10.1109/ICDM.2011.134 (regression on the nearest products).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from zhanggui.recommend.engines.covisitation import Neighbours
from zhanggui.recommend.engines.interactions import Floats, Interactions

from .base import Cost, OnStep
from .cells import Lens, cells, powered, sums
from .lists import FittedLists, FittedMatrix, both_ways, in_parts
from .walks import nearest

DENSE_FLOPS_PER_SECOND = 2.5e10
"""Of a float32 Cholesky inversion on one core; a plain guess for any machine of today, on the slow side."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ease:
    """The exact linear autoencoder, in float32 and in place: one (size, size) matrix is all it holds.

    Attributes:
        ridge: added to the diagonal; more for noisier behaviour.
        dropout: chance in [0, 1) that a product is left out of a history while learning.
        person_power: a person with n products weighs n^-person_power.
        least: people with fewer products teach nothing.
        target_half_life: moments (distinct times of one person) after which what is to be predicted counts half, so
            that what people take now is fitted better than what they took once; 0 for all alike.
        lens: how a history is weighed.
    """

    ridge: float = 100.0
    dropout: float = 0.0
    person_power: float = 0.4
    least: int = 2
    target_half_life: float = 0.0
    lens: Lens = field(default_factory=Lens)

    @property
    def name(self) -> str:
        """`ease`."""
        return "ease"

    def cost(self, train: Interactions) -> Cost:
        """O(size³) time, 4 × size² bytes."""
        matrices = 3 if self.target_half_life > 0 else 1
        flops = matrices * train.size**3 + pairs(train)
        needed = int(4.2 * matrices * train.size**2) + 60 * len(train)
        return Cost(seconds=1 + flops / DENSE_FLOPS_PER_SECOND, bytes=needed)

    def fit(self, train: Interactions, *, rng: np.random.Generator, on_step: OnStep) -> FittedMatrix:
        """Learn; no chance is needed."""
        del rng
        from .list_kernels import inverse_to_weights  # imports numba

        rows = cells(train, least=self.least)
        mass, scale = sums(rows, 0).astype(np.float32), powered(sums(rows, 1), self.person_power)
        gram = _gram(rows, rows, scale)
        gram[np.diag_indices(train.size)] += ridge_of(np.diag(gram), self.ridge, self.dropout)
        on_step(1, 3)
        invert_in_place(gram)
        on_step(2, 3)
        if self.target_half_life > 0:
            wanted = cells(train, least=self.least, half_life=self.target_half_life)
            weights = _without_itself(gram, _gram(rows, wanted, scale))
        else:
            weights, diagonal = gram, np.diag(gram).copy()
            in_parts(train.size, lambda begin, end: inverse_to_weights(begin, end, gram, diagonal))
        on_step(3, 3)
        return FittedMatrix(weights=weights, mass=mass, lens=self.lens)


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalEase:
    """The linear autoencoder of each product on its `neighbours` nearest products: for large catalogues.

    Attributes:
        neighbours: products that may speak for a product.
        ridge: see `Ease`.
        dropout: see there.
        person_power: see there.
        least: see there.
        target_half_life: see there.
        lens: how a history is weighed.
    """

    neighbours: int = 100
    ridge: float = 40.0
    dropout: float = 0.0
    person_power: float = 0.4
    least: int = 2
    target_half_life: float = 0.0
    lens: Lens = field(default_factory=lambda: Lens(source_power=0.3))

    @property
    def name(self) -> str:
        """`ease-local`."""
        return "ease-local"

    def cost(self, train: Interactions) -> Cost:
        """Time by products and pairs; memory by the pairs of products that anybody had both of."""
        together = min(pairs(train), float(train.size) ** 2)
        solving = train.size * ((self.neighbours**3 / 6 + 10 * self.neighbours**2) / 6e8)
        return Cost(seconds=2 + solving + pairs(train) / 5e7, bytes=int(24 * together) + 60 * len(train))

    def fit(self, train: Interactions, *, rng: np.random.Generator, on_step: OnStep) -> FittedLists:
        """Learn; no chance is needed."""
        del rng
        from .list_kernels import local_rows  # imports numba

        rows = cells(train, least=self.least)
        mass, scale = sums(rows, 0).astype(np.float32), powered(sums(rows, 1), self.person_power)
        near = nearest(
            rows, neighbours=self.neighbours, person_power=self.person_power, source_power=0.5, target_power=0.5
        )
        on_step(1, 3)
        gram = _sparse_gram(rows, rows, scale)
        cross = gram
        if self.target_half_life > 0:
            cross = _sparse_gram(rows, cells(train, least=self.least, half_life=self.target_half_life), scale)
        ridge = ridge_of(gram.diagonal(), self.ridge, self.dropout)
        on_step(2, 3)
        ids, weights = np.zeros_like(near.ids), np.zeros_like(near.weights)
        arrays, wanted = ((one.indptr, one.indices, one.data) for one in (gram, cross))
        in_parts(
            train.size,
            lambda begin, end: local_rows(begin, end, arrays, wanted, near.ids, ridge, ids, weights),
            parts_a_thread=16,
        )
        on_step(3, 3)
        return FittedLists.by_target(Neighbours(ids=ids, weights=weights), self.lens, mass)


def ridge_of(diagonal: Floats, ridge: float, dropout: float) -> Floats:
    """(size,) what is added to the diagonal of a Gram matrix."""
    added: Floats = (ridge + dropout / (1 - dropout) * diagonal).astype(np.float32)
    return added


def pairs(train: Interactions) -> float:
    """How many pairs of events of one person there are: what a Gram matrix adds up."""
    return float(np.sum(np.diff(train.person_starts()).astype(np.float64) ** 2))


def invert_in_place(gram: Floats) -> None:
    """Replace a positive definite matrix (n, n) by its inverse, by Cholesky.

    Raises:
        ValueError: it is not positive definite.
    """
    from scipy.linalg.lapack import spotrf, spotri

    from .list_kernels import mirror  # imports numba

    # LAPACK works by columns: it sees the transpose, whose lower triangle is our upper one.
    factor, failed = spotrf(gram.T, lower=1, overwrite_a=1, clean=0)
    if not failed:
        factor, failed = spotri(factor, lower=1, overwrite_c=1)
    if failed:
        raise ValueError(
            f"The Gram matrix of {len(gram)} products is not positive definite; a ridge above 0 makes it so"
        )
    if not np.shares_memory(factor, gram):
        gram[:] = factor.T
    mirror(gram)


def _gram(rows: Any, wanted: Any, scale: Floats) -> Floats:
    """(size, size) dense sums over people of what they took times what is wanted of them."""
    from .list_kernels import gram_rows  # imports numba

    gram = np.zeros((rows.shape[1], rows.shape[1]), dtype=np.float32)
    by_product, _ = both_ways(rows)
    _, by_person = both_ways(wanted)
    in_parts(len(gram), lambda begin, end: gram_rows(begin, end, by_product, by_person, scale, gram), parts_a_thread=16)
    return gram


def _without_itself(inverse: Floats, cross: Floats) -> Floats:
    """The ridge regression of each column of `cross` under which no product speaks for itself (a Lagrangian each)."""
    weights: Floats = inverse @ cross
    share: Floats = np.asarray(weights.diagonal() / inverse.diagonal(), dtype=np.float32)
    weights -= inverse * share
    weights[np.diag_indices(len(weights))] = 0.0
    weights[0] = 0.0
    return weights


def _sparse_gram(rows: Any, wanted: Any, scale: Floats) -> Any:
    import scipy.sparse

    gram = (rows.T @ (scipy.sparse.diags(scale) @ wanted)).tocsr().astype(np.float32)
    gram.sort_indices()
    return gram
