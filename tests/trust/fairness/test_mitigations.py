"""Taking groups out of taste vectors, weights for who teaches, and an even head start; and what each costs."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhanggui.kernel.privacy import Purpose
from zhanggui.trust.engines.fairness.costs import found, mean_of
from zhanggui.trust.engines.fairness.debiasing import Eraser, fit_eraser
from zhanggui.trust.engines.fairness.mitigating import balancing_weights, even_head_start, lifted, tops
from zhanggui.trust.engines.fairness.probing import probe
from zhanggui.trust.service.fairness.weighing import GroupWeights

needs_sklearn = pytest.mark.skipif("not __import__('importlib.util').util.find_spec('sklearn')", reason="no extra")
KINDS = ("gender", "age", "region")


def told_tastes(people: int = 600) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Tastes of twelve dimensions of which four tell gender, age and region."""
    rng = np.random.default_rng(5)
    codes = {
        "gender": rng.integers(0, 2, people),
        "age": rng.integers(0, 4, people),
        "region": rng.integers(0, 3, people),
    }
    vectors = rng.standard_normal((people, 12))
    vectors[:, 0] += 1.5 * codes["gender"]
    vectors[:, 1] += 0.9 * codes["age"]
    vectors[:, 2] += 1.2 * (codes["region"] == 1)
    vectors[:, 3] += 1.2 * (codes["region"] == 2)
    return vectors @ rng.standard_normal((12, 12)), codes


@needs_sklearn
@pytest.mark.parametrize("kind", KINDS)
def test_no_head_reads_a_group_off_an_erased_taste_better_than_by_chance(kind: str) -> None:
    vectors, codes = told_tastes()
    before = probe(vectors, codes[kind])

    after = probe(fit_eraser(vectors, [codes[one] for one in KINDS]).apply(vectors), codes[kind])

    assert before is not None
    assert after is not None
    assert before.tells
    assert not after.tells
    assert after.high < before.low


@needs_sklearn
def test_an_eraser_holds_for_people_whom_it_was_not_fitted_on() -> None:
    vectors, codes = told_tastes(2_000)
    eraser = fit_eraser(vectors[:1_000], [codes[one][:1_000] for one in KINDS])

    for kind in KINDS:
        left = probe(eraser.apply(vectors[1_000:]), codes[kind][1_000:])
        assert left is not None
        assert left.accuracy < left.chance + 0.06


@settings(max_examples=30)
@given(st.integers(0, 10_000), st.integers(2, 6), st.integers(20, 80))
def test_what_is_left_does_not_vary_with_the_groups_and_erasing_twice_changes_nothing(
    seed: int, wide: int, people: int
) -> None:
    rng = np.random.default_rng(seed)
    vectors, code = rng.standard_normal((people, wide)), rng.integers(-1, 2, people)
    eraser = fit_eraser(vectors, [code])

    left = eraser.apply(vectors)

    known = code >= 0
    if len(np.unique(code[known])) == 2:
        means = [left[code == one].mean(axis=0) for one in (0, 1)]
        assert np.allclose(means[0], means[1], atol=1e-6)
    assert np.allclose(eraser.apply(left), left, atol=1e-6)


def test_vectors_that_tell_nothing_of_a_group_stay_as_they_are() -> None:
    code = np.tile([0, 1], 50)
    vectors = np.repeat(np.random.default_rng(2).standard_normal((50, 4)), 2, axis=0)

    assert np.allclose(fit_eraser(vectors, [code]).apply(vectors), vectors)
    with pytest.raises(ValueError, match="100 vectors"):
        fit_eraser(vectors, [code[:3]])
    assert isinstance(fit_eraser(vectors[:0], []), Eraser)


def test_groups_of_each_size_teach_alike() -> None:
    code = np.repeat([0, 1, -1], [60, 30, 10])

    weights = balancing_weights([code])

    assert weights.mean() == pytest.approx(1)
    assert weights[:60].sum() == pytest.approx(weights[60:90].sum())
    assert balancing_weights([np.repeat([0, 1], [990, 10])]).max() < 8


def test_the_head_start_is_the_smallest_that_evens_groups_out_and_blind_to_them() -> None:
    rng = np.random.default_rng(9)
    code = np.repeat([0, 1], 40)
    marked = np.arange(30) < 6
    scores = rng.random((80, 30)) + 0.3 * np.outer(code, marked)

    start = even_head_start(scores, marked, code, k=10, pool=30, least_ratio=0.8)

    shares = [marked[tops(lifted(scores, marked, start, pool=30), 10)[code == one]].mean() for one in (0, 1)]
    assert 0 < start < 1
    assert min(shares) / max(shares) >= 0.8
    assert even_head_start(scores, marked, code, k=10, pool=30, least_ratio=0.2) == 0
    assert even_head_start(scores, marked & False, code, k=10, pool=30, least_ratio=0.8) == 0


def test_a_head_start_is_a_share_of_what_a_list_is_arranged_from() -> None:
    scores = np.array([[9.0, 5.0, 4.0, 1.0, 0.0]])

    raised = lifted(scores, np.array([False, False, False, True, True]), 0.5, pool=4)

    assert raised.tolist() == [[9.0, 5.0, 4.0, 5.0, -np.inf]]


def test_recall_and_ndcg_are_those_of_the_textbook() -> None:
    scores = np.array([[4.0, 3.0, 2.0, 1.0], [1.0, 2.0, 3.0, 4.0]])

    recall, ndcg = found(scores, [np.array([1]), np.array([0, 3])], 2)

    assert recall.tolist() == [1.0, 0.5]
    assert ndcg == pytest.approx([1 / np.log2(3), 1 / (1 + 1 / np.log2(3))])
    assert found(scores, [np.array([1]), np.array([0, 3])], 20)[0].tolist() == [1.0, 1.0]
    one = mean_of(recall)
    assert one.low < one.value == 0.75 < one.high


def test_weights_are_read_for_training_and_let_groups_teach_alike() -> None:
    class Labels:
        asked: ClassVar[list[Purpose]] = []

        def labels(self, purpose: Purpose) -> dict[str, dict[int, str]]:
            self.asked.append(purpose)
            return {"gender": {1: "female", 2: "female", 3: "female", 4: "male"}}

    weights = GroupWeights(groups=Labels()).of([1, 2, 3, 4, 9])

    assert weights[4] == pytest.approx(3 * weights[1])
    assert Labels.asked == [Purpose.TRAINING]
