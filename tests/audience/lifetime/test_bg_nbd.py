from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.optimize import check_grad
from scipy.stats import beta

from zhanggui.audience.engines.lifetime.bg_nbd import BgNbd, fit_bg_nbd, likelihood_and_slope, log_likelihood
from zhanggui.audience.engines.lifetime.histories import Histories

PUBLISHED = BgNbd(r=0.243, alpha=4.414, a=0.793, b=2.426)
"""Of the authors' sample of CDNOW, as they print it."""


def one(x: float, t_x: float, age: float) -> Histories:
    return Histories(frequency=np.array([x]), recency=np.array([t_x]), age=np.array([age]))


def simulated(model: BgNbd, customers: int, age: float, later: float, seed: int) -> tuple[Histories, np.ndarray]:
    """Histories drawn from the story that the model tells, and the purchases of the time after."""
    rng = np.random.default_rng(seed)
    rate = rng.gamma(model.r, 1 / model.alpha, customers)
    leave = rng.beta(model.a, model.b, customers)
    rows, after = np.zeros((3, customers)), np.zeros(customers)
    rows[2] = age
    for customer in range(customers):
        at = 0.0
        while True:
            at += rng.exponential(1 / rate[customer])
            if at > age + later:
                break
            if at <= age:
                rows[0, customer] += 1
                rows[1, customer] = at
            else:
                after[customer] += 1
            if rng.random() < leave[customer]:
                break
    return Histories(frequency=rows[0], recency=rows[1], age=rows[2]), after


def test_the_likelihood_of_one_customer_is_the_one_worked_out_by_hand() -> None:
    # x = 1, t_x = 1, T = 2 with r = α = a = b = 1: Γ(2)·[B(1,2)/B(1,1)·(1/3)² + B(2,1)/B(1,1)·(1/2)²] = 1/18 + 1/8
    assert log_likelihood(BgNbd(r=1, alpha=1, a=1, b=1), one(1, 1, 2)) == pytest.approx(math.log(1 / 18 + 1 / 8))


def test_who_never_came_back_is_alive_and_as_likely_as_no_arrival() -> None:
    assert log_likelihood(PUBLISHED, one(0, 0, 10)) == pytest.approx(0.243 * math.log(4.414 / 14.414))
    assert PUBLISHED.alive(one(0, 0, 10)).tolist() == [1.0]


def test_the_authors_example_expects_1_226_purchases() -> None:
    assert PUBLISHED.expected(one(2, 30.43, 38.86), 39)[0] == pytest.approx(1.226, abs=5e-4)


def test_the_chance_of_being_alive_is_the_closed_form() -> None:
    odds = 0.793 / (2.426 + 2 - 1) * ((4.414 + 38.86) / (4.414 + 30.43)) ** 2.243

    assert PUBLISHED.alive(one(2, 30.43, 38.86))[0] == pytest.approx(1 / (1 + odds))


@pytest.mark.parametrize("a", [0.3, 0.99, 1.0, 1.000001, 1.5, 4.0])
@pytest.mark.parametrize(("x", "b"), [(0.0, 0.4), (0.0, 2.4), (1.0, 0.05), (7.0, 2.4), (300.0, 2.4)])
def test_the_expectation_is_the_integral_over_the_chance_to_leave(a: float, x: float, b: float) -> None:
    model, past = BgNbd(r=0.7, alpha=5.0, a=a, b=b), one(x, 20 if x else 0, 25)
    shape, u = model.r + x, 13 / (model.alpha + 25)

    def weighed(p: float) -> float:
        return float(-np.expm1(-shape * np.log1p(p * u)) / p * beta.pdf(p, a, b + x))

    by_integral, _ = quad(weighed, 0, 1, limit=400, points=[1e-6, 1e-3, 0.1, 0.9, 0.999])

    assert model.expected(past, 13.0)[0] == pytest.approx(model.alive(past)[0] * by_integral, rel=1e-4)


@pytest.mark.parametrize("theta", [(0.25, 4.8, 0.72, 2.2), (1.5, 0.3, 3.0, 0.2), (0.05, 40.0, 0.1, 9.0)])
def test_the_gradient_is_the_slope_of_the_likelihood(theta: tuple[float, ...]) -> None:
    rng = np.random.default_rng(4)
    age = rng.uniform(1, 30, 40)
    x = rng.integers(0, 5, 40).astype(float)
    past = Histories(frequency=x, recency=np.where(x > 0, rng.uniform(0, 1, 40) * age, 0), age=age)
    count = rng.integers(1, 4, 40).astype(float)

    far = check_grad(
        lambda at: likelihood_and_slope(at, past, count)[0],
        lambda at: likelihood_and_slope(at, past, count)[1],
        np.log(theta),
    )

    assert far < 1e-4


