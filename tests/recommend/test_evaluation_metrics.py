"""Metrics against brute force over every order of ties, laws of full ranking, and figures worked by hand."""

from __future__ import annotations

from itertools import pairwise, permutations
from math import log2

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.recommend.evaluations import a_task, quiet

from zhanggui.recommend.engines.evaluation import intervals
from zhanggui.recommend.engines.evaluation.groups import by_history, by_warmth, wanted_by
from zhanggui.recommend.engines.evaluation.intervals import resample
from zhanggui.recommend.engines.evaluation.list_intervals import DRAWS, list_intervals
from zhanggui.recommend.engines.evaluation.metrics import MEASURES, Marks, gains, judge
from zhanggui.recommend.engines.evaluation.tasks import Task
from zhanggui.recommend.engines.evaluation.variety import gini, people_vectors, unit_rows, variety


def judged(task: Task, scores: list[list[float]], ks: tuple[int, ...] = (1, 2, 3), seed: int = 0) -> Marks:
    table = np.array(scores, dtype=np.float32)
    done = 0

    def score(histories: object, people: int) -> np.ndarray:
        nonlocal done
        done += people
        return table[done - people : done].copy()

    return judge(task, score, ks=ks, rng=np.random.default_rng(seed), on_step=quiet)


def by_brute_force(scores: list[float], targets: set[int], k: int) -> dict[str, float]:
    """The mean over every order of the products that agrees with the scores; products are 1, 2, …"""
    products = [product for product in range(1, len(scores)) if scores[product] > -np.inf]
    orders = [order for order in permutations(products) if all(scores[a] >= scores[b] for a, b in pairwise(order))]
    totals = dict.fromkeys(MEASURES, 0.0)
    for order in orders:
        ranks = [rank for rank, product in enumerate(order[:k], 1) if product in targets]
        totals["hit"] += bool(ranks)
        totals["recall"] += len(ranks) / len(targets)
        totals["precision"] += len(ranks) / k
        totals["mrr"] += 1 / ranks[0] if ranks else 0.0
        best = sum(1 / log2(rank + 1) for rank in range(1, min(k, len(targets)) + 1))
        totals["ndcg"] += sum(1 / log2(rank + 1) for rank in ranks) / best
    return {name: total / len(orders) for name, total in totals.items()}


@settings(max_examples=60, deadline=None)
@given(
    scores=st.lists(st.sampled_from([0.0, 1.0, 2.0, float("-inf")]), min_size=2, max_size=6),
    data=st.data(),
)
def test_every_measure_is_the_mean_over_all_orders_of_ties(scores: list[float], data: st.DataObject) -> None:
    scores = [9.0, *scores]
    targets = data.draw(st.sets(st.integers(1, len(scores) - 1), min_size=1))

    marks = judged(a_task([sorted(targets)], size=len(scores)), [scores])

    for k in (1, 2, 3):
        if any(score > -np.inf for score in scores[1:]):
            for name, expected in by_brute_force(scores, targets, k).items():
                assert marks.of(name, k)[0] == pytest.approx(expected), (name, k)


def test_the_figures_of_a_list_worked_by_hand() -> None:
    marks = judged(a_task([[2, 4, 5]], size=6), [[0, 0.9, 0.8, 0.7, 0.6, 0.1]], ks=(2, 4))

    assert marks.of("hit", 2)[0] == 1
    assert marks.of("recall", 2)[0] == pytest.approx(1 / 3)
    assert marks.of("precision", 4)[0] == pytest.approx(2 / 4)
    assert marks.of("mrr", 4)[0] == pytest.approx(1 / 2)
    assert marks.of("ndcg", 2)[0] == pytest.approx((1 / log2(3)) / (1 + 1 / log2(3)))
    assert marks.of("ndcg", 4)[0] == pytest.approx((1 / log2(3) + 1 / log2(5)) / (1 + 1 / log2(3) + 0.5))
    assert marks.tops[0].tolist() == [1, 2, 3, 4]


def test_a_constant_score_earns_what_chance_would() -> None:
    marks = judged(a_task([[3]], size=101), [[1.0] * 101], ks=(10,))

    assert marks.of("recall", 10)[0] == pytest.approx(0.1)


def test_what_is_not_scored_is_never_shown() -> None:
    nothing = [float("-inf")] * 3 + [float("nan")]

    marks = judged(a_task([[3]], size=4), [nothing], ks=(3,))

    assert not marks.values.any()
    assert marks.tops.tolist() == [[0, 0, 0]]


