"""Shares by group: intervals that know that a person counts more than once, and gaps beyond chance."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhanggui.trust.engines.fairness.second_opinion import agrees
from zhanggui.trust.engines.fairness.shares import GroupCount, counted, deviations, widest


def a_group(hits: int, of: int) -> GroupCount:
    return GroupCount(people=of, hits=hits, of=of, effective=float(of))


def test_wilsons_interval_is_that_of_the_textbook() -> None:
    low, high = a_group(81, 263).interval(1.959963984540054)

    assert (round(low, 4), round(high, 4)) == (0.2553, 0.3662)  # Newcombe 1998, table I, method 3


def test_a_person_with_many_alike_lists_is_hardly_more_than_one_case() -> None:
    hits, of = np.array([10, 0] * 20), np.full(40, 10)
    (found,) = counted(hits, of, np.zeros(40, dtype=np.int64), 1)

    assert (found.people, found.hits, found.of) == (40, 200, 400)
    assert found.effective == pytest.approx(39, abs=0.5)


def test_cases_that_are_independent_count_each() -> None:
    rng = np.random.default_rng(3)
    hits = rng.binomial(10, 0.3, 4000)
    (found,) = counted(hits, np.full(4000, 10), np.zeros(4000, dtype=np.int64), 1)

    assert found.effective == pytest.approx(40_000, rel=0.06)


def test_an_interval_covers_the_truth_in_95_of_100_clustered_samples() -> None:
    rng = np.random.default_rng(7)
    covered = 0
    for _ in range(400):
        rate = rng.beta(2, 6, 150)
        of = rng.integers(1, 12, 150)
        (found,) = counted(rng.binomial(of, rate), of, np.zeros(150, dtype=np.int64), 1)
        low, high = found.interval(deviations())
        covered += low <= 0.25 <= high

    assert 0.92 <= covered / 400 <= 0.98


def test_groups_that_are_alike_show_a_gap_in_few_of_many_samples() -> None:
    rng = np.random.default_rng(11)
    seen = 0
    for _ in range(300):
        code = np.repeat(np.arange(4), 60)
        of = rng.integers(1, 9, 240)
        gap = widest(counted(rng.binomial(of, 0.4), of, code, 4))
        assert gap is not None
        seen += gap.low > 0

    assert seen / 300 <= 0.05


def test_nobody_and_no_gap() -> None:
    nothing = np.zeros(0, dtype=np.int64)
    assert counted(nothing, nothing, nothing, 2)[0].people == 0
    assert widest([a_group(3, 9)]) is None


def test_people_of_no_group_and_with_nothing_to_count_are_left_out() -> None:
    found = counted(np.array([1, 1, 0, 0]), np.array([2, 2, 0, 2]), np.array([0, -1, 0, 1]), 2)

    assert [(one.people, one.hits, one.of) for one in found] == [(1, 1, 2), (1, 0, 2)]


@settings(max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 50)), min_size=2, max_size=5))
def test_fairlearn_finds_the_same_gaps(groups: list[tuple[int, int]]) -> None:
    pytest.importorskip("fairlearn", reason="the extra `fairness` is not installed")
    told = [a_group(min(hits, of), of) for hits, of in groups]
    gap = widest(told)

    assert gap is not None
    if any(one.hits for one in told):  # of nothing at all fairlearn's ratio is no number
        assert agrees(told, gap.value, gap.ratio, 1e-9)
        assert not agrees(told, gap.value + 0.01, gap.ratio, 1e-9)


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 30)), min_size=2, max_size=6))
def test_a_gap_lies_in_its_interval_and_needs_no_order(groups: list[tuple[int, int]]) -> None:
    told = [a_group(min(hits, of), of) for hits, of in groups]
    gap, turned = widest(told), widest(told[::-1])

    assert gap is not None
    assert turned is not None
    assert gap.low <= gap.value <= gap.high
    assert math.isclose(gap.value, turned.value)
    assert 0 <= gap.ratio <= 1
