from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.kernel.logistic import fit_logistic, sigmoid


@given(st.floats(-1e300, 1e300))
def test_a_chance_is_one_whatever_is_asked_and_its_opposite_makes_it_whole(value: float) -> None:
    chance, opposite = sigmoid(np.array([value, -value]))

    assert 0 < chance <= 1
    assert chance + opposite == pytest.approx(1)


def test_the_weights_that_made_the_cases_are_found_again() -> None:
    rng = np.random.default_rng(0)
    design = np.column_stack([rng.normal(size=20_000), np.ones(20_000)])
    came = rng.random(20_000) < sigmoid(design @ np.array([0.8, -1.2]))

    found = fit_logistic(design, came, start=np.zeros(2), around=np.zeros(2))

    assert found == pytest.approx([0.8, -1.2], abs=0.05)


def test_cases_that_are_parted_altogether_do_not_run_away() -> None:
    design = np.array([[-1.0, 1.0], [1.0, 1.0]])

    found = fit_logistic(design, np.array([False, True]), start=np.zeros(2), around=np.zeros(2))

    assert 3 < found[0] < 10
    assert found[1] == pytest.approx(0, abs=1e-6)
