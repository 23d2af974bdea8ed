"""When `auto` tries networks, and when it keeps them."""

from __future__ import annotations

import numpy as np
import pytest
from tests.recommend.evaluations import a_log, quiet
from tests.recommend.neural.networks import NEEDS_TORCH, a_round

from zhanggui.recommend.engines.evaluation.protocols import leave_one_out
from zhanggui.recommend.engines.interactions import Interactions
from zhanggui.recommend.engines.learners import candidates
from zhanggui.recommend.engines.learners.auto import Auto
from zhanggui.recommend.engines.learners.base import Limits
from zhanggui.recommend.engines.learners.candidates import Candidate, candidates_for
from zhanggui.recommend.engines.learners.named import NEURAL
from zhanggui.recommend.engines.learners.neural.descent import Pace
from zhanggui.recommend.engines.learners.neural.sasrec import Sasrec
from zhanggui.recommend.engines.learners.neural.transformer import Shape
from zhanggui.recommend.engines.learners.plain import Popular


def tried(log: Interactions) -> set[str]:
    return {candidate.learner.name for candidate in candidates_for(log)} & set(NEURAL)


def a_shop(*, people: int, length: int, products: int, ordered: bool) -> Interactions:
    draw = np.random.default_rng(0)
    taken = draw.integers(1, products + 1, (people, length))
    rows = [(n, int(taken[n, day]), day if ordered else 0) for n in range(people) for day in range(length)]
    return a_log(rows, size=products + 1)


@pytest.mark.parametrize(
    ("installed", "length", "products", "ordered", "expected"),
    [
        (True, 10, 500, True, {"sasrec"}),
        (True, 10, 500, False, {"mult-vae", "rec-vae", "apr"}),
        (True, 4, 500, True, set()),
        (True, 10, 5000, True, set()),
        (False, 10, 500, True, set()),
    ],
)
def test_networks_are_tried_where_they_are_installed_and_histories_are_long_and_dense(
    monkeypatch: pytest.MonkeyPatch,
    installed: bool,
    length: int,
    products: int,
    ordered: bool,
    expected: set[str],
) -> None:
    monkeypatch.setattr(candidates, "is_installed", lambda: installed)
    monkeypatch.setattr(candidates, "_LEAST_EVENTS", 1000)

    assert tried(a_shop(people=800, length=length, products=products, ordered=ordered)) == expected


def test_a_network_that_gains_on_validation_is_kept_and_a_card_says_so() -> None:
    pytest.importorskip("torch", reason=NEEDS_TORCH)
    task = leave_one_out(a_round(200))
    network = Sasrec(
        shape=Shape(width=16, blocks=1, heads=2, furthest=8),
        negatives=16,
        places=128,
        pace=Pace(step=1e-2, epochs=6, averaged=0.9),
    )
    auto = Auto(
        task=task,
        k=5,
        candidates=(Candidate(learner=Popular()), Candidate(learner=network)),
        limits=Limits(seconds=600),
        clock=lambda: 0.0,
    )

    card = auto.fit(task.train, rng=np.random.default_rng(0), on_step=quiet).card

    popular, kept = card.tried
    assert kept.quality is not None
    assert popular.quality is not None
    assert kept.quality > 2 * popular.quality
    assert kept.weight > 0.5
    assert "sasrec" in card.reason
