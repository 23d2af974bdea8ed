"""What `auto` and its blends promise on any behaviour."""

from __future__ import annotations

import itertools
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.recommend.evaluations import a_log, a_task, quiet

from zhanggui.recommend.engines.evaluation.protocols import given_test, leave_one_out
from zhanggui.recommend.engines.interactions import Interactions
from zhanggui.recommend.engines.learners.auto import Auto, FittedAuto
from zhanggui.recommend.engines.learners.base import Cost, Fitted, Limits, OnStep
from zhanggui.recommend.engines.learners.blending import FittedBlend, Panel, gather, learn_weights, scale_of
from zhanggui.recommend.engines.learners.candidates import Candidate
from zhanggui.recommend.engines.learners.plain import Popular
from zhanggui.recommend.engines.learners.walks import Walks


def a_circle(people: int, *, ordered: bool) -> Interactions:
    """Person n takes the four products from n on, round a circle of ten."""
    rows = [(n, 1 + (n + step) % 10, step if ordered else 0) for n in range(people) for step in range(4)]
    return a_log(rows, size=11)


def chosen(auto: Auto, train: Interactions) -> FittedAuto:
    return auto.fit(train, rng=np.random.default_rng(0), on_step=quiet)


class Oracle:
    """Says what it was told, whatever the history."""

    def __init__(self, *scores: float, name: str = "oracle", seconds: float = 0.0, bytes_: int = 0) -> None:
        self._scores = np.array([scores], dtype=np.float32)
        self.name = name
        self._cost = Cost(seconds=seconds, bytes=bytes_)

    def cost(self, train: Interactions) -> Cost:
        return self._cost

    def fit(self, train: Interactions, *, rng: np.random.Generator, on_step: OnStep) -> Fitted:
        return self

    def score(self, histories: Interactions, people: int) -> np.ndarray:
        return np.repeat(self._scores, people, axis=0)


@pytest.mark.parametrize("ordered", [True, False])
def test_what_goes_with_a_history_is_found_with_and_without_order(ordered: bool) -> None:
    fitted = chosen(Auto(k=3), a_circle(60, ordered=ordered))

    scores = fitted.score(a_log([(0, 4, 0), (0, 5, 1 if ordered else 0)], size=11), 1)

    assert {3, 6} & set(np.argsort(-scores[0])[:4])
    assert fitted.card.protocol == ("leave-one-out" if ordered else "given-test")


@settings(max_examples=15, deadline=None)
@given(
    rows=st.lists(st.tuples(st.integers(0, 4), st.integers(1, 5), st.integers(0, 3)), max_size=14),
    strength=st.sampled_from([1.0, -1.0]),
)
def test_any_log_however_small_is_answered(rows: list[tuple[int, int, float]], strength: float) -> None:
    log = a_log(rows, size=6, strengths=[strength] * len(rows))

    scores = chosen(Auto(k=5), log).score(a_log([(0, 1, 0)], size=6), 2)

    assert scores.shape == (2, 6)
    assert not np.isnan(scores[:, 1:]).any()


def test_the_same_seed_gives_the_same_answer() -> None:
    log = a_circle(40, ordered=True)

    first, again = (chosen(Auto(k=5), log).score(log.where(log.person < 3), 3) for _ in range(2))

    np.testing.assert_array_equal(first, again)


def test_what_does_not_fit_the_budget_is_not_fitted_and_the_card_says_why() -> None:
    slow, large = Oracle(0, 1, name="slow", seconds=1e6), Oracle(0, 1, name="large", bytes_=10**12)
    candidates = tuple(Candidate(learner=one) for one in (Popular(), slow, large))

    card = chosen(Auto(candidates=candidates, limits=Limits(seconds=60, bytes=10**9)), a_circle(20, ordered=True)).card

    assert [(one.name, one.quality is None) for one in card.tried] == [
        ("popularity", False),
        ("slow", True),
        ("large", True),
    ]
    assert "s more" in card.tried[1].reason
    assert "1000.0 GB" in card.tried[2].reason
    assert "2 did not fit the budget" in card.reason


def test_a_clock_that_runs_ahead_leaves_time_for_the_first_only() -> None:
    ticks = iter(range(0, 10**6, 50))
    candidates = (Candidate(learner=Popular()), Candidate(learner=Walks()))

    auto = Auto(candidates=candidates, limits=Limits(seconds=100), clock=lambda: float(next(ticks)))

    assert [one.quality is None for one in chosen(auto, a_circle(20, ordered=True)).card.tried] == [False, True]


