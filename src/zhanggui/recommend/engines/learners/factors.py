"""Implicit alternating least squares: few numbers a product; a history is folded in, nobody's are kept.

Sources: Hu, Koren and Volinsky, "Collaborative Filtering for Implicit Feedback Datasets", ICDM 2008,
doi:10.1109/ICDM.2008.22; Takács, Pilászy and Tikk (conjugate gradient), RecSys 2011, doi:10.1145/2043932.2043987;
Rendle et al., "Revisiting the Performance of iALS on Item Recommendation Benchmarks" (regularization by frequency),
RecSys 2022, doi:10.1145/3523227.3548486; a linear map of features as the prior of factors: Agarwal and Chen,
"Regression-based Latent Factor Models", KDD 2009, doi:10.1145/1557019.1557029.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from zhanggui.recommend.engines.content import ContentIndex, Document
from zhanggui.recommend.engines.interactions import Floats, Interactions

from .base import Cost, OnStep
from .cells import Lens, cells, sums
from .lists import in_parts

FOLD_STEPS = 12
"""Of conjugate gradient for a history that starts from nothing; a sweep of training starts from the last answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FittedFactors:
    """Factors of products.

    Attributes:
        products: (size, rank).
        unseen_weight: see `Factors`.
        ridge: see `Factors`.
        frequency_power: see `Factors`.
        mass: (size,) how many people took a product.
        lens: how a history is weighed; its length and source powers have no say in how factors are found.
    """

    products: Floats
    unseen_weight: float
    ridge: float
    frequency_power: float
    mass: Floats
    lens: Lens

    def score(self, histories: Interactions, people: int) -> Floats:
        """See `Fitted`."""
        plain = Lens(half_life=self.lens.half_life, length_power=0.0)
        rows = plain.look(histories, people, self.mass)
        np.maximum(rows.data, 0, out=rows.data)  # a confidence cannot be negative
        folded = np.zeros((people, self.products.shape[1]), dtype=np.float32)
        ridge = ridge_by_frequency(rows, self.unseen_weight, self.ridge, self.frequency_power)
        solve(rows, self.products, folded, self.unseen_weight, ridge, FOLD_STEPS)
        return self.lens.hold_back(folded @ self.products.T, self.mass)


@dataclass(frozen=True, slots=True, kw_only=True)
class Factors:
    """Weighted low-rank factorization of who took what.

    Attributes:
        rank: numbers a product.
        unseen_weight: of a product that a person did not take; one taken weighs 1 more.
        ridge: regularization of a person or product by its frequency to the power of `frequency_power`.
        frequency_power: in [0, 1].
        sweeps: over people and products.
        steps: of conjugate gradient for each in a sweep.
        lens: how a history is weighed.
        documents: the words and traits of every product by its number, number 0 included; the ridge then pulls the
            factors of a product to what its words say, so that nobody has to have taken it. Empty for none.
        word_ridge: of the map from words to factors, in units of the mean ridge of products.
    """

    rank: int = 128
    unseen_weight: float = 0.02
    ridge: float = 0.01
    frequency_power: float = 1.0
    sweeps: int = 12
    steps: int = 3
    lens: Lens = field(default_factory=Lens)
    documents: Sequence[Document] = field(default=(), repr=False)
    word_ridge: float = 0.3

    @property
    def name(self) -> str:
        """`factors`, or `factors-words` where products have words."""
        return "factors-words" if self.documents else "factors"

    def cost(self, train: Interactions) -> Cost:
        """Time by rank × events and rank² × (people + products)."""
        people = len(train.person_starts())
        sweep = 4 * (self.steps + 1) * self.rank * (2 * len(train) / 2e9 + self.rank * (people + train.size) / 8e9)
        return Cost(
            seconds=2 + self.sweeps * sweep,
            bytes=8 * self.rank * (people + train.size) + 60 * len(train) + 8 * self.rank**2,
        )

    def fit(self, train: Interactions, *, rng: np.random.Generator, on_step: OnStep) -> FittedFactors:
        """Learn; `rng` draws the first factors.

        Raises:
            ValueError: there are documents, but not as many as product numbers.
        """
        rows = cells(train)
        columns = rows.T.tocsr()
        words = words_of(self.documents, train.size) if self.documents else None
        products = rng.standard_normal((train.size, self.rank), dtype=np.float32) * (0.1 / self.rank**0.5)
        is_cold = np.diff(columns.indptr) == 0
        products[is_cold] = 0
        people = np.zeros((rows.shape[0], self.rank), dtype=np.float32)
        of_people, of_products = (self._ridge(side) for side in (rows, columns))
        teaching = np.where(is_cold, 0, of_products).astype(np.float32)
        for sweep in range(self.sweeps):
            prior = None if words is None else mapped(words, products, teaching, self.word_ridge)
            solve(rows, products, people, self.unseen_weight, of_people, self.steps)
            solve(columns, people, products, self.unseen_weight, of_products, self.steps, prior)
            on_step(sweep + 1, self.sweeps)
        if words is not None:
            products[is_cold] = mapped(words, products, teaching, self.word_ridge)[is_cold]
        mass = sums(rows, 0).astype(np.float32)
        return FittedFactors(
            products=products,
            unseen_weight=self.unseen_weight,
            ridge=self.ridge,
            frequency_power=self.frequency_power,
            mass=mass if words is None else np.maximum(mass, 1),  # what nobody took may still be scaled
            lens=self.lens,
        )

    def _ridge(self, side: Any) -> Floats:
        return ridge_by_frequency(side, self.unseen_weight, self.ridge, self.frequency_power)


