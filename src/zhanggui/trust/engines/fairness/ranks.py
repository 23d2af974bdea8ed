"""How well scores of people not seen rank a group above others: area under the ROC curve, and its chance. Pure.

Each fold is ranked alone, since a reader's scores of two folds are of two readers. The interval is DeLong's (Biometrics
44, 1988), on each person's placements; chance is what the same scores reach against labels shuffled within each fold.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .debiasing import Longs, Reals

SHUFFLES = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """Groups alike, one against the rest.

    Attributes:
        auc: ½ where scores tell nothing.
        error: its standard error over people.
        shuffled: (s,) what shuffled labels reach.
    """

    auc: float
    error: float
    shuffled: Reals

    @property
    def deviations(self) -> float:
        """How far above shuffled labels, in their standard deviations; 0 where these do not vary."""
        spread = float(self.shuffled.std())
        return (self.auc - float(self.shuffled.mean())) / spread if spread > 0 else 0.0


def ranked(scores: Reals, code: Longs, folds: Sequence[Longs], rng: np.random.Generator) -> Ranked:
    """Judge scores (n, groups) of people by the groups (n,) that they are of, 0 to groups - 1.

    Args:
        scores: by a reader who had not seen the person.
        code: their groups; each is there.
        folds: the rows of each fold.
        rng: shuffles labels.
    """
    groups = scores.shape[1]
    totals, weights = np.zeros((SHUFFLES + 1, groups)), np.zeros(groups)
    leaning = np.zeros(len(code))
    for rows in folds:
        own = code[rows]
        labels = np.vstack([own, rng.permuted(np.tile(own, (SHUFFLES, 1)), axis=1)])
        for group in range(groups):
            many = int((own == group).sum())
            if 0 < many < len(own):
                aucs, placed = _placed(scores[rows, group], labels == group)
                totals[:, group] += len(rows) * aucs
                weights[group] += len(rows)
                leaning[rows] += placed
    there = weights > 0
    aucs = (totals[:, there] / weights[there]).mean(axis=1) if there.any() else np.full(SHUFFLES + 1, 0.5)
    error = float(np.sqrt(np.square(leaning / max(int(there.sum()), 1)).sum())) / max(len(code), 1)
    return Ranked(auc=float(aucs[0]), error=error, shuffled=aucs[1:])


def _placed(score: Reals, is_of: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> tuple[Reals, Reals]:
    """((s,) areas for labels (s, n), (n,) what each person adds to that of the first row, over its mean)."""
    below = (score[:, None] > score).astype(np.float64) + 0.5 * (score[:, None] == score)
    ranks = below.sum(axis=1)
    many = int(is_of[0].sum())
    others = len(score) - many
    aucs = (is_of @ ranks - many * many / 2) / (many * others)
    own = is_of[0]
    placed = np.where(own, below[:, ~own].mean(axis=1), below[own].mean(axis=0)) - aucs[0]
    return aucs, placed * np.where(own, len(score) / many, len(score) / others)
