"""How alike products are by vectors of their words or pictures, beside what they share in words and traits.

Cosines of such vectors are high between any two products, so that each space is measured from its own floor: the mean
cosine of all its pairs counts as nothing. What two products have vectors of speaks alike: the likeness of a pair is
the mean of that of its words and of each space that holds both.

Source: Mu and Viswanath, "All-but-the-Top", ICLR 2018, for the common part that says nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from zhanggui.recommend.types.vectors import VectorSpaceName

from .interactions import Floats, Ints

SPACES = get_args(VectorSpaceName)
"""What vectors may be made of; the columns of parts, in this order."""
NEAREST = 50
"""Neighbours that are kept of each product in each space."""
MOST_FLOOR = 0.95
HEAD = 100
"""Products that share words of which the vectors of a pair are looked up too, the nearest ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VectorSpace:
    """Vectors of one kind.

    Attributes:
        column: its place in `SPACES`.
        floor: the cosine that counts as no likeness, in [0, 0.95].
        row_of: (size,) row of each product, -1 for none.
        vectors: (n, d) of length 1; halves in memory, since all processes hold them.
        near: (n, k) numbers of the nearest products; each row ends at its first 0.
    """

    column: int
    floor: float
    row_of: NDArray[np.int32]
    vectors: NDArray[np.float16]
    near: NDArray[np.int32]

    def rows(self, products: Ints) -> Ints:
        """(n,) rows of products, -1 for those without a vector."""
        is_held = products < len(self.row_of)
        rows: Ints = np.where(is_held, self.row_of[np.where(is_held, products, 0)], -1)
        return rows

    def likeness(self, ones: Ints, others: Ints) -> tuple[NDArray[np.bool_], Floats]:
        """(n,) of pairs whether both have a vector, and how alike they are, in [0, 1]."""
        first, second = self.rows(ones), self.rows(others)
        both = (first >= 0) & (second >= 0)
        likeness = np.zeros(len(first), dtype=np.float32)
        left, right = self.vectors[first[both]].astype(np.float32), self.vectors[second[both]].astype(np.float32)
        cosines = np.einsum("ij,ij->i", left, right)
        likeness[both] = np.clip((cosines - self.floor) / (1.0 - self.floor), 0.0, 1.0)
        return both, likeness


@dataclass(frozen=True, slots=True)
class VectorSpaces:
    """All vectors of a shop's products; at least one space."""

    spaces: tuple[VectorSpace, ...]

    def parts(self, ones: Ints, others: Ints) -> tuple[Floats, Floats]:
        """What the likeness of pairs is made of.

        Returns:
            (n,) what likeness by words counts for, 1 where no space holds both; (n, 2) what each of `SPACES` adds.
        """
        added = np.zeros((len(ones), len(SPACES)), dtype=np.float32)
        shared = np.ones(len(ones), dtype=np.float32)
        for space in self.spaces:
            both, added[:, space.column] = space.likeness(ones, others)
            shared += both
        return 1.0 / shared, added / shared[:, None]

    def near(self, product: int) -> NDArray[np.int32]:
        """(n,) the nearest of a product in all spaces, each once; 0 fills short rows."""
        rows = self._near(product)
        return np.unique(np.concatenate(rows)) if rows else np.zeros(0, dtype=np.int32)

    def _near(self, product: int) -> list[NDArray[np.int32]]:
        return [space.near[row] for space in self.spaces if (row := int(space.rows(np.array([product]))[0])) >= 0]

    def blended(self, product: int, found: Ints, cosines: Floats, size: int) -> tuple[Ints, Floats]:
        """What is like a product by words and vectors together.

        Args:
            product: its number.
            found: (n,) products that share words with it, each once.
            cosines: (n,) how alike they read.
            size: only products below it come back.

        Returns:
            Products and their likeness, in no order; just what came in where the product has no vector.
        """
        near = self._near(product)
        if not near:
            return found, cosines
        head = np.argpartition(-cosines, HEAD)[:HEAD] if len(found) > HEAD else np.arange(len(found))
        among = np.unique(np.concatenate([found[head], *near])).astype(np.int64)
        among = among[(among > 0) & (among < size) & (among != product)]
        order = np.argsort(found)
        at = np.searchsorted(found[order], among)
        is_found = at < len(found)
        is_found[is_found] = found[order][at[is_found]] == among[is_found]
        words = np.zeros(len(among), dtype=np.float32)
        words[is_found] = cosines[order][at[is_found]]
        weight, added = self.parts(np.full(len(among), product), among)
        return among, words * weight + added.sum(axis=1)


def floor_of(vectors: Floats) -> float:
    """The mean cosine of all pairs of different rows (n, d) of length 1, within [0, 0.95]; 0 below two rows.

    It is (|sum of all|² - n) / n(n - 1), so that no pair is looked at.
    """
    n = len(vectors)
    if n < 2:
        return 0.0
    total = vectors.sum(axis=0, dtype=np.float64)
    return min(max(float((total @ total - n) / (n * (n - 1))), 0.0), MOST_FLOOR)
