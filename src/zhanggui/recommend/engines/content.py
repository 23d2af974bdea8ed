"""Which products read alike: TF-IDF over words and traits, cosine, and a place for a product made just now.

Source: Salton and Buckley, "Term-weighting approaches in automatic text retrieval", 1988,
doi:10.1016/0306-4573(88)90021-0.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zhanggui.kernel.steps import OnStep, quiet

from .covisitation import Neighbours
from .interactions import Floats, Ints
from .vector_spaces import HEAD, VectorSpaces

Document = Sequence[str]
Vector = dict[str, float]
"""Weight by word, of length 1."""
LEAST_COSINE = 0.05
_BLOCK = 4_096
"""Documents that are looked at between two steps, and whose heads are held at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentIndex:
    """Vectors of length 1 for every product that has words.

    Attributes:
        vocabulary: column by word.
        idf: (words,) rarity of a word.
        columns: scipy CSC matrix (size, words).
    """

    vocabulary: dict[str, int]
    idf: np.ndarray
    columns: Any

    @classmethod
    def of(cls, documents: Sequence[Document]) -> ContentIndex:
        """Index products by number: `documents[number]` are its words, repeats kept; empty for none."""
        import scipy.sparse

        vocabulary: dict[str, int] = {}
        rows, words, counts = [], [], []
        for number, document in enumerate(documents):
            for word, count in Counter(document).items():
                rows.append(number)
                words.append(vocabulary.setdefault(word, len(vocabulary)))
                counts.append(1.0 + np.log(count))
        seen_in = np.bincount(words, minlength=len(vocabulary)) if words else np.zeros(0)
        idf = np.log1p(len(documents) / np.maximum(seen_in, 1.0)).astype(np.float32)
        cells = np.array(counts, dtype=np.float32) * (idf[words] if words else np.zeros(0, dtype=np.float32))
        lengths = np.sqrt(np.bincount(rows, weights=cells**2, minlength=len(documents))) if rows else np.zeros(0)
        if rows:
            cells /= lengths[rows]
        shape = (len(documents), len(vocabulary))
        matrix = scipy.sparse.csr_matrix((cells, (rows, words)), shape=shape, dtype=np.float32)
        return cls(vocabulary=vocabulary, idf=idf, columns=matrix.tocsc())

    @property
    def size(self) -> int:
        """Largest product number it was made with + 1."""
        return int(self.columns.shape[0])

    def neighbours(self, k: int, spaces: VectorSpaces | None = None, on_step: OnStep = quiet) -> Neighbours:
        """The k nearest of every product, nearest first: by cosine, and by vectors where products have such.

        `on_step` hears how many products were looked at; what it raises ends the search.
        """
        return self.nearest(np.arange(self.size), max(1, min(k, self.size - 1)), spaces, on_step)

    def nearest(
        self,
        numbers: Ints | NDArray[np.int32],
        k: int,
        spaces: VectorSpaces | None = None,
        on_step: OnStep = quiet,
    ) -> Neighbours:
        """(n, k) the nearest of these products, nearest first; see `neighbours`."""
        search = _Search.of(self.columns)
        ids = np.zeros((len(numbers), k), dtype=np.int32)
        weights = np.zeros(ids.shape, dtype=np.float32)
        for start in range(0, len(numbers), _BLOCK):
            block = numbers[start : start + _BLOCK]
            rows = slice(start, start + len(block))
            self._look(search, block, spaces, ids[rows], weights[rows])
            on_step(start + len(block), len(numbers))
        return Neighbours(ids=ids, weights=weights)

    def _look(
        self,
        search: _Search,
        block: Ints | NDArray[np.int32],
        spaces: VectorSpaces | None,
        ids: NDArray[np.int32],
        weights: Floats,
    ) -> None:
        """Fill the rows of a block of products."""
        if spaces is None:
            near = search.nearest(block, ids.shape[1], LEAST_COSINE)
            ids[:], weights[:] = near.ids, near.weights
        else:
            heads = search.nearest(block, max(ids.shape[1], HEAD), 0.0)
            for row, own in enumerate(block.tolist()):
                head = heads.ids[row][heads.weights[row] > 0]
                others = np.setdiff1d(spaces.near(own), head, assume_unique=True)
                others = others[(others > 0) & (others < self.size) & (others != own)]
                cosines = np.concatenate([heads.weights[row][: len(head)], search.cosines(own, others)])
                found, likeness = spaces.blended(own, np.concatenate([head, others]), cosines, self.size)
                keep_nearest(found, likeness, own, ids[row], weights[row])

    def vector(self, document: Document) -> Vector:
        """A document that was not indexed, in the same space; a word not known yet is as rare as one seen once."""
        rarest = float(np.log1p(self.size))
        cells = {}
        for word, count in Counter(document).items():
            column = self.vocabulary.get(word)
            cells[word] = (1.0 + math.log(count)) * (rarest if column is None else float(self.idf[column]))
        length = math.sqrt(sum(value * value for value in cells.values()))
        return {word: value / length for word, value in cells.items()}

    def near(self, vector: Vector) -> tuple[np.ndarray, np.ndarray]:
        """Numbers and cosines of all indexed products that share a word with a vector."""
        known = [(self.vocabulary[word], value) for word, value in vector.items() if word in self.vocabulary]
        if not known:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
        at, values = zip(*known, strict=True)
        cosines = np.asarray(self.columns[:, list(at)] @ np.array(values, dtype=np.float32)).ravel()
        found = np.flatnonzero(cosines)
        return found, cosines[found]