def words_of(documents: Sequence[Document], size: int) -> Any:
    """(size, words + 1) sparse rows of length 1 by rarity of words, and a last column of ones for what all share."""
    import scipy.sparse

    if len(documents) != size:
        raise ValueError(f"{len(documents)} documents for {size} product numbers; give one for each, 0 too")
    words = ContentIndex.of(documents).columns
    return scipy.sparse.hstack([words, np.ones((size, 1), dtype=np.float32)]).tocsr().astype(np.float32)


def mapped(words: Any, products: Floats, ridge: Floats, word_ridge: float, steps: int = 20) -> Floats:
    """(size, rank) what words say of factors: the ridge regression of those that were learned on their words.

    A product weighs as its own ridge in the normal equations (WᵀΛW + word_ridge × mean(Λ)) M = WᵀΛQ, which are solved
    by conjugate gradient, all columns at once; one whose ridge is 0 teaches nothing.
    """
    added = np.float32(word_ridge * ridge.sum() / max(1, np.count_nonzero(ridge)))
    turned = words.T.tocsr()
    residual = turned @ (ridge[:, None] * products)
    answer, way = np.zeros_like(residual), residual.copy()
    square = np.einsum("ij,ij->j", residual, residual)
    for _ in range(steps):
        image = turned @ (ridge[:, None] * (words @ way)) + added * way
        length = square / np.maximum(np.einsum("ij,ij->j", way, image), 1e-20)
        answer += length * way
        residual -= length * image
        before, square = square, np.einsum("ij,ij->j", residual, residual)
        way = residual + square / np.maximum(before, 1e-20) * way
    said: Floats = (words @ answer).astype(np.float32)
    return said


def ridge_by_frequency(rows: Any, unseen_weight: float, ridge: float, power: float) -> Floats:
    """(n,) regularization of each row: the more it rests on, the more it takes."""
    taken = np.diff(rows.indptr)
    by_row: Floats = (ridge * (taken + unseen_weight * rows.shape[1]) ** power).astype(np.float32)
    return by_row


def solve(
    rows: Any,
    fixed: Floats,
    free: Floats,
    unseen_weight: float,
    ridge: Floats,
    steps: int,
    prior: Floats | None = None,
) -> None:
    """Improve `free` (n, rank) in place by `steps` of conjugate gradient, every row for itself.

    The ridge pulls to `prior` (n, rank), or to 0; rows without anything taken become their prior.
    """
    from .factor_kernels import solve_rows  # imports numba

    gram = (unseen_weight * (fixed.T @ fixed)).astype(np.float32)
    to = np.zeros((0, fixed.shape[1]), dtype=np.float32) if prior is None else prior
    in_parts(
        rows.shape[0],
        lambda begin, end: solve_rows(
            begin, end, rows.indptr, rows.indices, rows.data, fixed, free, gram, ridge, to, steps
        ),
        parts_a_thread=8,
    )
