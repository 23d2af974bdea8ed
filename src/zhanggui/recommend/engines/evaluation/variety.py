"""What the lists are like, whether or not they are right: how much of the goods they show, how known, how alike.

Sources: Castells, Hurley and Vargas, "Novelty and Diversity in Recommender Systems", in Recommender Systems Handbook,
2015, doi:10.1007/978-1-4899-7637-6_26; Gini as in Fleder and Hosanagar, doi:10.1287/mnsc.1080.0974.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zhanggui.recommend.engines.interactions import Interactions

from .tasks import Products

_LISTS = 2000  # enough for two digits of diversity; all pairs of all lists would cost more than the ranking
_CELLS = 5_000_000  # of the vectors that are added up for them: popular products have long ones
_LEAST_LISTS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Variety:
    """Figures over all lists of one length.

    Attributes:
        coverage: share of all products that stand in any list.
        gini: how unevenly products are shown: 0 all alike, near 1 a few only.
        novelty: mean of -log2(share of people who wanted the product), in bits; a product that nobody wanted counts
            as wanted by one.
        diversity: 1 - mean cosine of two products of a list; NaN where no list has two.
    """

    coverage: float
    gini: float
    novelty: float
    diversity: float


def variety(tops: Products, *, wanted_by: NDArray[np.int64], people: int, vectors: Any) -> Variety:
    """Look at lists.

    Args:
        tops: (cases, k) products shown, 0 where there is none.
        wanted_by: (size,) people who wanted a product.
        people: people who were counted.
        vectors: (size, d) sparse rows of length 1 (or 0), what makes products alike.
    """
    size = len(wanted_by)
    shown = np.bincount(tops.ravel(), minlength=size)[1:]
    rarity = rarities(wanted_by, people)
    listed = tops[tops > 0]
    unlike = unlikeness(tops[some(tops, vectors)], vectors)
    return Variety(
        coverage=float(np.count_nonzero(shown)) / max(size - 1, 1),
        gini=gini(shown),
        novelty=float(rarity[listed].mean()) if len(listed) else float("nan"),
        diversity=float(np.nanmean(unlike)) if np.isfinite(unlike).any() else float("nan"),
    )


def gini(counts: NDArray[Any]) -> float:
    """Gini coefficient of counts (n,): 0 when all are equal, 1 - 1/n when one has all; 0 when there are none."""
    total = float(counts.sum())
    if total == 0:
        return 0.0
    ascending = np.sort(counts).astype(np.float64)
    n = len(ascending)
    return float(((2 * np.arange(1, n + 1) - n - 1) * ascending).sum() / (n * total))


def people_vectors(train: Interactions) -> Any:
    """(size, people) rows of length 1: two products are alike when the same people wanted them."""
    wanted = train.where(train.strength > 0)
    return unit_rows(wanted.product, np.unique(wanted.person, return_inverse=True)[1], train.size)


def unit_rows(row: NDArray[Any], column: NDArray[Any], rows: int) -> Any:
    """Sparse (rows, columns) matrix of the given cells, each once, its rows of length 1 (or 0)."""
    import scipy.sparse

    width = int(column.max(initial=-1)) + 1
    cells = scipy.sparse.csr_matrix((np.ones(len(row), dtype=np.float32), (row, column)), shape=(rows, width))
    lengths = np.diff(cells.indptr)
    cells.data = np.repeat(1.0 / np.sqrt(np.maximum(lengths, 1)), lengths).astype(np.float32)
    return cells


def rarities(wanted_by: NDArray[Any], people: int) -> NDArray[np.float64]:
    """(size,) -log2 of the share of people who wanted each product."""
    held: NDArray[np.float64] = -np.log2(np.maximum(wanted_by, 1) / max(people, 1))
    return held


def some(tops: Products, vectors: Any) -> slice:
    """Lists from all over, as many as may be looked at."""
    cells = float(np.diff(vectors.indptr)[tops].sum()) / max(len(tops), 1)
    lists = min(_LISTS, max(_LEAST_LISTS, int(_CELLS / max(cells, 1.0))))
    return slice(None, None, max(1, len(tops) // lists))


def unlikeness(tops: Products, vectors: Any) -> NDArray[np.float64]:
    """(lists,) 1 - mean cosine of two products of each; NaN where a list has not two.

    By |sum of vectors|² = number + 2 × (sum of cosines of pairs).
    """
    import scipy.sparse

    cases, places = np.nonzero(tops)
    lists = scipy.sparse.csr_matrix(
        (np.ones(len(cases), dtype=np.float32), (cases, tops[cases, places])), shape=(len(tops), vectors.shape[0])
    )
    counts = np.diff(lists.indptr).astype(np.float64)
    total = lists @ vectors
    squares = np.asarray(total.multiply(total).sum(axis=1)).ravel().astype(np.float64)
    own = np.asarray(lists @ (np.diff(vectors.indptr) > 0)).ravel()  # a product without a vector is unlike all others
    pairs = counts * (counts - 1)
    return np.where(pairs > 0, 1.0 - (squares - own) / np.maximum(pairs, 1.0), np.nan)
