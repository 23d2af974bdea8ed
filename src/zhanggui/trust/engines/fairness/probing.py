"""An adversary that tries to read a group off vectors: if it does no better than by chance, they do not tell. Pure.

Three readers (scikit-learn, extra `fairness`): a logistic regression, one over a kernel's features, and a forest;
cross-validated, so that nobody is judged by a reader who has seen them. The one that reads best is told, its interval
widened for three tries (Bonferroni). Groups weigh alike: chance is one over their number, and the interval is of the
mean of their hit rates.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np

from .debiasing import Longs, Reals
from .shares import deviations

FOLDS = 5
STEPS = 500
FEATURES = 150
"""Of the kernel: Nyström's approximation, Williams and Seeger 2001."""
TREES = 60
Head = Literal["linear", "kernel", "trees"]
HEADS: tuple[Head, ...] = get_args(Head)


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """How often the best adversary is right, groups alike, with its 95 % interval; and how often chance is."""

    head: Head
    accuracy: float
    low: float
    high: float
    chance: float

    @property
    def tells(self) -> bool:
        """Whether the vectors tell the group better than chance."""
        return self.low > self.chance


def can_probe() -> bool:
    """Whether scikit-learn is installed."""
    try:
        import sklearn  # noqa: F401
    except ImportError:
        return False
    return True


def probe(vectors: Reals, code: Longs, *, seed: int = 0, heads: Sequence[Head] = HEADS) -> Probe | None:
    """Try to read the group (n,) off vectors (n, d); None with fewer than two groups of ten people.

    Args:
        vectors: one row a person.
        code: their groups, -1 for none; groups of fewer than ten are left out.
        seed: deals people out to the folds.
        heads: which readers try.
    """
    sizes = np.bincount(code[code >= 0])
    used = (code >= 0) & np.isin(code, np.flatnonzero(sizes >= 2 * FOLDS))
    groups = np.unique(code[used])
    if len(groups) < 2:
        return None
    found = [_judged(head, vectors[used], code[used], seed, of=len(heads)) for head in heads]
    return max(found, key=lambda one: one.low)


def _judged(head: Head, vectors: Reals, code: Longs, seed: int, *, of: int) -> Probe:
    """How one reader of so many does."""
    groups, told = np.unique(code), _told(head, vectors, code, seed)
    rates = np.array([(told[code == one] == one).mean() for one in groups])
    errors = np.array([rate * (1 - rate) / (code == one).sum() for rate, one in zip(rates, groups, strict=True)])
    accuracy, half = float(rates.mean()), deviations(of) * float(np.sqrt(errors.sum())) / len(groups)
    return Probe(head=head, accuracy=accuracy, low=accuracy - half, high=accuracy + half, chance=1 / len(groups))


def _told(head: Head, vectors: Reals, code: Longs, seed: int) -> Any:
    """(n,) the group that the adversary says, of people whom it has not seen."""
    from sklearn.ensemble import ExtraTreesClassifier
    from sklearn.kernel_approximation import Nystroem
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedKFold, cross_val_predict
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    said = LogisticRegression(class_weight="balanced", max_iter=STEPS)
    features = Nystroem(n_components=min(FEATURES, len(code) // 2), random_state=seed)
    readers = {
        "linear": lambda: make_pipeline(StandardScaler(), said),
        "kernel": lambda: make_pipeline(StandardScaler(), features, StandardScaler(), said),
        "trees": lambda: ExtraTreesClassifier(TREES, min_samples_leaf=5, class_weight="balanced", random_state=seed),
    }
    reader = readers[head]()
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=seed)
    return cross_val_predict(reader, vectors, code, cv=folds)
