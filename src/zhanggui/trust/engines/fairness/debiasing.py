"""Taking a group out of vectors: neither means nor spreads of what is left tell it. Pure.

Against linear readers: Belrose, Schneider-Joseph, Ravfogel, Cotterell, Raff and Biderman, "LEACE: Perfect linear
concept erasure in closed form", NeurIPS 2023, arXiv:2306.03819, theorem 4.3; several kinds of group at once, as one
table. Against readers that bend: the directions along which groups spread unlike are taken out too (sliced average
variance estimation, Cook and Weisberg, JASA 86, 1991), as many as stand out of shuffled groups (parallel analysis,
Horn, Psychometrika 30, 1965). What is left is a projection: who somebody is need not be known to apply it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Reals = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]
RANK_TOLERANCE = 1e-9
SHUFFLES = 20
"""A direction that tells nothing is taken out in one of 21 cases."""


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


def fit_eraser(vectors: Reals, codes: Sequence[Longs], *, with_spreads: bool = True, seed: int = 0) -> Eraser:
    """Learn what to take out.

    Args:
        vectors: (n, d) one row a person.
        codes: for each kind of group (n,) the group of each person, -1 where it is not known.
        with_spreads: also along which groups spread unlike; without, linear readers alone are held off.
        seed: shuffles groups, to see what chance shows.

    Raises:
        ValueError: the arrays differ in length.
    """
    if any(len(code) != len(vectors) for code in codes):
        raise ValueError(f"{len(vectors)} vectors, and groups of {[len(code) for code in codes]} people.")
    mean = vectors.mean(axis=0) if len(vectors) else np.zeros(vectors.shape[1])
    centred = vectors - mean
    columns = np.concatenate([_columns(code) for code in codes], axis=1) if codes else np.zeros((len(vectors), 0))
    whiten, unwhiten = _roots(centred.T @ centred / max(len(vectors), 1))
    told = whiten @ (centred.T @ columns / max(len(vectors), 1))
    left, sizes, _ = np.linalg.svd(told, full_matrices=False)
    basis = left[:, sizes > RANK_TOLERANCE * max(float(sizes.max(initial=0.0)), 1e-300)]
    if with_spreads and codes:
        rng, white = np.random.default_rng(seed), centred @ whiten.T
        rest = white - white @ basis @ basis.T
        bent = [unlike_spreads(rest, code, rng) for code in codes]
        basis = _spanned(np.concatenate([basis, *bent], axis=1))
    return Eraser(mean=mean, removal=unwhiten @ basis @ basis.T @ whiten)


def unlike_spreads(white: Reals, code: Longs, rng: np.random.Generator) -> Reals:
    """(d, k) directions along which groups spread unlike, beyond what shuffled groups do; k is 0 where none does.

    Args:
        white: (n, d) whitened vectors.
        code: (n,) groups, -1 for none.
        rng: shuffles.
    """
    known = code >= 0
    used, groups = white[known], code[known]
    if len(np.unique(groups)) < 2:
        return np.zeros((white.shape[1], 0))
    sizes, directions = _spreads(used, groups)
    chance = np.max([_spreads(used, rng.permutation(groups))[0] for _ in range(SHUFFLES)], axis=0)
    beyond = sizes > chance + RANK_TOLERANCE
    told = len(sizes) if beyond.all() else int(beyond.argmin())
    found: Reals = directions[:, :told]
    return found


def _spreads(white: Reals, code: Longs) -> tuple[Reals, Reals]:
    """((d,) how unlike groups spread, largest first, (d, d) along which directions, a column each)."""
    centred = white - white.mean(axis=0)
    pooled = centred.T @ centred / len(centred)
    unlike = np.zeros_like(pooled)
    for one in np.unique(code):
        own = white[code == one]
        own = own - own.mean(axis=0)
        apart = own.T @ own / len(own) - pooled
        unlike += len(own) / len(white) * apart @ apart
    sizes, directions = np.linalg.eigh(unlike)
    return sizes[::-1], directions[:, ::-1]


def _spanned(columns: Reals) -> Reals:
    """(d, r) an orthonormal basis of what the columns span."""
    left, sizes, _ = np.linalg.svd(columns, full_matrices=False)
    basis: Reals = left[:, sizes > RANK_TOLERANCE * max(float(sizes.max(initial=0.0)), 1e-300)]
    return basis


def _columns(code: Longs) -> Reals:
    """(n, groups) one column a group, less its share; whoever is of no group stands at the shares."""
    groups = int(code.max(initial=-1)) + 1
    known = code >= 0
    columns = np.zeros((len(code), groups))
    columns[np.flatnonzero(known), code[known]] = 1.0
    columns[known] -= columns[known].mean(axis=0) if known.any() else 0.0
    return columns


def _roots(covariance: Reals) -> tuple[Reals, Reals]:
    """Σ^-½ and Σ^½, both within the span of Σ."""
    values, vectors = np.linalg.eigh(covariance)
    used = values > RANK_TOLERANCE * max(float(values.max(initial=0.0)), 1e-300)
    values, vectors = values[used], vectors[:, used]
    return (vectors / np.sqrt(values)) @ vectors.T, (vectors * np.sqrt(values)) @ vectors.T
