"""An adversary that tries to read a group off vectors: if it does no better than by chance, they do not tell. Pure.

A logistic regression (scikit-learn, extra `fairness`), cross-validated, so that nobody is judged by a reader who has
seen them. Groups weigh alike: chance is one over their number, and the interval is of the mean of their hit rates.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from .debiasing import Longs, Reals
from .shares import deviations

FOLDS = 5
STEPS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """How often the adversary is right, groups alike, with its 95 % interval; and how often chance is."""

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


def probe(vectors: Reals, code: Longs, *, seed: int = 0) -> Probe | None:
    """Try to read the group (n,) off vectors (n, d); None with fewer than two groups of ten people.

    Args:
        vectors: one row a person.
        code: their groups, -1 for none; groups of fewer than ten are left out.
        seed: deals people out to the folds.
    """
    sizes = np.bincount(code[code >= 0])
    used = (code >= 0) & np.isin(code, np.flatnonzero(sizes >= 2 * FOLDS))
    groups = np.unique(code[used])
    if len(groups) < 2:
        return None
    told = _told(vectors[used], code[used], seed)
    rates = np.array([(told[code[used] == one] == one).mean() for one in groups])
    errors = np.array([rate * (1 - rate) / (code[used] == one).sum() for rate, one in zip(rates, groups, strict=True)])
    accuracy, half = float(rates.mean()), deviations() * float(np.sqrt(errors.sum())) / len(groups)
    return Probe(accuracy=accuracy, low=accuracy - half, high=accuracy + half, chance=1 / len(groups))


def _told(vectors: Reals, code: Longs, seed: int) -> Any:
    """(n,) the group that the adversary says, of people whom it has not seen."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedKFold, cross_val_predict
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    reader = make_pipeline(StandardScaler(), LogisticRegression(class_weight="balanced", max_iter=STEPS))
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=seed)
    return cross_val_predict(reader, vectors, code, cv=folds)
