"""How many cases a second stage learns from: more than the few weights of a blend need, as time and memory reach."""

from __future__ import annotations

import numpy as np

from zhanggui.recommend.engines.evaluation.tasks import Task

from .ranking import DEPTH, OWN_COLUMNS

MOST_CASES = 20_000
"""Twice as many cases gain half of what the doubling before gained."""
_MOST_FEATURES = 1.5e8  # numbers: of all candidates of all cases, held some four times while a network learns


def affordable(models: int, seconds: float, case_seconds: float) -> int:
    """Cases that so many models can be asked and ordered for in so many seconds."""
    numbers = max(1, models) * DEPTH * (4 * models + OWN_COLUMNS)
    return int(min(MOST_CASES, _MOST_FEATURES / numbers, max(seconds, 0.0) / max(case_seconds, 1e-9)))


def widened(narrow: Task, whole: Task, cases: int, rng: np.random.Generator) -> Task:
    """The cases of `narrow` and others of `whole`, drawn evenly: `cases` in all where there are so many."""
    is_narrow = np.isin(whole.keys, narrow.keys)
    others = np.flatnonzero(~is_narrow)
    more = min(cases - narrow.people, len(others))
    if more <= 0:
        return narrow
    chosen = is_narrow.copy()
    chosen[rng.choice(others, size=more, replace=False)] = True
    return whole.only(np.flatnonzero(chosen))
