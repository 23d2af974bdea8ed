from __future__ import annotations

import numpy as np
import pytest

from zhanggui.audience.engines.propensity.judging import judge
from zhanggui.audience.engines.propensity.model_check import Proof, by_luck, check_model

RNG = np.random.default_rng(0)
TRUTH = RNG.uniform(0.02, 0.9, 2000)
CAME = RNG.random(2000) < TRUTH
NOISE = np.clip(TRUTH + RNG.normal(0, 0.25, 2000), 0.01, 0.99)
FLAT = np.full(2000, CAME.mean())


def proof(**by: np.ndarray) -> Proof:
    known = {"ours": TRUTH, "recency": NOISE, "lifetime": NOISE, "present": None, "came": CAME}
    return Proof(**{**known, **by})  # type: ignore[arg-type]


def test_a_model_that_tells_the_truth_serves() -> None:
    reason, figures, metrics = check_model(proof())

    assert reason == ""
    assert figures.auc == metrics["auc"] > metrics["auc_recency"]
    assert metrics["gain_recency_low"] > 0


@pytest.mark.parametrize(
    ("by", "reason"),
    [
        ({"ours": NOISE, "recency": TRUTH}, "worse_than_recency"),
        ({"ours": NOISE, "lifetime": TRUTH}, "no_better_than_lifetime"),
        ({"ours": FLAT, "recency": FLAT, "lifetime": FLAT}, "no_better_than_lifetime"),
        ({"ours": NOISE, "present": TRUTH}, "worse_than_present"),
        ({"ours": TRUTH**3, "recency": 1 - TRUTH, "lifetime": 1 - TRUTH}, "miscalibrated"),
    ],
)
def test_a_model_that_is_clearly_worse_or_does_not_come_true_is_refused(by: dict[str, np.ndarray], reason: str) -> None:
    assert check_model(proof(**by))[0] == reason


def test_a_difference_that_chance_could_make_refuses_nothing() -> None:
    assert check_model(proof(present=np.clip(TRUTH + 1e-4, 0, 1)))[0] == ""


def test_the_error_that_luck_alone_makes_is_that_of_a_simulation() -> None:
    chance = np.repeat(np.linspace(0.05, 0.6, 10), 100)
    rng = np.random.default_rng(1)
    seen = [judge(chance, rng.random(1000) < chance).ece for _ in range(200)]

    assert by_luck(judge(chance, rng.random(1000) < chance)) == pytest.approx(np.mean(seen), rel=0.1)
