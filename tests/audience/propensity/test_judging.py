from __future__ import annotations

import numpy as np
import pytest

from zhanggui.audience.engines.propensity.judging import auc, deciles, gain, judge, reliability

CAME = np.array([False, False, True, True])


def test_auc_counts_pairs_and_halves_ties() -> None:
    assert auc(np.array([0.1, 0.4, 0.35, 0.8]), CAME) == 0.75
    assert auc(np.array([0.1, 0.4, 0.4, 0.8]), CAME) == 0.875
    assert auc(np.full(4, 0.3), CAME) == 0.5
    assert auc(np.full(2, 0.3), np.array([True, True])) == 0.5


def test_the_brier_score_is_the_mean_squared_distance() -> None:
    assert judge(np.array([0.0, 0.5, 1.0, 0.5]), CAME).brier == (0 + 0.25 + 0 + 0.25) / 4


def test_chances_that_come_true_have_no_error_and_others_have_theirs() -> None:
    came = np.arange(100) % 10 < 3

    assert judge(np.full(100, 0.3), came).ece == pytest.approx(0)
    assert judge(np.full(100, 0.5), came).ece == pytest.approx(0.2)


def test_equal_chances_are_never_parted() -> None:
    bins = reliability(np.repeat([0.1, 0.2, 0.9], [50, 45, 5]), np.zeros(100, dtype=bool))

    assert [(one.people, round(one.said, 3)) for one in bins] == [(50, 0.1), (50, 0.27)]


def test_ten_bins_hold_everybody_once() -> None:
    bins = reliability(np.linspace(0, 1, 1003), np.zeros(1003, dtype=bool))

    assert len(bins) == 10
    assert sum(one.people for one in bins) == 1003
    assert all(one.low <= one.came <= one.high for one in bins)


def test_a_bin_has_wilsons_interval_of_what_came() -> None:
    (one,) = reliability(np.full(10, 0.2), np.arange(10) < 2)

    assert (one.low, one.high) == pytest.approx((0.0567, 0.5098), abs=1e-3)


def test_a_paired_gain_has_an_interval_around_its_mean() -> None:
    worse, better = np.linspace(0.2, 0.4, 200), np.linspace(0.1, 0.3, 200)

    seen = gain(worse, better, seed=0)

    assert [seen.value, seen.low, seen.high] == pytest.approx([0.1, 0.1, 0.1])


def test_deciles_hold_means_of_what_was_foretold_and_what_came() -> None:
    told = np.repeat(np.arange(10.0), 4)
    came = np.repeat(np.arange(10.0), 4) + np.tile([0.0, 1.0, 1.0, 2.0], 10)

    found = deciles(told, came)

    assert [(one.people, one.said, one.came) for one in found] == [(4, float(n), n + 1.0) for n in range(10)]
    spread = 1.96 * (0.5**0.5) / 2  # of 0, 1, 1, 2 the standard deviation is √½, of the mean of four half of it
    assert (found[3].low, found[3].high) == (pytest.approx(4 - spread), pytest.approx(4 + spread))
