"""Which products read alike: TF-IDF over words and traits, exact cosine, and a place for a product made just now.

Source: Salton and Buckley, "Term-weighting approaches in automatic text retrieval", 1988,
doi:10.1016/0306-4573(88)90021-0.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .covisitation import Neighbours

Document = Sequence[str]
LEAST_COSINE = 0.05
_BLOCK = 1024


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

    def neighbours(self, k: int) -> Neighbours:
        """The k nearest of every product, by cosine, nearest first."""
        size = self.columns.shape[0]
        ids = np.zeros((size, max(1, min(k, size - 1))), dtype=np.int32)
        weights = np.zeros(ids.shape, dtype=np.float32)
        rows = self.columns.tocsr()
        turned = rows.T.tocsc()
        for start in range(0, size, _BLOCK):
            block = (rows[start : start + _BLOCK] @ turned).tocsr()
            for n in range(block.shape[0]):
                at = slice(block.indptr[n], block.indptr[n + 1])
                _keep(block.indices[at], block.data[at], start + n, ids[start + n], weights[start + n])
        return Neighbours(ids=ids, weights=weights)

    def place(self, document: Document, *, own: int, k: int) -> tuple[np.ndarray, np.ndarray]:
        """(k,) ids and weights of the nearest to a document that was not indexed; 0 where there are fewer."""
        ids, weights = np.zeros(k, dtype=np.int32), np.zeros(k, dtype=np.float32)
        words = {word: 1.0 + np.log(count) for word, count in Counter(document).items() if word in self.vocabulary}
        if not words:
            return ids, weights
        at = np.array([self.vocabulary[word] for word in words])
        values = np.array(list(words.values()), dtype=np.float32) * self.idf[at]
        near = np.asarray(self.columns[:, at] @ (values / np.sqrt(np.sum(values**2)))).ravel()
        found = np.flatnonzero(near)
        _keep(found, near[found], own, ids, weights)
        return ids, weights


def _keep(found: np.ndarray, cosines: np.ndarray, own: int, ids: np.ndarray, weights: np.ndarray) -> None:
    used = (found != own) & (cosines > LEAST_COSINE)
    found, cosines = found[used], cosines[used]
    order = np.lexsort((found, -cosines))[: len(ids)]
    ids[: len(order)], weights[: len(order)] = found[order], cosines[order]
