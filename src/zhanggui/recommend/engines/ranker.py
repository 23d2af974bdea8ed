"""From a shopper's own last events to scored candidates. Nothing per shopper is stored or cached."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from .blend import FEATURES, SCALES
from .covisitation import Neighbours
from .interactions import Floats, Ints

DECAY = (0.15, 0.7, 120.0)
"""Weight of a session by how many came since (long memory, short memory), and the half-life in days beside it."""
SOURCES = 60
"""Products of a history whose neighbours are looked up, newest first."""
MOST_PRODUCTS = 400
DIGEST_COLUMNS = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Graphs:
    """The three neighbour lists of a model: by who had both, by what came with or after, by content."""

    alike: Neighbours
    together: Neighbours
    content: Neighbours


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """A shopper's last events, newest first: (n,) columns, and the moment they are looked at."""

    product: NDArray[np.int32]
    strength: Floats
    is_purchase: NDArray[np.bool_]
    at_ms: Ints
    now_ms: int


@dataclass(slots=True)
class Scratch:
    """Working memory of one thread for products up to `size`; every kernel leaves it zero."""

    size: int
    sums: Floats = field(init=False)
    slot: NDArray[np.int32] = field(init=False)
    counts: Floats = field(init=False)
    out: NDArray[np.int32] = field(init=False)
    products: NDArray[np.int32] = field(init=False)
    newest: NDArray[np.int32] = field(init=False)
    digest: Floats = field(init=False)

    def __post_init__(self) -> None:
        self.sums = np.zeros((self.size, 3), dtype=np.float32)
        self.slot = np.zeros(self.size, dtype=np.int32)
        self.counts = np.zeros(self.size, dtype=np.float32)
        self.out = np.zeros(self.size + 1, dtype=np.int32)
        self.products = np.zeros(MOST_PRODUCTS, dtype=np.int32)
        self.newest = np.zeros(MOST_PRODUCTS, dtype=np.int32)
        self.digest = np.zeros((MOST_PRODUCTS, DIGEST_COLUMNS), dtype=np.float32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """A history folded to one row per product, newest first: products (r,), newest event (r,), columns (r, 7)."""

    products: NDArray[np.int32]
    newest: NDArray[np.int32]
    columns: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """Products to choose from: ids (n,), features (n, 15) as in `blend.FEATURES`."""

    ids: NDArray[np.int32]
    features: Floats


def digest(history: History, scratch: Scratch) -> Digest:
    """Fold a history; the answer is a view of `scratch` and lives until the next call."""
    from .scoring_kernels import digest_history  # imports numba

    rows = digest_history(
        history.product,
        history.strength,
        history.is_purchase,
        history.at_ms,
        history.now_ms,
        DECAY,
        scratch.slot,
        scratch.products,
        scratch.newest,
        scratch.digest,
    )
    return Digest(products=scratch.products[:rows], newest=scratch.newest[:rows], columns=scratch.digest[:rows])


def candidates(
    graphs: Graphs,
    past: Digest,
    *,
    signals: Floats,
    extra: NDArray[np.int32],
    blocked: NDArray[np.bool_],
    scratch: Scratch,
) -> Candidates:
    """Gather and describe what could be shown.

    Args:
        graphs: neighbour lists.
        past: the digested history.
        signals: (size, 5) short trend, middle trend, long popularity (see `Popularity.trends`), repeat rate, newness.
        extra: products that are always candidates (popular, trending, new).
        blocked: (size,) products that never are.
        scratch: working memory for at least `size` products.
    """
    from .scoring_kernels import fill_features, fill_ownership, gather_candidates  # imports numba

    lists = (graphs.alike, graphs.together, graphs.content)
    found = gather_candidates(
        past.products,
        past.columns,
        SOURCES,
        *((part.ids, part.weights) for part in lists),
        extra,
        blocked,
        scratch.sums,
        scratch.slot,
        scratch.out,
    )
    ids = scratch.out[:found].copy()
    features = np.empty((found, len(FEATURES)), dtype=np.float32)
    fill_features(ids, scratch.sums, signals, SCALES, features)
    fill_ownership(ids, past.products, past.columns, signals, scratch.slot, features)
    return Candidates(ids=ids, features=features)


def evidence(graphs: Graphs, past: Digest, winners: NDArray[np.int32], scratch: Scratch) -> Floats:
    """What each product of the history added to the sums of each winner: (winners, rows, 3)."""
    from .scoring_kernels import split_evidence  # imports numba

    lists = (graphs.alike, graphs.together, graphs.content)
    parts = np.zeros((len(winners), len(past.products), 3), dtype=np.float32)
    pairs = ((part.ids, part.weights) for part in lists)
    split_evidence(winners, past.products, past.columns, SOURCES, *pairs, scratch.slot, parts)
    return parts


def no_neighbours(size: int) -> Neighbours:
    """Lists with nothing in them, for `size` products."""
    return Neighbours(ids=np.zeros((size, 1), dtype=np.int32), weights=np.zeros((size, 1), dtype=np.float32))