def test_a_fit_finds_the_parameters_that_made_the_histories() -> None:
    true = BgNbd(r=0.8, alpha=6.0, a=0.9, b=2.5)
    past, _ = simulated(true, 6000, 60.0, 0.0, seed=1)

    fitted = fit_bg_nbd(past)

    assert fitted.is_inside
    assert fitted.log_likelihood >= log_likelihood(true, past)
    assert fitted.log_likelihood == pytest.approx(log_likelihood(fitted.model, past))
    found = [fitted.model.r, fitted.model.alpha, fitted.model.a, fitted.model.b]
    assert found == pytest.approx([0.8, 6.0, 0.9, 2.5], rel=0.25)


def test_the_unit_of_time_changes_alpha_alone() -> None:
    past, _ = simulated(PUBLISHED, 800, 39.0, 0.0, seed=2)
    days = Histories(frequency=past.frequency, recency=past.recency * 7, age=past.age * 7)

    weekly, daily = fit_bg_nbd(past).model, fit_bg_nbd(days).model

    assert [daily.r, daily.alpha, daily.a, daily.b] == pytest.approx(
        [weekly.r, weekly.alpha * 7, weekly.a, weekly.b], rel=1e-4
    )


@pytest.mark.parametrize(("r", "alpha", "a", "b"), [(400, 400, 400, 0.01), (0.01, 0.01, 400, 400), (9, 2, 0.003, 300)])
@pytest.mark.parametrize(("x", "share"), [(0, 0.0), (3, 0.5), (900, 0.99)])
def test_parameters_at_their_bounds_still_give_numbers(
    r: float, alpha: float, a: float, b: float, x: int, share: float
) -> None:
    said = BgNbd(r=r, alpha=alpha, a=a, b=b).expected(one(x, share * 10, 10), 90.0)[0]

    assert np.isfinite(said)
    assert said >= -1e-6


def test_what_is_expected_is_what_comes_in_a_simulation() -> None:
    model = BgNbd(r=0.8, alpha=6.0, a=0.9, b=2.5)
    past, after = simulated(model, 8000, 40.0, 20.0, seed=3)

    assert model.expected(past, 20.0).sum() == pytest.approx(after.sum(), rel=0.05)
    assert model.any_purchase(past, 20.0).sum() == pytest.approx((after > 0).sum(), rel=0.05)


def test_nobody_who_came_back_is_refused_with_a_word() -> None:
    with pytest.raises(ValueError, match="nobody came back"):
        fit_bg_nbd(one(0, 0, 10))


HISTORIES = st.tuples(st.integers(0, 60), st.floats(0, 1), st.floats(0, 400))
MODELS = st.tuples(st.floats(0.05, 20), st.floats(0.1, 300), st.floats(0.05, 20), st.floats(0.05, 20))


@given(HISTORIES, MODELS, st.floats(0.1, 500))
def test_chances_are_chances_and_expectations_grow_with_time(
    history: tuple[int, float, float], theta: tuple[float, float, float, float], time: float
) -> None:
    x, share, age = history
    past, model = one(x, share * age if x else 0.0, age), BgNbd(r=theta[0], alpha=theta[1], a=theta[2], b=theta[3])

    soon, late = model.expected(past, time)[0], model.expected(past, 2 * time)[0]

    assert 0 <= model.alive(past)[0] <= 1
    assert 0 <= model.any_purchase(past, time)[0] <= model.any_purchase(past, 2 * time)[0] <= 1
    assert -1e-6 <= soon <= late * (1 + 1e-6) + 1e-6


@given(st.integers(1, 60), st.floats(0, 1), st.floats(0, 1), st.floats(1, 400), MODELS)
def test_who_was_here_lately_is_likelier_alive(
    x: int, one_share: float, other_share: float, age: float, theta: tuple[float, float, float, float]
) -> None:
    earlier, later = sorted((one_share, other_share))
    model = BgNbd(r=theta[0], alpha=theta[1], a=theta[2], b=theta[3])

    assert model.alive(one(x, earlier * age, age))[0] <= model.alive(one(x, later * age, age))[0] + 1e-12


def test_rows_that_repeat_are_counted_once_each() -> None:
    past = Histories(frequency=np.array([1.0, 0, 1, 0]), recency=np.array([2.0, 0, 2, 0]), age=np.array([5.0, 9, 5, 8]))

    rows, count = past.compressed()

    assert len(rows) == 3
    assert count.sum() == 4
    value, _ = likelihood_and_slope(np.zeros(4), rows, count)
    assert value == pytest.approx(log_likelihood(BgNbd(r=1, alpha=1, a=1, b=1), past))