@given(seed=st.integers(0, 99), shift=st.sampled_from([0.5, 3.0]))
@settings(max_examples=25, deadline=None)
def test_neither_the_numbers_of_products_nor_the_scale_of_scores_matter(seed: int, shift: float) -> None:
    rng = np.random.default_rng(seed)
    scores = rng.integers(0, 4, size=(3, 12)).astype(float)
    scores[:, 0] = 0
    targets = [sorted(rng.choice(np.arange(1, 12), size=2, replace=False).tolist()) for _ in range(3)]
    other = np.concatenate([[0], 1 + rng.permutation(11)])
    moved = np.zeros_like(scores)
    moved[:, other] = scores * 2 + shift

    one = judged(a_task(targets, size=12), scores.tolist())
    two = judged(a_task([[int(other[t]) for t in row] for row in targets], size=12), moved.tolist(), seed=seed)

    assert one.values == pytest.approx(two.values)


def test_seen_products_are_ranked_only_where_they_are_kept() -> None:
    histories = [[1, 2]]
    scores = [[0, 5.0, 4.0, 3.0, 2.0]]

    kept = judged(a_task([[3]], histories=histories, size=5), scores, ks=(1, 3))
    removed = judged(a_task([[3]], histories=histories, size=5, keep_seen=False), scores, ks=(1, 3))

    assert (kept.of("hit", 1)[0], removed.of("hit", 1)[0]) == (0, 1)
    assert removed.tops.tolist() == [[3, 4, 0]]


def test_the_best_products_are_shown_best_first() -> None:
    rng = np.random.default_rng(4)
    scores = rng.random((5, 300)).astype(np.float32)

    marks = judged(a_task([[1]] * 5, size=300), scores.tolist(), ks=(20,))

    for row, top in zip(scores, marks.tops, strict=True):
        assert top.tolist() == (1 + np.argsort(-row[1:])[:20]).tolist()


def test_scores_of_another_shape_are_refused() -> None:
    with pytest.raises(ValueError, match=r"scores of shape \(1, 3\)"):
        judged(a_task([[1]], size=4), [[0, 1, 2]])


def test_more_than_a_batch_of_people_is_judged_alike() -> None:
    scores = np.random.default_rng(1).random((700, 9)).tolist()
    targets = [[1 + n % 8] for n in range(700)]

    together = judged(a_task(targets, size=9), scores)
    alone = judged(a_task(targets[650:651], size=9), scores[650:651])

    assert together.values[650] == pytest.approx(alone.values[0])


def test_gains_are_those_of_a_list_full_of_hits() -> None:
    assert gains(3).tolist() == pytest.approx([0, 1, 1 + 1 / log2(3), 1 + 1 / log2(3) + 0.5])


def test_gini_of_even_and_single_exposure() -> None:
    assert gini(np.array([3, 3, 3, 3])) == pytest.approx(0)
    assert gini(np.array([0, 0, 0, 8])) == pytest.approx(1 - 1 / 4)
    assert gini(np.array([0, 0])) == 0


def test_variety_of_two_lists_by_hand() -> None:
    alike = unit_rows(np.array([1, 1, 2, 3]), np.array([0, 1, 0, 2]), 5)

    seen = variety(np.array([[1, 2], [1, 3]]), wanted_by=np.array([0, 8, 4, 2, 0]), people=8, vectors=alike)

    assert seen.coverage == pytest.approx(3 / 4)
    assert seen.novelty == pytest.approx((0 + 1 + 0 + 2) / 4)
    assert seen.diversity == pytest.approx(1 - (1 / 2**0.5 + 0) / 2)


def _between(tops: np.ndarray, owners: np.ndarray, seed: int = 1) -> dict[str, tuple[float, float]]:
    alike = unit_rows(np.array([1, 1, 2, 3]), np.array([0, 1, 0, 2]), 5)
    wanted = np.array([0, 8, 4, 2, 1])
    return list_intervals(tops, owners, wanted_by=wanted, people=8, vectors=alike, seed=seed)


