"""The first stage: from a shopper's own last events to scored candidates. Nothing per shopper is stored or cached."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
import numpy as np
from numpy.typing import NDArray

from .blend import FACTOR_OF, FACTORS, FEATURES, GIVEN, SCALES
from .covisitation import Neighbours
from .interactions import Floats, Ints
from .scratch import Scratch

DECAY = (0.15, 0.7, 120.0)
"""Weight of a session by how many came since (long memory, short memory), and the half-life in days beside it."""
SOURCES = 60
"""Products of a history whose neighbours are looked up, newest first."""
MOST_EVIDENCE = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Graphs:
    """The three neighbour lists of a model: by who had both, by what came with or after, by content."""

    alike: Neighbours
    together: Neighbours
    content: Neighbours

    @property
    def lists(self) -> tuple[tuple[NDArray[np.int32], Floats], ...]:
        """Ids and weights of the three, as the compiled loops take them."""
        return tuple((part.ids, part.weights) for part in (self.alike, self.together, self.content))


class History(msgspec.Struct, frozen=True, kw_only=True):
    """A shopper's last events, newest first: (n,) columns, and the moment they are looked at."""

    product: NDArray[np.int32]
    strength: Floats
    is_purchase: NDArray[np.bool_]
    at_ms: Ints
    now_ms: int


class Digest(msgspec.Struct, frozen=True, kw_only=True):
    """A history folded to one row per product, newest first: products (r,), newest event (r,), columns (r, 7)."""

    products: NDArray[np.int32]
    newest: NDArray[np.int32]
    columns: Floats

    def copy(self) -> Digest:
        """The same in memory of its own."""
        return Digest(products=self.products.copy(), newest=self.newest.copy(), columns=self.columns.copy())


class Candidates(msgspec.Struct, frozen=True, kw_only=True):
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
    from .scoring_kernels import fill_features, gather_candidates  # imports numba

    found = gather_candidates(
        past.products, past.columns, SOURCES, graphs.lists, extra, blocked, scratch.sums, scratch.out
    )
    ids = scratch.out[:found].copy()
    features = np.empty((found, len(FEATURES)), dtype=np.float32)
    fill_features(ids, scratch.sums, signals, SCALES, past.products, past.columns, scratch.slot, features)
    return Candidates(ids=ids, features=features)


class Blend(msgspec.Struct, frozen=True, kw_only=True):
    """How features become a score.

    Attributes:
        weights: (15,) by feature.
        is_newcomer: (size,) products that the model does not know.
        newcomer_rate: at which a newcomer's content stands for the behaviour that it lacks.
    """

    weights: Floats
    is_newcomer: NDArray[np.bool_]
    newcomer_rate: float


class Scored(msgspec.Struct, frozen=True, kw_only=True):
    """Candidates (n,) with their scores and content features; views of a scratch, valid until its next use."""

    ids: NDArray[np.int32]
    scores: Floats
    content: Floats


def score(
    graphs: Graphs,
    past: Digest,
    blend: Blend,
    *,
    signals: Floats,
    extra: NDArray[np.int32],
    blocked: NDArray[np.bool_],
    only_bought: bool,
    scratch: Scratch,
) -> Scored:
    """Gather what could be shown, as `candidates` does, and score it.

    Args:
        graphs: neighbour lists.
        past: the digested history.
        blend: makes a score of features.
        signals: (size, 5) as for `candidates`.
        extra: products that are always candidates.
        blocked: (size,) products that never are.
        only_bought: leave out what the shopper never bought.
        scratch: working memory for at least `size` products.
    """
    from .answer_kernels import score_candidates  # imports numba

    found = score_candidates(
        past.products,
        past.columns,
        SOURCES,
        graphs.lists,
        extra,
        blocked,
        signals,
        SCALES,
        blend.weights,
        (blend.is_newcomer, blend.newcomer_rate),
        only_bought,
        scratch.sums,
        scratch.slot,
        scratch.out,
        scratch.scores,
    )
    return Scored(ids=scratch.out[:found], scores=scratch.scores[0, :found], content=scratch.scores[1, :found])


def choose(
    found: Scored, penalty: Floats, category: NDArray[np.int32], balance: float, k: int, scratch: Scratch
) -> tuple[Ints, Floats]:
    """Rows of the best k, and their values: later products of a category give way to other categories.

    Args:
        found: what there is to choose from.
        penalty: (size,) taken from the score, not below 0.
        category: (size,) number of the category, 0 for none.
        balance: how much a category gives way as it repeats, in units of the score.
        k: at most so many.
        scratch: working memory for at least `size` products.
    """
    from . import answer_kernels  # imports numba

    rows, values = np.empty(k, dtype=np.int64), np.empty(k, dtype=np.float32)
    filled = answer_kernels.choose(found.ids, found.scores, penalty, category, balance, k, scratch.counts, rows, values)
    return rows[:filled], values[:filled]


class Grounds(msgspec.Struct, frozen=True, kw_only=True):
    """What the scores of k products rest on.

    Attributes:
        shares: (k, 8) share of each of `FACTORS` in the positive part of the score.
        rows: (k, 3) rows of the history that speak loudest for it, loudest first; -1 for none.
        weights: (k, 3) the share of the score that each of them answers for.
    """

    shares: Floats
    rows: NDArray[np.int64]
    weights: Floats


def grounds(
    graphs: Graphs,
    past: Digest,
    blend: Blend,
    winners: NDArray[np.int32],
    *,
    signals: Floats,
    scratch: Scratch,
    given: Floats | None = None,
) -> Grounds:
    """Split the scores of `winners` (k,) into factors, and these into rows of the history.

    `given` (k, 2) is what the merchant's aims added to each score; None for nothing.
    """
    from .answer_kernels import explain  # imports numba

    k = len(winners)
    shares = np.empty((k, len(FACTORS)), dtype=np.float32)
    rows = np.empty((k, MOST_EVIDENCE), dtype=np.int64)
    weights = np.empty((k, MOST_EVIDENCE), dtype=np.float32)
    explain(
        winners,
        past.products,
        past.columns,
        SOURCES,
        graphs.lists,
        signals,
        SCALES,
        blend.weights,
        (blend.is_newcomer, blend.newcomer_rate),
        FACTOR_OF,
        np.zeros((k, GIVEN), dtype=np.float32) if given is None else given,
        scratch.slot,
        shares,
        rows,
        weights,
    )
    return Grounds(shares=shares, rows=rows, weights=weights)


def no_neighbours(size: int) -> Neighbours:
    """Lists with nothing in them, for `size` products."""
    return Neighbours(ids=np.zeros((size, 1), dtype=np.int32), weights=np.zeros((size, 1), dtype=np.float32))
