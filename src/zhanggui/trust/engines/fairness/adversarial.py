"""Taking groups out of vectors against readers that bend: what an adversary reads by goes, till it reads nothing. Pure.

The closed form (`debiasing.py`) holds off linear readers. Behind it a kernel ridge regression, wide and narrow, is
cross-validated at reading each kind of group; while one does better than on shuffled labels, the directions along which
its answer changes most are taken out, and the closed form is learned anew of what is left. The rounds are those of
Ravfogel, Elazar, Gonen, Twiton and Goldberg, "Null it out" (ACL 2020, arXiv:2004.07667), with a reader that bends; the
directions are the leading eigenvectors of the mean outer product of its gradients (Fukumizu and Leng, "Gradient-based
kernel dimension reduction for regression", JASA 109, 2014).

What is left is a projection: who somebody is need not be known to apply it. Noise is not added: over many readings it
would wash out. Where vectors are few and many people share each, all may have to go, and that costs what it costs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import NormalDist

import numpy as np

from .debiasing import Eraser, Longs, Reals, fit_eraser, roots
from .ranks import ranked

WIDTHS = (1.0, 0.25)
"""Bandwidths, of the mean distance of two people."""
RIDGE = 0.05
MOST_PEOPLE = 300
"""Whom the adversary learns from."""
FOLDS = 5
A_ROUND = 4
"""One in so many of the directions that are left goes in a round, at least one."""
DOUBTS = (0.2, 0.6, 0.95)
"""The chance that vectors that tell nothing lose directions: more where a milder one has left something to read."""
SPANNED = 1e-6
"""Of the widest direction: what is narrower is the error of reckoning."""


def fit_adversarial(vectors: Reals, codes: Sequence[Longs], *, doubt: float = DOUBTS[0], seed: int = 0) -> Eraser:
    """Learn what to take out so that neither lines nor curves tell the groups.

    Args:
        vectors: (n, d) one row a person.
        codes: for each kind of group (n,) the group of each person, -1 where it is not known.
        doubt: the chance that vectors that tell nothing lose directions; more of it is on the safe side.
        seed: draws people, deals them out and shuffles.

    Raises:
        ValueError: the arrays differ in length.
    """
    linear = fit_eraser(vectors, codes)
    rng = np.random.default_rng(seed)
    rows = np.sort(rng.permutation(len(vectors))[:MOST_PEOPLE])
    centred = vectors - linear.mean
    kinds = [code[rows] for code in codes if len(np.unique(code[rows][code[rows] >= 0])) > 1]
    kept = first = _span(centred)
    while kept.shape[1] and (told := _told_kinds(centred[rows] @ kept, kinds, doubt, rng)):
        turned = _turns(centred[rows] @ kept, told)
        kept = kept @ turned[:, max(1, kept.shape[1] // A_ROUND) :]
    if kept.shape[1] == first.shape[1]:
        return linear
    rest = fit_eraser(centred @ kept, codes)
    stays = kept @ (np.eye(kept.shape[1]) - rest.removal) @ kept.T
    return Eraser(mean=linear.mean, removal=np.eye(vectors.shape[1]) - stays)


def _span(centred: Reals) -> Reals:
    """(d, r) the directions in which people differ."""
    _, sizes, turned = np.linalg.svd(centred, full_matrices=False)
    found: Reals = turned[sizes > SPANNED * max(float(sizes.max(initial=0.0)), 1e-300)].T
    return found


def _told_kinds(here: Reals, codes: Sequence[Longs], doubt: float, rng: np.random.Generator) -> list[Longs]:
    """Those groups that an adversary reads off people whom neither it nor the closed form has seen."""
    order = rng.permutation(len(here))
    folds = [np.sort(order[fold::FOLDS]) for fold in range(FOLDS)]
    kernels = [list(_kernels(_without(here, codes, np.setdiff1d(order, part)))) for part in folds]
    bar = NormalDist().inv_cdf((1 - doubt) ** (1 / max(len(codes) * len(kernels[0]), 1)))
    return [code for code in codes if any(_read(each, code, folds, rng) > bar for each in zip(*kernels, strict=True))]


def _without(here: Reals, codes: Sequence[Longs], known: Longs) -> Reals:
    return fit_eraser(here[known], [code[known] for code in codes]).apply(here)


def _kernels(here: Reals) -> Iterator[Reals]:
    """(n, n) how near people are: as they lie, wide and narrow, and with each direction alike."""
    apart = _apart(here)
    yield from (np.exp(-apart / (2 * width**2)) for width in WIDTHS)
    yield np.exp(-_apart(here @ roots(here.T @ here / max(len(here), 1))[0]) / 2)


def _read(kernels: Sequence[Reals], code: Longs, folds: Sequence[Longs], rng: np.random.Generator) -> float:
    """How far above chance the adversary reads a kind of group, in deviations of shuffled labels."""
    known = np.flatnonzero(code >= 0)
    number, places = np.full(len(code), -1), np.full(len(code), -1)
    number[known], places[known] = np.unique(code[known], return_inverse=True)[1], np.arange(len(known))
    scores = np.zeros((len(known), int(number.max()) + 1))
    judged = [part[code[part] >= 0] for part in folds]
    for kernel, part in zip(kernels, judged, strict=True):
        rest = np.setdiff1d(known, part)
        answers = _ridge(kernel[np.ix_(rest, rest)], number[rest], scores.shape[1])
        scores[places[part]] = kernel[np.ix_(part, rest)] @ answers
    return ranked(np.round(scores, 9), number[known], [places[part] for part in judged], rng).deviations


def _turns(here: Reals, codes: Sequence[Longs]) -> Reals:
    """(r, r) directions, a column each, those first along which the adversary's answers change most."""
    scale = np.maximum(here.std(axis=0), 1e-300)
    total, kernels = np.zeros((here.shape[1], here.shape[1])), np.exp(-_apart(here) / 2)
    for code in codes:
        known = np.flatnonzero(code >= 0)
        kernel, people = kernels[np.ix_(known, known)], here[known]
        number = np.unique(code[known], return_inverse=True)[1].astype(np.int64)
        for answer in _ridge(kernel, number, int(number.max()) + 1).T:
            weights = kernel * answer
            slopes = (weights @ people - weights.sum(axis=1, keepdims=True) * people) * scale
            total += slopes.T @ slopes
    return np.asarray(np.linalg.eigh(total)[1][:, ::-1])


def _ridge(kernel: Reals, number: Longs, groups: int) -> Reals:
    """(n, groups) what each known person weighs in the answers; groups weigh alike."""
    columns = (number[:, None] == np.arange(groups)).astype(np.float64)
    columns -= columns.mean(axis=0)
    columns /= np.maximum(columns.std(axis=0), 1e-9)
    found: Reals = np.linalg.solve(kernel + RIDGE * np.eye(len(kernel)), columns)
    return found


def _apart(here: Reals) -> Reals:
    """(n, n) squared distances, 1 in the mean."""
    squares = np.square(here).sum(axis=1)
    apart: Reals = np.maximum(squares[:, None] + squares - 2 * here @ here.T, 0.0)
    mean = float(apart.sum()) / max(len(here) * (len(here) - 1), 1)
    return apart / mean if mean > 0 else apart
