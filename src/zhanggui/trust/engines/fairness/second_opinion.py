"""The same gaps by fairlearn, the field's own library (extra `fairness`): a second opinion on our arithmetic."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np


class Counted(Protocol):
    """One group: hits of cases."""

    @property
    def hits(self) -> int:
        """Cases that count."""

    @property
    def of(self) -> int:
        """All cases."""


def fairlearn_version() -> str:
    """Its name and version; empty where it is not installed."""
    try:
        import fairlearn
    except ImportError:
        return ""
    return f"fairlearn {fairlearn.__version__}"


def agrees(groups: Sequence[Counted], difference: float, ratio: float, tolerance: float) -> bool:
    """Whether fairlearn finds the same difference and ratio of shares; of no hit at all there is no ratio."""
    if not any(one.hits for one in groups):
        return difference == 0
    frame = _frame(groups)
    is_same = abs(float(frame.difference()) - difference) <= tolerance
    return is_same and abs(float(frame.ratio()) - ratio) <= tolerance


def _frame(groups: Sequence[Counted]) -> Any:
    """Two rows a group, weighted: its hits, and what was no hit."""
    from fairlearn.metrics import MetricFrame, selection_rate

    hit = np.tile([1, 0], len(groups))
    weight = np.array([number for one in groups for number in (one.hits, one.of - one.hits)], dtype=np.float64)
    return MetricFrame(
        metrics=selection_rate,
        y_true=hit,
        y_pred=hit,
        sensitive_features=np.repeat(np.arange(len(groups)), 2),
        sample_params={"sample_weight": weight},
    )
