from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.optimize import check_grad

from zhanggui.audience.engines.lifetime.gamma_gamma import GammaGamma, fit_gamma_gamma, likelihood_and_slope

PUBLISHED = GammaGamma(p=6.25, q=3.74, gamma=15.44)


def test_the_authors_customers_are_worth_35_each_and_what_they_spent_in_between() -> None:
    # p γ / (q - 1) = 6.25 × 15.44 / 2.74; then with x = 2 and a mean of 22.35: 6.25 × (15.44 + 44.70) / (12.5 + 2.74)
    assert PUBLISHED.mean == pytest.approx(35.219, abs=1e-3)
    assert PUBLISHED.expected(np.array([0.0, 2.0]), np.array([99.0, 22.35])).tolist() == pytest.approx(
        [35.219, 24.664], abs=1e-3
    )


def test_the_likelihood_of_one_purchase_is_the_one_worked_out_by_hand() -> None:
    # p = q = γ = 1, one purchase of 1: 1 / B(1, 1) · (1/2) · (1/2)
    assert likelihood_and_slope(np.zeros(3), np.ones(1), np.ones(1))[0] == pytest.approx(math.log(0.25))


def test_the_likelihood_is_a_density() -> None:
    log_theta = np.log([2.5, 3.0, 10.0])

    total, _ = quad(
        lambda z: math.exp(likelihood_and_slope(log_theta, np.array([3.0]), np.array([z]))[0]), 1e-9, np.inf
    )

    assert total == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize("theta", [(6.25, 3.74, 15.44), (0.4, 0.8, 200.0), (30.0, 9.0, 1.0)])
def test_the_gradient_is_the_slope_of_the_likelihood(theta: tuple[float, ...]) -> None:
    rng = np.random.default_rng(1)
    x, z = rng.integers(1, 9, 40).astype(float), rng.uniform(1, 80, 40)

    far = check_grad(
        lambda at: likelihood_and_slope(at, x, z)[0], lambda at: likelihood_and_slope(at, x, z)[1], np.log(theta)
    )

    assert far < 2e-3


def test_a_fit_finds_the_parameters_that_made_the_values_whatever_the_currency() -> None:
    rng = np.random.default_rng(2)
    scale = rng.gamma(4.0, 1 / 20.0, 8000)
    x = rng.integers(1, 8, 8000).astype(float)
    z = rng.gamma(3.0 * x, 1 / scale) / x

    fitted, minor = fit_gamma_gamma(x, z), fit_gamma_gamma(x, z * 100)

    assert [fitted.model.p, fitted.model.q, fitted.model.gamma] == pytest.approx([3, 4, 20], rel=0.15)
    assert minor.model.gamma == pytest.approx(fitted.model.gamma * 100, rel=1e-3)
    assert minor.log_likelihood == pytest.approx(fitted.log_likelihood - 8000 * math.log(100))


def test_without_a_finite_mean_those_who_came_back_still_have_one() -> None:
    values = GammaGamma(p=2.0, q=0.9, gamma=3.0).expected(np.array([0.0, 1.0]), np.array([0.0, 8.0]))

    assert values.tolist() == [math.inf, pytest.approx(2 * 11 / 1.9)]


@given(st.integers(1, 99), st.floats(0.01, 1e6))
def test_the_value_lies_between_the_customers_mean_and_everybodys(x: int, mean: float) -> None:
    low, high = sorted((mean, PUBLISHED.mean))

    said = PUBLISHED.expected(np.array([float(x)]), np.array([mean]))[0]

    assert low * (1 - 1e-9) <= said <= high * (1 + 1e-9)


def test_nothing_to_learn_from_is_refused_with_a_word() -> None:
    with pytest.raises(ValueError, match="nobody came back"):
        fit_gamma_gamma(np.array([0.0, 1.0]), np.array([5.0, 0.0]))
