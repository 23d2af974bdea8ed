"""What a mitigation costs: what is found of what people took next, with and without it, person by person. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .debiasing import Longs, Reals
from .mitigating import tops
from .shares import deviations


@dataclass(frozen=True, slots=True, kw_only=True)
class Mean:
    """A mean over people with its 95 % interval."""

    value: float
    low: float
    high: float


def found(scores: Reals, taken: Sequence[Longs], k: int) -> tuple[Reals, Reals]:
    """((n,) recall@k, (n,) NDCG@k) of each person; nobody's `taken` is empty. Fewer than k all count."""
    k = min(k, scores.shape[1])
    best = tops(scores, k)
    gain = 1 / np.log2(np.arange(2, k + 2))
    hits = np.array([np.isin(row, of) for row, of in zip(best, taken, strict=True)], dtype=np.float64).reshape(-1, k)
    many = np.array([min(len(of), k) for of in taken], dtype=np.int64)
    ideal = np.concatenate([[0.0], np.cumsum(gain)])[many]
    recall = hits.sum(axis=1) / np.array([len(of) for of in taken], dtype=np.float64)
    return recall, hits @ gain / ideal


def mean_of(values: Reals) -> Mean:
    """Of figures (n,), one a person; for a cost, of each person's difference."""
    value = float(values.mean()) if len(values) else 0.0
    half = deviations() * float(values.std(ddof=1)) / len(values) ** 0.5 if len(values) > 1 else 0.0
    return Mean(value=value, low=value - half, high=value + half)
