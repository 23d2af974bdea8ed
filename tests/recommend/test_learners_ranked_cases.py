"""How many cases a second stage learns from."""

from __future__ import annotations

import numpy as np
from tests.recommend.evaluations import a_task

from zhanggui.recommend.engines.learners.ranked_cases import MOST_CASES, affordable, widened


def test_more_cases_are_drawn_beside_those_that_a_blend_was_learned_on() -> None:
    whole = a_task([[1]] * 40, size=3)
    narrow = whole.cut(10, np.random.default_rng(1))

    wide = widened(narrow, whole, 25, np.random.default_rng(2))

    assert wide.people == 25
    assert set(narrow.keys.tolist()) < set(wide.keys.tolist()) <= set(whole.keys.tolist())
    assert wide.keys.tolist() == sorted(wide.keys.tolist())


def test_no_case_is_lost_where_more_would_not_be_in_time() -> None:
    whole = a_task([[1]] * 40, size=3)
    narrow = whole.cut(10, np.random.default_rng(1))

    assert widened(narrow, whole, affordable(2, -5.0, 0.01), np.random.default_rng(2)) is narrow


def test_cases_are_as_many_as_there_are_at_most() -> None:
    whole = a_task([[1]] * 40, size=3)

    assert widened(whole.cut(10, np.random.default_rng(1)), whole, 99, np.random.default_rng(2)).people == 40


def test_time_and_memory_bound_the_cases() -> None:
    assert affordable(4, 50.0, 0.01) == 5000
    assert affordable(4, 1e9, 0.01) == MOST_CASES
    assert affordable(12, 1e9, 0.01) < affordable(8, 1e9, 0.01) < MOST_CASES
