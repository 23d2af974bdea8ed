"""Taking groups out of taste vectors, weights for who teaches, and an even head start; and what each costs."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhanggui.kernel.privacy import Purpose
from zhanggui.trust.engines.fairness.adversarial import fit_adversarial
from zhanggui.trust.engines.fairness.costs import found, mean_of
from zhanggui.trust.engines.fairness.debiasing import Eraser, fit_eraser
from zhanggui.trust.engines.fairness.mitigating import balancing_weights, even_head_start, lifted, tops
from zhanggui.trust.engines.fairness.probing import HEADS, Probe, dealt, probe
from zhanggui.trust.engines.fairness.ranks import ranked
from zhanggui.trust.service.fairness.reading_off import Fit, mildest, read_off
from zhanggui.trust.service.fairness.weighing import GroupWeights
from zhanggui.trust.types.fairness import held_off

needs_sklearn = pytest.mark.skipif("not __import__('importlib.util').util.find_spec('sklearn')", reason="no extra")
Planted = Callable[[np.random.Generator], tuple[np.ndarray, np.ndarray]]
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


def worst(vectors: np.ndarray, code: np.ndarray, folds: list[np.ndarray], fit: Fit) -> Probe:
    """The reader that reads best of what is told of people whom neither it nor `fit` has seen."""
    rest = [np.setdiff1d(np.arange(len(vectors)), part) for part in folds]
    told = [fit(vectors[known], [code[known]]).told(vectors) for known in rest]
    return max(probe(told, code, folds), key=lambda one: one.auc - one.chance)


def spread_unlike(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    vectors, code = rng.standard_normal((200, 6)), rng.integers(0, 2, 200)
    vectors[code == 1, 0] *= 4
    return vectors, code


def in_opposite_corners(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    vectors = rng.standard_normal((200, 6))
    return vectors, (vectors[:, 0] * vectors[:, 1] > 0).astype(np.int64)


def few_and_repeated(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """25 tastes that some eight people each share, each mostly of one group."""
    kinds, of = rng.standard_normal((25, 6)), rng.integers(0, 25, 200)
    return kinds[of], ((kinds[of, 0] > 0) ^ (rng.random(200) < 0.1)).astype(np.int64)


@needs_sklearn
@pytest.mark.parametrize("planted", [spread_unlike, in_opposite_corners, few_and_repeated])
def test_no_head_reads_off_people_whom_it_has_not_seen_what_the_closed_form_leaves(planted: Planted) -> None:
    vectors, code = planted(np.random.default_rng(3))
    folds = dealt(len(vectors))

    assert worst(vectors, code, folds, fit_eraser).tells
    assert not worst(vectors, code, folds, fit_adversarial).tells


@needs_sklearn
def test_no_head_reads_any_of_three_kinds_off_people_whom_it_has_not_seen() -> None:
    vectors, codes = told_tastes(200)

    before = read_off(vectors, codes, 10)
    _, after = mildest(vectors, codes, 10)

    assert [(one.kind, one.head) for one in after] == [(kind, head) for kind in KINDS for head in HEADS]
    assert held_off(before) is False
    assert held_off(after) is True
    assert held_off(()) is None


def test_what_tells_nothing_mostly_loses_nothing_beyond_the_closed_form() -> None:
    rng, same = np.random.default_rng(11), 0
    for _ in range(8):
        vectors, code = rng.standard_normal((100, 5)), rng.integers(0, 2, 100)
        same += np.allclose(fit_adversarial(vectors, [code]).removal, fit_eraser(vectors, [code]).removal)

    assert same >= 5  # four of five in the mean


def test_the_area_is_that_of_counting_pairs_and_its_error_that_of_delong() -> None:
    rng = np.random.default_rng(1)
    score, code = rng.integers(0, 6, 60).astype(float), rng.integers(0, 2, 60)
    ours, others = score[code == 1], score[code == 0]
    wins = (ours[:, None] > others) + 0.5 * (ours[:, None] == others)

    found = ranked(np.column_stack([-score, score]), code, [np.arange(60)], rng)

    assert found.auc == pytest.approx(wins.mean())
    variance = wins.mean(axis=1).var() / len(ours) + wins.mean(axis=0).var() / len(others)
    assert found.error == pytest.approx(variance**0.5)
    assert abs(found.shuffled.mean() - 0.5) < 0.02


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