class Ticking:
    """A clock that goes on only when learners work."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_time_to_learn_from_everything_is_kept_free_of_other_candidates() -> None:
    clock = Ticking()
    fits: list[tuple[str, int]] = []

    class Working(Oracle):
        def fit(self, train: Interactions, *, rng: np.random.Generator, on_step: OnStep) -> Fitted:
            clock.now += 10.0
            fits.append((self.name, len(train)))
            return self

    log = a_circle(30, ordered=False)
    task = given_test(log, a_log([(0, 9, 0)], size=11))
    candidates = tuple(Candidate(learner=Working(*range(11), name=f"n{n}", seconds=10)) for n in range(9))

    auto = Auto(task=task, candidates=candidates, limits=Limits(seconds=70), clock=clock)
    card = chosen(auto, task.train).card

    assert [one.quality is None for one in card.tried] == [False] * 3 + [True] * 6
    assert fits[-1] == ("n0", len(log))
    assert card.seconds <= 70


def test_a_busy_machine_learns_the_same_however_long_it_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    candidates = (Candidate(learner=Popular()), Candidate(learner=Walks()))
    ticks = itertools.count(0, 10**9)
    monkeypatch.setattr(time, "monotonic", lambda: float(next(ticks)))
    monkeypatch.setattr(time, "perf_counter", lambda: float(next(ticks)))
    auto = Auto(candidates=candidates, limits=Limits(seconds=5000), clock=Ticking())

    tried = chosen(auto, a_circle(20, ordered=True)).card.tried

    assert [one.quality is None for one in tried] == [False, False]


def test_a_task_in_which_validation_was_never_trained_on_is_not_learned_twice() -> None:
    task = leave_one_out(a_circle(30, ordered=True))
    fits: list[int] = []

    class Counted(Oracle):
        def fit(self, train: Interactions, *, rng: np.random.Generator, on_step: OnStep) -> Fitted:
            fits.append(len(train))
            return self

    chosen(Auto(task=task, candidates=(Candidate(learner=Counted(*range(11))),)), task.train)

    assert fits == [len(task.train)]


def test_weights_learned_on_a_part_are_used_with_models_of_all() -> None:
    log = a_circle(30, ordered=False)
    task = given_test(log, a_log([(0, 9, 0)], size=11))
    fits: list[int] = []

    class Counted(Oracle):
        def fit(self, train: Interactions, *, rng: np.random.Generator, on_step: OnStep) -> Fitted:
            fits.append(len(train))
            return self

    chosen(Auto(task=task, candidates=(Candidate(learner=Counted(*range(11))),)), task.train)

    assert fits[0] < len(log)
    assert fits[1:] == [len(log)]


def test_a_model_that_says_nothing_gets_no_weight() -> None:
    knows = Oracle(0, 1, 5, 4, 3, 2)
    guesses = Oracle(0, 9, 1, 2, 3, 4)
    task = a_task([[2], [2, 3], [3]], size=6)

    weights = learn_weights(gather([guesses, knows], task), np.ones(2), k=3)

    assert weights.tolist() == [0.0, 1.0]


def test_all_that_was_taken_is_among_the_candidates_however_deep() -> None:
    task = a_task([[5], [1, 4]], size=6)

    panel = gather([Oracle(0, 5, 4, 3, 2, 1)], task, depth=1)

    assert panel.scores[panel.taken, 0].tolist() == [1.0, 5.0, 2.0]
    assert np.diff(panel.starts).tolist() == [2, 2]


def test_seen_products_are_no_candidates_where_they_are_not_kept() -> None:
    task = a_task([[3]], histories=[[1]], size=6, keep_seen=False)

    panel = gather([Oracle(0, 5, 4, 3, 2, 1)], task, depth=2)

    assert panel.scores[:, 0].tolist() == [4.0, 3.0]


def test_quality_is_ndcg_worked_by_hand() -> None:
    panel = Panel(
        scores=np.array([[3.0], [2.0], [1.0]], dtype=np.float32),
        starts=np.array([0, 3]),
        taken=np.array([False, True, True]),
    )

    best = 1 + 1 / np.log2(3)
    assert panel.quality(np.ones(1), 3)[0] == pytest.approx((1 / np.log2(3) + 1 / 2) / best)
    assert panel.quality(np.ones(1), 1)[0] == 0.0


def test_the_size_of_a_model_that_names_few_products_is_that_of_the_least_it_names() -> None:
    """It was taken for 1, so that beside habits nothing could be brought in without drowning them."""
    task = leave_one_out(a_circle(10, ordered=True))
    few, dense, silent = [0.0] * 8 + [0.2, 0.4, 0.1], [0.0, *np.arange(10, 0, -1)], [0.0] * 11

    sizes = [scale_of(Oracle(*scores), task) for scores in (few, dense, silent)]

    assert sizes == pytest.approx([0.1, 1.0, 1.0])


def test_a_blend_is_the_weighted_sum_of_its_parts() -> None:
    blend = FittedBlend(parts=(Oracle(0, 1, 2), Oracle(0, 10, 30)), weights=(2.0, 0.5))

    assert blend.score(a_log([], size=3), 2).tolist() == [[0, 7, 19], [0, 7, 19]]


def test_a_cheap_method_is_tried_before_time_is_kept_for_the_second_stage() -> None:
    """600 cases keep 6 s for ordering: a method of 1 s a fit is worth more than that, one of 4 s is not."""
    scores = tuple(float(product == 1) for product in range(11))
    candidates = [
        Candidate(learner=Oracle(*scores, name=name, seconds=seconds))
        for name, seconds in (("first", 0.0), ("cheap", 1.0), ("dear", 4.0))
    ]
    limits = Limits(seconds=9.0, bytes=10**9)

    auto = Auto(limits=limits, candidates=tuple(candidates), clock=lambda: 0.0)
    first, cheap, dear = chosen(auto, a_circle(600, ordered=True)).card.tried

    assert first.quality is not None
    assert cheap.quality is not None
    assert dear.quality is None
    assert dear.reason.startswith("would take about")
