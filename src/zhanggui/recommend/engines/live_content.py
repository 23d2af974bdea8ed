"""The content graph of a running process: a model's lists, in which new and edited products find their place at once.

A product that is put is compared with all others: with those of the index by its columns, with those put since the
index was made by their few words. It gets a row of its own and enters the rows of its neighbours, so that it leads to
them and they to it. Rows change in place: who reads meanwhile may see an id and a weight of two moments, which moves a
score of one answer a little and harms nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

import numpy as np
from numpy.typing import NDArray

from .content import ContentIndex, Document, Vector, keep_nearest
from .covisitation import Neighbours
from .interactions import Floats
from .vector_spaces import VectorSpaces

CONTENT_NEIGHBOURS = 50
RESERVED = 14
"""Places of a row beyond its own neighbours, for products that come later."""
RECENT = 512
"""Products put after which the index is made anew; a young shop's index already when it has doubled."""
SMALL = 2_000
"""Products up to which a new index rewrites all rows, so that every process has the same."""


class LiveContent:
    """Content neighbours of all products, as of the last put. One thread may put at a time.

    Args:
        graph: lists of a model; they are copied before the first change.
    """

    def __init__(self, graph: Neighbours) -> None:
        self._ids, self._weights = graph.ids, graph.weights
        self._size, self._is_copy = len(graph.ids), False
        self._index: ContentIndex | None = None
        self._recent: dict[int, Vector] = {}
        self._with_word: dict[str, dict[int, float]] = {}

    @property
    def graph(self) -> Neighbours:
        """(size, k) lists in no order; each ends at its first 0. A later put changes them in place."""
        return Neighbours(ids=self._ids[: self._size], weights=self._weights[: self._size])

    def warm(self, size: int, document: Callable[[int], Document]) -> None:
        """Index all words and compile the loops now, so that the first product put need not wait for it."""
        from .kernels import unlink, weave  # imports numba

        if self._index is None:
            self._read_all(size, document)
        ids, weights = np.zeros((1, 1), dtype=np.int32), np.zeros((1, 1), dtype=np.float32)
        unlink(ids, weights, np.zeros(1, dtype=np.bool_))
        weave(ids, weights, np.zeros(1, dtype=np.int32), ids, weights)

    def put(
        self,
        numbers: Collection[int],
        size: int,
        document: Callable[[int], Document],
        spaces: VectorSpaces | None = None,
    ) -> None:
        """Place products that are new or have other words or vectors.

        Args:
            numbers: theirs, below `size`.
            size: largest product number + 1.
            document: the words of a product.
            spaces: the vectors of products; None for none.
        """
        touched = np.unique(np.array(list(numbers), dtype=np.int32))
        if len(touched) == 0:
            return
        before = self._grow(size)
        index = self._index
        if index is None or len(self._recent) + len(touched) > min(RECENT, index.size // 2):
            index = self._read_all(size, document)
            if size <= SMALL:
                self._rewrite(index.neighbours(CONTENT_NEIGHBOURS, spaces), touched)
                return
            near = index.nearest(touched, CONTENT_NEIGHBOURS, spaces)
        else:
            near = self._place(index, touched, document, spaces)
        self._enter(touched, near, is_linked=touched < before)

    def _read_all(self, size: int, document: Callable[[int], Document]) -> ContentIndex:
        self._index = ContentIndex.of([document(number) if number else () for number in range(size)])
        self._recent.clear()
        self._with_word.clear()
        return self._index

    def _place(
        self,
        index: ContentIndex,
        touched: NDArray[np.int32],
        document: Callable[[int], Document],
        spaces: VectorSpaces | None,
    ) -> Neighbours:
        """Rows of products that are not in the index, or stand there with words that they no longer have."""
        for number in touched.tolist():
            self._remember(number, index.vector(document(number)))
        recent = np.zeros(max(index.size, int(touched[-1]) + 1, max(self._recent) + 1), dtype=np.bool_)
        recent[list(self._recent)] = True
        ids = np.zeros((len(touched), CONTENT_NEIGHBOURS), dtype=np.int32)
        weights = np.zeros(ids.shape, dtype=np.float32)
        for row, number in enumerate(touched.tolist()):
            vector = self._recent[number]
            found, cosines = index.near(vector)
            is_as_indexed = ~recent[found]
            among = self._among_recent(vector)
            found = np.concatenate([found[is_as_indexed], np.array(list(among), dtype=np.int64)])
            cosines = np.concatenate([cosines[is_as_indexed], np.array(list(among.values()), dtype=np.float32)])
            if spaces is not None:
                found, cosines = spaces.blended(number, found, cosines, self._size)
            keep_nearest(found, cosines, number, ids[row], weights[row])
        return Neighbours(ids=ids, weights=weights)

    def _remember(self, number: int, vector: Vector) -> None:
        for word in self._recent.pop(number, {}):
            del self._with_word[word][number]
        self._recent[number] = vector
        for word, value in vector.items():
            self._with_word.setdefault(word, {})[number] = value

    def _among_recent(self, vector: Vector) -> dict[int, float]:
        cosines: dict[int, float] = {}
        for word, value in vector.items():
            for number, other in self._with_word[word].items():
                cosines[number] = cosines.get(number, 0.0) + value * other
        return cosines

    def _rewrite(self, near: Neighbours, touched: NDArray[np.int32]) -> None:
        """All rows anew, in fresh arrays: nobody shall see a graph that is half empty."""
        ids, weights = np.zeros_like(self._ids), np.zeros_like(self._weights)
        ids[: len(near.ids), : near.ids.shape[1]] = near.ids
        weights[: len(near.ids), : near.ids.shape[1]] = near.weights
        self._ids, self._weights = ids, weights
        self._weave(touched, Neighbours(ids=near.ids[touched], weights=near.weights[touched]))

    def _enter(self, touched: NDArray[np.int32], near: Neighbours, *, is_linked: NDArray[np.bool_]) -> None:
        from .kernels import unlink  # imports numba

        if is_linked.any():
            is_gone = np.zeros(len(self._ids), dtype=np.bool_)
            is_gone[touched[is_linked]] = True
            unlink(self._ids, self._weights, is_gone)
        rows = np.zeros((len(touched), self._ids.shape[1]), dtype=np.int32)
        values: Floats = np.zeros(rows.shape, dtype=np.float32)
        rows[:, : near.ids.shape[1]], values[:, : near.ids.shape[1]] = near.ids, near.weights
        self._weights[touched], self._ids[touched] = values, rows
        self._weave(touched, near)

    def _weave(self, touched: NDArray[np.int32], near: Neighbours) -> None:
        from .kernels import weave  # imports numba

        weave(self._ids, self._weights, touched, near.ids, near.weights)

    def _grow(self, size: int) -> int:
        """Make room for products below `size`; answers how many had room before."""
        before = self._size
        if not self._is_copy or size > len(self._ids):
            rows = max(size, 2 * before if self._is_copy else before)
            ids = np.zeros((rows, CONTENT_NEIGHBOURS + RESERVED), dtype=np.int32)
            weights = np.zeros(ids.shape, dtype=np.float32)
            width = min(self._ids.shape[1], ids.shape[1])
            ids[:before, :width] = self._ids[:before, :width]
            weights[:before, :width] = self._weights[:before, :width]
            self._ids, self._weights, self._is_copy = ids, weights, True
        self._size = max(size, before)
        return before
