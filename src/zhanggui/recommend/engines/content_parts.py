"""What the content of a score is made of: words, vectors of texts, vectors of pictures; exact, for winners only."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .covisitation import Neighbours
from .first_stage import SOURCES, Digest
from .interactions import Floats
from .scoring_kernels import WEIGHT
from .vector_spaces import SPACES, VectorSpaces

WORDS = 0
PARTS = 1 + len(SPACES)
"""Words and traits first, then `SPACES`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentParts:
    """Of (k,) winners: the share of each part in their content (k, 3), and by row of the history (rows, k, 3).

    A share of a winner that no content speaks for is 0. What a row the shopper turned down takes away is of no part.
    """

    shares: Floats
    by_row: Floats

    @property
    def loudest(self) -> NDArray[np.int64]:
        """(k, 3) the row of the history that adds most to each part."""
        rows: NDArray[np.int64] = np.zeros(self.by_row.shape[1:], dtype=np.int64)
        if len(self.by_row):
            rows = self.by_row.argmax(axis=0)
        return rows


def content_parts(winners: NDArray[np.int32], past: Digest, graph: Neighbours, spaces: VectorSpaces) -> ContentParts:
    """Take the likeness of each winner to the history apart, edge by edge as the graph holds it."""
    worth = past.columns[:, WEIGHT].copy()
    worth[SOURCES:] = 0.0
    rows = np.flatnonzero((worth > 0) & (past.products < len(graph.ids)))
    sources = past.products[rows]
    at, place, winner = np.nonzero(graph.ids[sources][:, :, None] == winners[None, None, :])
    likeness = graph.weights[sources[at], place]
    _, added = spaces.parts(sources[at].astype(np.int64), winners[winner].astype(np.int64))
    # An edge that a later vector has not reached yet is worth less than the vectors say: they share what it is worth.
    added *= np.minimum(1.0, likeness / np.maximum(added.sum(axis=1), 1e-9))[:, None]
    by_row = np.zeros((len(past.products), len(winners), PARTS), dtype=np.float32)
    by_row[rows[at], winner, 1:] = added * worth[rows[at], None]
    by_row[rows[at], winner, WORDS] = (likeness - added.sum(axis=1)) * worth[rows[at]]
    total = by_row.sum(axis=(0, 2))
    return ContentParts(shares=by_row.sum(axis=0) / np.maximum(total, 1e-9)[:, None], by_row=by_row)