def test_intervals_of_lists_are_those_of_draws_made_one_by_one() -> None:
    rng = np.random.default_rng(5)
    tops = np.array([rng.choice(4, 2, replace=False) + 1 for _ in range(40)])
    owners = np.arange(40) // 2

    found = _between(tops, owners)

    alike = unit_rows(np.array([1, 1, 2, 3]), np.array([0, 1, 0, 2]), 5)
    drawn, dice = [], np.random.default_rng(1)
    for _ in range(DRAWS):
        people = dice.integers(20, size=20, dtype=np.int32)
        again = np.concatenate([tops[2 * one : 2 * one + 2] for one in people])
        drawn.append(variety(again, wanted_by=np.array([0, 8, 4, 2, 1]), people=8, vectors=alike))
    for name in ("novelty", "diversity"):
        ends = np.quantile([getattr(one, name) for one in drawn], (0.025, 0.975))
        assert found[name] == pytest.approx(tuple(ends))
    value = variety(tops, wanted_by=np.array([0, 8, 4, 2, 1]), people=8, vectors=alike).gini
    reach = 1.96 * np.std([one.gini for one in drawn])
    assert found["gini"] == pytest.approx((max(value - reach, 0), value + reach))
    assert "coverage" not in found


def test_lists_of_one_person_and_of_nothing_have_no_interval() -> None:
    assert _between(np.array([[1, 2], [1, 3]]), np.array([7, 7])) == {}
    assert set(_between(np.array([[0, 0], [0, 0]]), np.array([1, 2]))) == set()
    assert set(_between(np.array([[1], [2]]), np.array([1, 2]))) == {"gini", "novelty"}


def test_all_lists_alike_vary_by_nothing() -> None:
    found = _between(np.array([[1, 2]] * 6), np.arange(6))

    assert all(low == pytest.approx(high) for low, high in found.values())


def test_products_of_the_same_people_are_alike() -> None:
    task = a_task([[3], [3]], histories=[[1, 2], [1, 2]], size=4)

    seen = variety(np.array([[1, 2]]), wanted_by=wanted_by(task)[0], people=2, vectors=people_vectors(task.train))

    assert seen.diversity == pytest.approx(0, abs=1e-6)


def test_groups_say_how_many_and_how_well() -> None:
    task = a_task([[4], [3], [3]], histories=[[1], [1, 2, 3], [2, 1, 1]], size=5)

    lengths = by_history(task, np.array([1.0, 0.5, 0.0]), seed=1)
    warmth = by_warmth(task, np.array([1.0, 0.5, 0.0], dtype=np.float32), wanted_by(task)[0], seed=1)

    assert [(g.label, g.count, g.value) for g in lengths] == [("1", 1, 1.0), ("2-4", 2, 0.25)]
    assert [(g.label, g.count, g.value) for g in warmth] == [("0", 1, 1.0), ("1-4", 2, 0.25)]
    assert [(g.low, g.high) for g in lengths] == [(None, None), (0.0, 0.5)], "one person tells of no other"


def test_paired_draws_see_a_difference_that_separate_intervals_hide() -> None:
    rng = np.random.default_rng(0)
    base = rng.random((400, 1))

    ours, theirs = (resample(v, np.arange(400), seed=3) for v in (base + 0.01, base))
    difference = ours.less(theirs, 0)

    assert ours.estimate(0).low < theirs.estimate(0).high
    assert difference.value == pytest.approx(0.01)
    assert difference.p_better == 1
    assert difference.detectable == pytest.approx(0, abs=1e-9)


def test_cases_of_one_person_are_drawn_together() -> None:
    values = np.repeat(np.random.default_rng(0).random(50), 40)[:, None]

    alone = resample(values, np.arange(2000), seed=0).estimate(0)
    together = resample(values, np.repeat(np.arange(50), 40), seed=0).estimate(0)

    assert together.high - together.low > 4 * (alone.high - alone.low)


def test_the_interval_of_a_mean_is_near_the_normal_one() -> None:
    values = np.random.default_rng(0).random((3000, 1))

    seen = resample(values, np.arange(3000), seed=0).estimate(0)

    half = 1.96 * values.std() / 3000**0.5
    assert seen.high - seen.value == pytest.approx(half, rel=0.1)
    assert seen.value - seen.low == pytest.approx(half, rel=0.1)


def test_a_draw_is_the_mean_of_the_people_drawn_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    values, owners = np.random.default_rng(0).random((9, 2)), np.array([0, 0, 3, 4, 4, 4, 8, 9, 9])
    monkeypatch.setattr(intervals, "_CELLS_AT_ONCE", 20)  # so that draws come in several parts, the last one short

    seen = resample(values, owners, seed=4, draws=202)

    dice, people = np.random.default_rng(4), np.unique(owners)
    for draw in seen.draws:
        chosen = [values[owners == people[one]] for one in dice.integers(5, size=5, dtype=np.int32)]
        assert draw == pytest.approx(np.concatenate(chosen).mean(axis=0))


def test_nobody_to_ask_gives_no_figure() -> None:
    assert np.isnan(resample(np.zeros((0, 2)), np.zeros(0, dtype=np.int64), seed=0).means).all()
