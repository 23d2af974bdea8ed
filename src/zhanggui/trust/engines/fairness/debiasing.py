"""Taking a group out of vectors: no linear reader may tell it from what is left, and no more is taken than that. Pure.

Source: Belrose, Schneider-Joseph, Ravfogel, Cotterell, Raff and Biderman, "LEACE: Perfect linear concept erasure in
closed form", NeurIPS 2023, arXiv:2306.03819, theorem 4.3. Several kinds of group are taken out at once, as one table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Reals = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]
RANK_TOLERANCE = 1e-9
PLACES_AFTER_POINT = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Eraser:
    """Takes groups out of vectors.

    Attributes:
        mean: (d,) of the vectors that it was fitted on.
        removal: (d, d) what is taken out of a vector less the mean.
    """

    mean: Reals
    removal: Reals

    def apply(self, vectors: Reals) -> Reals:
        """(n, d) the nearest vectors, as the spread of those that it was fitted on measures it, without the groups."""
        found: Reals = vectors - (vectors - self.mean) @ self.removal.T
        return found

    def told(self, vectors: Reals) -> Reals:
        """The same as it is told: what is left beyond these digits is the error of reckoning, which could tell."""
        return np.round(self.apply(vectors), PLACES_AFTER_POINT)


def fit_eraser(vectors: Reals, codes: Sequence[Longs]) -> Eraser:
    """Learn what to take out.

    Args:
        vectors: (n, d) one row a person.
        codes: for each kind of group (n,) the group of each person, -1 where it is not known.

    Raises:
        ValueError: the arrays differ in length.
    """
    if any(len(code) != len(vectors) for code in codes):
        raise ValueError(f"{len(vectors)} vectors, and groups of {[len(code) for code in codes]} people.")
    mean = vectors.mean(axis=0) if len(vectors) else np.zeros(vectors.shape[1])
    centred = vectors - mean
    columns = np.concatenate([_columns(code) for code in codes], axis=1) if codes else np.zeros((len(vectors), 0))
    whiten, unwhiten = roots(centred.T @ centred / max(len(vectors), 1))
    told = whiten @ (centred.T @ columns / max(len(vectors), 1))
    left, sizes, _ = np.linalg.svd(told, full_matrices=False)
    basis = left[:, sizes > RANK_TOLERANCE * max(float(sizes.max(initial=0.0)), 1e-300)]
    return Eraser(mean=mean, removal=unwhiten @ basis @ basis.T @ whiten)


def _columns(code: Longs) -> Reals:
    """(n, groups) one column a group, less its share; whoever is of no group stands at the shares."""
    groups = int(code.max(initial=-1)) + 1
    known = code >= 0
    columns = np.zeros((len(code), groups))
    columns[np.flatnonzero(known), code[known]] = 1.0
    columns[known] -= columns[known].mean(axis=0) if known.any() else 0.0
    return columns


def roots(covariance: Reals) -> tuple[Reals, Reals]:
    """Σ^-½ and Σ^½, both within the span of Σ."""
    values, vectors = np.linalg.eigh(covariance)
    used = values > RANK_TOLERANCE * max(float(values.max(initial=0.0)), 1e-300)
    values, vectors = values[used], vectors[:, used]
    return (vectors / np.sqrt(values)) @ vectors.T, (vectors * np.sqrt(values)) @ vectors.T
