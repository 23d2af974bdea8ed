"""Adversaries that try to read a group off vectors: if none does better than by chance, they do not tell. Pure.

Three readers (scikit-learn, extra `fairness`): a logistic regression, a forest, which knows vectors again that
many people share, and a small neural network. Each is cross-validated: people are judged by a reader who has seen none
of them, and, where groups are taken out of vectors, what takes them out has not seen them either.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np

from .debiasing import Longs, Reals
from .ranks import Ranked, ranked
from .shares import deviations

FOLDS = 5
STEPS = 500
TREES = 30
UNITS, TURNS, DECAY = 16, 40, 1.0
MOST_PEOPLE = 1_000
"""Whom readers try: more show a smaller lean, and take as much longer."""
Head = Literal["linear", "trees", "network"]
HEADS: tuple[Head, ...] = get_args(Head)


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """What one reader reads: area under the ROC curve, groups alike, with its interval; and what chance reaches.

    Intervals are of 95 % for all readers of a kind of group at once.

    Attributes:
        head: which reader.
        auc: ½ where it knows nothing.
        low, high: its interval over people.
        chance: up to where the same reader comes on shuffled labels.
    """

    head: Head
    auc: float
    low: float
    high: float
    chance: float

    @property
    def tells(self) -> bool:
        """Whether the vectors tell the group better than shuffled labels show."""
        return self.auc > self.chance


def can_probe() -> bool:
    """Whether scikit-learn is installed."""
    try:
        import sklearn  # noqa: F401
    except ImportError:
        return False
    return True


def dealt(people: int, seed: int = 0) -> list[Longs]:
    """The rows of each fold of so many people, of at most as many as readers try."""
    order = np.random.default_rng(seed).permutation(people)[:MOST_PEOPLE]
    return [np.sort(order[fold::FOLDS]) for fold in range(FOLDS)]


def probe(told: Sequence[Reals], code: Longs, folds: Sequence[Longs], *, seed: int = 0) -> tuple[Probe, ...]:
    """Try to read the group (n,) off vectors; nothing with fewer than two groups of ten people among the folds.

    Args:
        told: for each fold (n, d) the vectors of all, as they are told where its people were not known.
        code: their groups, -1 for none; groups of fewer than ten are left out.
        folds: the rows of each fold, see `dealt`.
        seed: of the readers and of shuffles.
    """
    rows = np.concatenate(folds)
    sizes = np.bincount(code[rows][code[rows] >= 0], minlength=int(code.max(initial=0)) + 1)
    groups = np.flatnonzero(sizes >= 2 * FOLDS)
    if len(groups) < 2:
        return ()
    parts = [part[np.isin(code[part], groups)] for part in folds]
    number = np.searchsorted(groups, code)
    return tuple(_judged(head, told, number, parts, seed) for head in HEADS)


def _judged(head: Head, told: Sequence[Reals], number: Longs, parts: Sequence[Longs], seed: int) -> Probe:
    rows = np.concatenate(parts)
    scores = [
        _scored(head, vectors, number, np.setdiff1d(rows, part), part, seed)
        for vectors, part in zip(told, parts, strict=True)
    ]
    ends = np.cumsum([len(part) for part in parts])
    folds = [np.arange(end - len(part), end) for end, part in zip(ends, parts, strict=True)]
    return _probe(head, ranked(np.concatenate(scores), number[rows], folds, np.random.default_rng(seed)))


def _probe(head: Head, found: Ranked) -> Probe:
    wide = deviations(len(HEADS))
    half = wide * found.error
    chance = float(found.shuffled.mean() + wide * found.shuffled.std())
    return Probe(
        head=head, auc=found.auc, low=max(found.auc - half, 0.0), high=min(found.auc + half, 1.0), chance=chance
    )


def _scored(head: Head, vectors: Reals, code: Longs, known: Longs, judged: Longs, seed: int) -> Reals:
    """(n, groups) how likely each group seems to a reader who learned from the known."""
    from sklearn.exceptions import ConvergenceWarning

    reader = _reader(head, seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # a reader may stop early: what it reads is judged anyhow
        reader.fit(vectors[known], code[known])
    found: Reals = reader.predict_proba(vectors[judged])
    return np.round(found, 9)


def _reader(head: Head, seed: int) -> Any:
    from sklearn.ensemble import ExtraTreesClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.neural_network import MLPClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    if head == "trees":
        return ExtraTreesClassifier(TREES, min_samples_leaf=2, class_weight="balanced", random_state=seed)
    if head == "linear":
        return make_pipeline(StandardScaler(), LogisticRegression(class_weight="balanced", max_iter=STEPS))
    network = MLPClassifier((UNITS,), solver="lbfgs", alpha=DECAY, max_iter=TURNS, random_state=seed)
    return make_pipeline(StandardScaler(), network)
