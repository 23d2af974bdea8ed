"""Cohorts and moves between stages, by hand-counted examples."""

from __future__ import annotations

import numpy as np

from zhanggui.audience.engines.segments.journeys import moves, retention
from zhanggui.kernel.clock import DAY_MS


def ints(*values: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array(values, dtype=np.int64)


def test_a_cohort_is_counted_once_a_month_and_by_its_first_purchase() -> None:
    person = ints(1, 1, 1, 2, 2, 3)
    month = ints(10, 10, 12, 10, 11, 11)

    table = retention(person, month, 10, 12)

    assert table.tolist() == [[2, 1, 1], [1, 0, 0], [0, 0, 0]]


def test_a_cohort_from_before_the_first_month_is_left_out() -> None:
    assert retention(ints(1, 1), ints(9, 10), 10, 10).tolist() == [[0]]


def test_nobody_bought() -> None:
    assert retention(ints(), ints(), 1, 2).tolist() == [[0, 0], [0, 0]]


def test_moves_go_from_the_stage_at_one_moment_to_that_at_the_other() -> None:
    day = DAY_MS
    person = ints(1, 2, 2, 3)
    at_ms = ints(5 * day, 100 * day, 130 * day, 290 * day)

    found = moves(person, at_ms, 120 * day, 300 * day)

    # Who bought once is assumed to come every 45 days: silent for 115 days at risk, for 295 dormant.
    assert found == {(None, "new"): 1, ("new", "at_risk"): 1, ("at_risk", "dormant"): 1}