@dataclass(frozen=True, slots=True)
class _Search:
    """Finds the nearest documents without a look at most pairs: (indptr, indices, data) of the matrix both ways."""

    rows: tuple[Any, Any, Any]
    lists: tuple[Any, Any, Any]
    most: Floats
    sums: Floats
    asked: Floats

    @classmethod
    def of(cls, columns: Any) -> _Search:
        from . import content_kernels  # imports numba

        # A word of one document alone is in its length already, and tells of no other.
        columns = columns[:, np.flatnonzero(np.diff(columns.indptr) > 1)]
        size, words = columns.shape
        rows = columns.tocsr()
        return cls(
            (rows.indptr, rows.indices, rows.data),
            (columns.indptr, columns.indices, columns.data),
            content_kernels.highest(columns.indptr, columns.data),
            np.zeros(size, dtype=np.float32),
            np.zeros(words, dtype=np.float32),
        )

    def nearest(self, numbers: Ints | NDArray[np.int32], k: int, least: float) -> Neighbours:
        """(n, k) the nearest documents by cosines above `least`."""
        from . import content_kernels  # imports numba

        ids = np.zeros((len(numbers), k), dtype=np.int32)
        cosines = np.zeros(ids.shape, dtype=np.float32)
        asked = numbers.astype(np.int64)
        content_kernels.nearest(
            asked, self.rows, self.lists, self.most, np.float32(least), self.sums, self.asked, ids, cosines
        )
        return Neighbours(ids=ids, weights=cosines)

    def cosines(self, own: int, others: NDArray[np.int32]) -> Floats:
        """(n,) of one document and others."""
        from . import content_kernels  # imports numba

        cosines = np.zeros(len(others), dtype=np.float32)
        content_kernels.cosines_of(own, others.astype(np.int64), self.rows, self.asked, cosines)
        return cosines


def keep_nearest(found: np.ndarray, cosines: np.ndarray, own: int, ids: np.ndarray, weights: np.ndarray) -> None:
    """Write the nearest of `found` into one row, nearest first, without the product itself."""
    used = (found != own) & (cosines > LEAST_COSINE)
    found, cosines = found[used], cosines[used]
    order = np.lexsort((found, -cosines))[: len(ids)]
    ids[: len(order)], weights[: len(order)] = found[order], cosines[order]
