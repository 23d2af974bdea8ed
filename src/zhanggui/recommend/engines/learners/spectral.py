"""Low-pass filters: a history seen through the leading singular vectors of who took what.

Sources: Shen et al., "How Powerful is Graph Convolution for Recommendation?" (GF-CF), CIKM 2021,
doi:10.1145/3459637.3482264; Peng et al., "How Powerful is Graph Filtering for Recommendation?" (SGFCF: free powers in
place of the square roots, and weights that fall with the frequency), KDD 2024, arXiv:2406.08827; the basis by
subspace iteration after Halko, Martinsson and Tropp, SIAM Review 2011, doi:10.1137/090771806.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zhanggui.kernel.steps import quiet
from zhanggui.recommend.engines.interactions import Floats, Interactions

from .base import Cost, OnStep
from .cells import Lens, cells, powered, sums
from .lists import THREADS, in_parts

ITEM_RANK, ITEM_SWEEPS, ITEM_POWER, ITEM_SEED = 32, 4, 0.34, 0
"""Of `product_vectors`: how many, how often the subspace is turned, and the power of both sides' numbers."""
OVERSAMPLE = 1.2
"""The subspace iterated on has this many times the vectors wanted: the last ones converge badly."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FittedFilter:
    """A low-rank filter.

    Attributes:
        basis: (size, rank) what a product adds to each frequency, and what that says for a product.
        values: (rank,) singular values, descending, the largest 1.
        filter_power: see `Spectral`.
        mass: (size,) how many people took a product.
        lens: how a history is weighed.
    """

    basis: Floats
    values: Floats
    filter_power: float
    mass: Floats
    lens: Lens

    def score(self, histories: Interactions, people: int) -> Floats:
        """See `Fitted`."""
        seen = self.lens.look(histories, people, self.mass) @ self.basis
        seen *= self.values**self.filter_power
        return self.lens.hold_back(seen @ self.basis.T, self.mass)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spectral:
    """Singular vectors of the matrix of people by products, after both sides were scaled.

    Attributes:
        rank: frequencies kept.
        person_power: a person with n products is divided by n^person_power before the vectors are sought.
        product_power: a product with n people by n^product_power.
        filter_power: a frequency with singular value s (the largest is 1) counts s^filter_power.
        sweeps: of subspace iteration.
        lens: how a history is weighed.
    """

    rank: int = 512
    person_power: float = 0.34
    product_power: float = 0.34
    filter_power: float = 1.0
    sweeps: int = 4
    lens: Lens = field(default_factory=lambda: Lens(source_power=0.34))

    @property
    def name(self) -> str:
        """`spectral`."""
        return "spectral"

    def cost(self, train: Interactions) -> Cost:
        """Time and memory by rank times size."""
        wide = min(self.rank * OVERSAMPLE, train.size)
        people = len(train.person_starts())
        work = (self.sweeps + 1) * (2 * len(train) * wide / 1e9 + 4 * train.size * wide**2 / 5e10)
        return Cost(seconds=1 + work, bytes=int(4 * wide * (4 * train.size + 2 * people)) + 60 * len(train))

    def fit(self, train: Interactions, *, rng: np.random.Generator, on_step: OnStep) -> FittedFilter:
        """Learn; `rng` starts the iteration."""
        rows = cells(train)
        mass = sums(rows, 0)
        rows.data *= np.repeat(powered(sums(rows, 1), self.person_power), np.diff(rows.indptr))
        rows.data *= powered(mass, self.product_power)[rows.indices]
        vectors, values = leading(rows, self.rank, self.sweeps, rng, on_step)
        return FittedFilter(
            basis=vectors,
            values=values / values.max(initial=1e-12),
            filter_power=self.filter_power,
            mass=mass.astype(np.float32),
            lens=self.lens,
        )


def leading(rows: Any, rank: int, sweeps: int, rng: np.random.Generator, on_step: OnStep) -> tuple[Floats, Floats]:
    """The leading right singular vectors (size, k) and values (k,), descending, of a sparse matrix; k ≤ rank."""
    import scipy.linalg

    size = rows.shape[1]
    wide = min(int(rank * OVERSAMPLE) + 10, *rows.shape)
    basis = rng.standard_normal((size, wide), dtype=np.float32)
    for sweep in range(sweeps):
        basis = _orthogonal(folded(rows, basis))
        on_step(sweep + 1, sweeps + 1)
    squares, turn = scipy.linalg.eigh(basis.T @ folded(rows, basis), check_finite=False)
    order = np.argsort(-squares)[: min(rank, wide)]
    on_step(sweeps + 1, sweeps + 1)
    return (basis @ turn[:, order]).astype(np.float32), np.sqrt(np.maximum(squares[order], 0)).astype(np.float32)


def product_vectors(person: NDArray[np.int64], product: NDArray[np.int64], size: int) -> NDArray[np.float64]:
    """(size, k) products as singular vectors times their values, of pairs (n,) of who took what; k ≤ `ITEM_RANK`.

    Equal pairs count once, and whoever took much, or was taken by many, counts less. Nobody's product is 0.
    """
    import scipy.sparse

    people, rows = np.unique(person, return_inverse=True)
    ones = np.ones(len(rows), dtype=np.float32)
    taken = scipy.sparse.csr_matrix((ones, (rows, product)), shape=(len(people), size))
    taken.data[:] = 1.0
    for axis in (1, 0):
        scale = np.maximum(np.asarray(taken.sum(axis=axis)).ravel(), 1.0) ** -ITEM_POWER
        diagonal = scipy.sparse.diags(scale.astype(np.float32))
        taken = (diagonal @ taken if axis else taken @ diagonal).tocsr()
    found, values = leading(taken.astype(np.float32), ITEM_RANK, ITEM_SWEEPS, np.random.default_rng(ITEM_SEED), quiet)
    return (found * values).astype(np.float64)


def _orthogonal(basis: Floats) -> Floats:
    """Orthonormal columns of the same span; by Cholesky, which takes half the time of QR, while that is accurate."""
    import scipy.linalg

    try:
        factor = scipy.linalg.cholesky(basis.T @ basis, check_finite=False)
    except scipy.linalg.LinAlgError:
        return np.asarray(scipy.linalg.qr(basis, mode="economic", check_finite=False)[0], dtype=np.float32)
    return np.asarray(scipy.linalg.solve_triangular(factor, basis.T, trans="T", check_finite=False).T, dtype=np.float32)


def folded(rows: Any, dense: Floats) -> Floats:
    """AᵀA × `dense` (columns, wide) of a sparse float32 matrix A, row by row, so that nothing of its height is held.

    Each of the threads adds up its own half of the rows; the sum does not depend on which is done first.
    """
    from .list_kernels import fold_back  # imports numba

    dense = np.ascontiguousarray(dense)
    halves = np.searchsorted(rows.indptr, np.linspace(0, rows.nnz, THREADS + 1)[1:-1])
    edges = [0, *halves.tolist(), rows.shape[0]]
    answers = [np.zeros_like(dense) for _ in range(THREADS)]

    def fold(first: int, last: int) -> None:
        for part in range(first, last):
            fold_back(edges[part], edges[part + 1], rows.indptr, rows.indices, rows.data, dense, answers[part])

    in_parts(THREADS, fold)
    for other in answers[1:]:
        answers[0] += other
    return answers[0]
