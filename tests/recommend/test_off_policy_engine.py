"""Off-policy estimates: against hand-worked figures, against brute force, and whether their intervals hold."""

from __future__ import annotations

import math

import numpy as np
import pytest

from zhanggui.recommend.engines.off_policy import Logged, estimate
from zhanggui.recommend.engines.quality import Shown, places_taken


def logged(reward: list[float], propensity: list[float], target: list[float], **more: object) -> Logged:
    columns = {"reward": reward, "propensity": propensity, "target": target}
    held = {name: np.array(values, dtype=np.float64) for name, values in columns.items()}
    return Logged(**held, cluster=np.arange(len(reward)), **more)  # type: ignore[arg-type]


def test_the_estimates_are_those_of_a_hand() -> None:
    found = estimate(logged([1, 0, 1, 0], [0.5, 0.5, 0.25, 0.25], [1.0, 0.0, 0.5, 0.5]))

    # weights 2, 0, 2, 2
    assert found.on_policy.value == 0.5
    assert found.ips.value == pytest.approx((2 + 2) / 4)
    assert found.snips.value == pytest.approx(4 / 6)
    assert found.effective == pytest.approx(6**2 / 12)
    # guesses are the means of the other rows: 1/3, 2/3, 1/3, 2/3
    parts = [1 / 3 + 2 * (1 - 1 / 3), 2 / 3, 1 / 3 + 2 * (1 - 1 / 3), 2 / 3 + 2 * (0 - 2 / 3)]
    assert found.dr.value == pytest.approx(np.mean(parts))
    error = np.std([2, 0, 2, 0], ddof=1) / math.sqrt(4)
    assert (found.ips.low, found.ips.high) == pytest.approx((1 - 1.959964 * error, 1 + 1.959964 * error))


def test_weights_are_cut_and_it_is_told() -> None:
    found = estimate(logged([1, 1], [0.001, 1.0], [1.0, 1.0]), most_weight=10)

    assert (found.ips.value, found.clipped) == (pytest.approx(5.5), 0.5)


def test_a_perfect_guess_makes_the_doubly_robust_estimate_exact() -> None:
    reward = np.array([0.2, 0.4, 0.2])
    found = estimate(
        logged([0.2, 0.4, 0.2], [0.3, 0.7, 0.3], [0.5, 0.5, 0.5], guess=reward, guess_target=np.full(3, 0.3))
    )

    assert (found.dr.value, found.dr.low, found.dr.high) == pytest.approx((0.3, 0.3, 0.3))


def test_intervals_hold_the_true_value_as_often_as_they_say() -> None:
    rates, shown, wanted = np.array([0.1, 0.3, 0.6]), np.array([0.6, 0.3, 0.1]), np.array([0.1, 0.2, 0.7])
    truth, rng = float(rates @ wanted), np.random.default_rng(3)
    held = dict.fromkeys(("ips", "snips", "dr"), 0)
    for _ in range(300):
        arm = rng.choice(3, size=400, p=shown)
        found = estimate(
            Logged(
                reward=(rng.random(400) < rates[arm]).astype(np.float64),
                propensity=shown[arm],
                target=wanted[arm],
                cluster=np.arange(400),
                guess=rates[arm] * 0.8,  # a wrong model: the estimate stays right
                guess_target=np.full(400, truth * 0.8),
            )
        )
        for name in held:
            value = getattr(found, name)
            held[name] += value.low <= truth <= value.high

    assert all(0.9 <= count / 300 <= 0.99 for count in held.values()), held


def test_rows_of_one_shopper_are_no_independent_evidence() -> None:
    one = logged([1, 0, 1, 0], [1, 1, 1, 1], [1, 1, 1, 1])
    twice = Logged(
        reward=np.tile(one.reward, 2),
        propensity=np.tile(one.propensity, 2),
        target=np.tile(one.target, 2),
        cluster=np.tile(one.cluster, 2),
    )

    assert estimate(twice).ips.high == pytest.approx(estimate(one).ips.high)


@pytest.mark.parametrize(("propensity", "target"), [(0.0, 0.5), (1.2, 0.5), (0.5, -0.1), (0.5, 1.1)])
def test_chances_that_cannot_be_are_refused(propensity: float, target: float) -> None:
    with pytest.raises(ValueError, match="Propensities must"):
        logged([1.0], [propensity], [target])


def test_a_place_is_taken_only_by_its_own_shopper_product_and_time() -> None:
    shown = Shown(
        list=np.array([0, 0, 1]), person=np.array([1, 1, 2]), product=np.array([5, 6, 5]), at_ms=np.array([10, 10, 10])
    )

    taken = places_taken(shown, np.array([1, 2, 1]), np.array([5, 6, 6]), np.array([15, 12, 40]), within_ms=20)

    assert taken.tolist() == [True, False, False]
