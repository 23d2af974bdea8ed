from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.audience.engines.propensity.calibration import FITS, METHODS, Calibration, Method, calibrate
from zhanggui.kernel.logistic import sigmoid


def cases(seed: int, n: int, truth: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Margins, the chances behind them, and what happened."""
    rng = np.random.default_rng(seed)
    margins = rng.normal(-1, 1.5, n)
    chance = sigmoid(0.5 * margins - 0.7) if truth == "line" else np.where(margins > 0.5, 0.7, 0.1)
    return margins, chance, rng.random(n) < chance


def test_a_line_through_log_odds_is_found_again() -> None:
    margins, chance, came = cases(1, 20_000, "line")

    found = calibrate(margins, came)

    assert found.method == "platt"
    assert found.numbers.tolist() == pytest.approx([0.5, -0.7], abs=0.06)
    assert np.abs(found.chances(margins) - chance).max() < 0.03


def test_what_no_line_can_say_is_left_to_steps() -> None:
    margins, chance, came = cases(2, 20_000, "steps")

    found = calibrate(margins, came)

    assert found.method == "isotonic"
    assert np.abs(found.chances(margins) - chance).mean() < 0.02


@pytest.mark.parametrize("method", METHODS)
@given(seed=st.integers(0, 10_000), n=st.integers(30, 200))
def test_no_map_ever_turns_the_order_around_or_leaves_the_chances(method: Method, seed: int, n: int) -> None:
    margins, _, came = cases(seed, n, "line")
    came[:2] = [True, False]

    map_ = Calibration(method=method, numbers=FITS[method](margins, came))
    said = map_.chances(np.linspace(-9, 9, 50))

    assert np.all(np.diff(said) >= -1e-12)
    assert np.all((said >= 0) & (said <= 1))


def test_no_step_says_never_or_always() -> None:
    margins, came = np.linspace(-3, 3, 40), np.arange(40) >= 20

    said = Calibration(method="isotonic", numbers=FITS["isotonic"](margins, came)).chances(margins)

    assert 0 < said.min() < said.max() < 1


def test_one_kind_of_case_alone_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing or everything"):
        calibrate(np.zeros(5), np.zeros(5, dtype=bool))
