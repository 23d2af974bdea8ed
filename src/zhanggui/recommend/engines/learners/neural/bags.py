"""Histories as bags of products, without order, and the products that stand for all in the softmax of a batch."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zhanggui.recommend.engines.interactions import Floats, Interactions
from zhanggui.recommend.engines.learners.cells import Lens, cells, numbered

from .sampled_softmax import Negatives
from .tensors import Tensor

_LEAST_PRODUCTS = 2
"""Who took one product teaches nothing about what goes together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bag:
    """Histories of some people, end to end.

    Attributes:
        products: (n,) each product once a person.
        weights: (n,) how much each says.
        starts: (rows,) where each person begins.
    """

    products: Tensor
    weights: Tensor
    starts: Tensor

    @classmethod
    def of(cls, rows: Any) -> Bag:
        """The rows of a sparse matrix, as `Lens.look` makes them."""
        import torch

        return cls(
            products=torch.from_numpy(rows.indices.astype(np.int64)),
            weights=torch.from_numpy(rows.data.astype(np.float32)),
            starts=torch.from_numpy(rows.indptr[:-1].astype(np.int64)),
        )

    def sum_of(self, table: Tensor) -> Tensor:
        """(rows, d) weighted sums of the rows of `table` (size, d); zeros for somebody without products."""
        import torch

        return torch.nn.functional.embedding_bag(
            self.products, table, self.starts, mode="sum", per_sample_weights=self.weights
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """A batch: what is read, what was taken, and among which products.

    Attributes:
        bag: inputs, a part of which is dropped.
        row: (n,) person of the batch of each product that was taken.
        column: (n,) its place among `products`.
        taken: (n,) how much that says.
        products: (c,) every product of the batch, then drawn ones.
        log_expected: (c,) 0 for those of the batch, see `Negatives` for those drawn.
    """

    bag: Bag
    row: Tensor
    column: Tensor
    taken: Tensor
    products: Tensor
    log_expected: Tensor

    def losses(self, read: Tensor, table: Tensor, bias: Tensor) -> Tensor:
        """(rows,) minus the log-likelihood of what each person took, out of a softmax over all products.

        The sum over all is that over the products of the batch and an unbiased estimate of the rest.

        Args:
            read: (rows, d) what stands for each person.
            table: (size, d) products.
            bias: (size,) of products.
        """
        import torch

        scores = torch.addmm(bias[self.products], read, table[self.products].T)
        told = scores[self.row, self.column] - torch.logsumexp(scores - self.log_expected, dim=1)[self.row]
        return torch.zeros(len(read)).index_add(0, self.row, -self.taken * told)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bags:
    """Everybody who took enough to learn from.

    Attributes:
        inputs: (people, size) sparse: what is read.
        taken: (people, size) sparse, of the same cells: what was taken.
        negatives: draws products; None where all products are looked at.
    """

    inputs: Any
    taken: Any
    negatives: Negatives | None

    @classmethod
    def of(cls, events: Interactions, lens: Lens, mass: Floats, negatives: int) -> Bags:
        """Bags of wanted events; `mass` (size,) is how many people took a product."""
        person, people = numbered(events)
        taken = cells(events, person=person, people=people)
        inputs = lens.look(replace(events, person=person), people, mass)
        enough = np.flatnonzero(np.diff(taken.indptr) >= _LEAST_PRODUCTS)
        drawing = Negatives.of(events.product, events.size, count=negatives, power=0.5)
        return cls(inputs=inputs[enough], taken=taken[enough], negatives=drawing if negatives < events.size else None)

    def lessons(self, people: int, dropped: float, rng: np.random.Generator) -> Iterator[Lesson]:
        """Everybody once, in any order, so many at a time; a share of each history is not read."""
        order = rng.permutation(self.inputs.shape[0])
        for first in range(0, len(order), people):
            rows = order[first : first + people]
            yield self._lesson(self.inputs[rows], self.taken[rows], dropped, rng)

    def _lesson(self, inputs: Any, taken: Any, dropped: float, rng: np.random.Generator) -> Lesson:
        import torch

        inputs.data = inputs.data * (rng.random(len(inputs.data)) >= dropped) / np.float32(1 - dropped)
        products, column = np.unique(taken.indices.astype(np.int64), return_inverse=True)
        others, log_expected = self._others(products, rng)
        return Lesson(
            bag=Bag.of(inputs),
            row=torch.from_numpy(np.repeat(np.arange(taken.shape[0]), np.diff(taken.indptr))),
            column=torch.from_numpy(column),
            taken=torch.from_numpy(taken.data),
            products=torch.from_numpy(np.concatenate([products, others])),
            log_expected=torch.from_numpy(np.concatenate([np.zeros(len(products), dtype=np.float32), log_expected])),
        )

    def _others(self, products: NDArray[np.int64], rng: np.random.Generator) -> tuple[NDArray[np.int64], Floats]:
        is_here = np.zeros(self.taken.shape[1], dtype=bool)
        is_here[products] = True
        if self.negatives is None:
            others = np.flatnonzero(~is_here[1:]) + 1
            return others, np.zeros(len(others), dtype=np.float32)
        drawn = self.negatives.draw(rng)
        drawn = drawn[~is_here[drawn]]
        return drawn, self.negatives.log_expected[drawn]
