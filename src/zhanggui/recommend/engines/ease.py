"""Which products stand for one another's buyers: the exact linear autoencoder, cut to neighbour lists.

Source: Steck, "Embarrassingly Shallow Autoencoders for Sparse Data", WWW 2019, doi:10.1145/3308558.3313710.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .covisitation import Neighbours
from .interactions import Interactions


@dataclass(frozen=True, slots=True, kw_only=True)
class EaseConfig:
    """How the autoencoder is fitted.

    Attributes:
        neighbours: kept per product.
        ridge: added to the diagonal; more for noisier behaviour.
        least_sessions: people with fewer sessions teach nothing about what comes next, and are left out.
    """

    neighbours: int = 100
    ridge: float = 300.0
    least_sessions: int = 2


def ease_bytes(size: int) -> int:
    """Peak memory that a fit needs: the Gram matrix, its inverse and one copy of float64."""
    return 3 * 8 * size * size


def fit_ease(config: EaseConfig, events: Interactions) -> Neighbours:
    """Fit on who did what (binary); exact, O(size³) time.

    Returns:
        The `neighbours` largest positive weights out of every product.
    """
    import scipy.linalg
    import scipy.sparse

    size, k = events.size, min(config.neighbours, max(1, events.size - 1))
    rows = _who_returned(events, config.least_sessions)
    cells = scipy.sparse.csr_matrix(
        (np.ones(len(rows[0])), rows), shape=(int(rows[0].max(initial=-1)) + 1, size), dtype=np.float64
    )
    cells.data[:] = 1.0
    gram = (cells.T @ cells).toarray()
    gram[np.diag_indices(size)] += config.ridge
    inverse = scipy.linalg.inv(gram, overwrite_a=True, check_finite=False)
    weights = -inverse / np.diag(inverse)[None, :]
    np.fill_diagonal(weights, 0.0)
    weights[:, 0] = 0.0
    return strongest(weights, k)


def strongest(weights: np.ndarray, k: int) -> Neighbours:
    """The k largest positive entries of every row of `weights` (n, n), strongest first."""
    ids = np.argpartition(-weights, k - 1, axis=1)[:, :k]
    kept = np.take_along_axis(weights, ids, axis=1)
    order = np.argsort(-kept, axis=1, kind="stable")
    ids, kept = np.take_along_axis(ids, order, axis=1), np.take_along_axis(kept, order, axis=1)
    positive = kept > 0
    return Neighbours(
        ids=np.where(positive, ids, 0).astype(np.int32), weights=np.where(positive, kept, 0).astype(np.float32)
    )


def _who_returned(events: Interactions, least_sessions: int) -> tuple[np.ndarray, np.ndarray]:
    starts = events.person_starts()
    people = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
    opens = np.diff(events.session, prepend=-1) != 0
    sessions = np.bincount(people, weights=opens, minlength=len(starts) - 1)
    used = (sessions[people] >= least_sessions) & (events.strength > 0)
    pairs = np.unique(np.stack([people[used], events.product[used].astype(np.int64)]), axis=1)
    return pairs[0], pairs[1]
