"""The trees of the second stage: LightGBM's own, explained exactly, calibrated, and never against a dismissal."""

from __future__ import annotations

import itertools
import math
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhanggui.kernel.trees import Trees, attribute, below, trees_of
from zhanggui.recommend.engines.blend import FEATURES
from zhanggui.recommend.engines.ranking import columns
from zhanggui.recommend.engines.ranking.calibration import Calibration, calibrate, log_shares, miscalibration
from zhanggui.recommend.engines.ranking.columns import COLUMNS, CONSTRAINTS
from zhanggui.recommend.engines.ranking.lambdamart import learn_trees
from zhanggui.recommend.engines.ranking.lessons import Lesson, ndcg_at

DEPTH = 3


@cache
def a_booster() -> tuple[object, np.ndarray]:
    import lightgbm

    rng = np.random.default_rng(0)
    rows = rng.normal(size=(1200, 5)).astype(np.float32)
    rows[:, 0] = np.round(rows[:, 0])
    taken = (rows[:, 0] * rows[:, 1] + rows[:, 2] > 0).astype(int)
    data = lightgbm.Dataset(rows, taken, group=[30] * 40, params={"use_missing": False, "verbosity": -1})
    chosen = {"objective": "lambdarank", "num_leaves": 6, "max_depth": DEPTH, "min_data_in_leaf": 20}
    chosen |= {"verbosity": -1, "use_missing": False, "num_threads": 1}
    return lightgbm.train(chosen, data, 12), rows


def trees() -> Trees:
    return trees_of(a_booster()[0].dump_model(), DEPTH)  # type: ignore[attr-defined]


def test_plain_arrays_say_what_lightgbm_says() -> None:
    booster, rows = a_booster()

    assert np.abs(trees().margins(rows) - booster.predict(rows, raw_score=True)).max() < 1e-12  # type: ignore[attr-defined]


def test_shares_of_the_margin_are_those_of_lightgbm() -> None:
    booster, rows = a_booster()
    theirs = booster.predict(rows[:40], pred_contrib=True)  # type: ignore[attr-defined]

    ours = np.array([attribute(trees(), row) for row in rows[:40]])

    assert np.abs(ours - theirs[:, :-1]).max() < 1e-6
    assert trees().expected == pytest.approx(theirs[0, -1], abs=1e-6)


@st.composite
def any_trees(draw: st.DrawFn) -> tuple[Trees, np.ndarray]:
    columns, depth, count = draw(st.integers(1, 4)), draw(st.integers(1, 3)), draw(st.integers(1, 3))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    inner = 2**depth - 1
    cover = np.zeros((count, 2 * inner + 1))
    cover[:, inner:] = rng.integers(1, 50, (count, inner + 1))
    for node in reversed(range(inner)):
        cover[:, node] = cover[:, 2 * node + 1] + cover[:, 2 * node + 2]
    made = Trees(
        feature=rng.integers(0, columns, (count, inner)).astype(np.int32),
        threshold=rng.integers(-1, 2, (count, inner)).astype(np.float32),
        value=rng.normal(size=(count, inner + 1)),
        cover=cover,
    )
    return made, rng.integers(-2, 3, columns).astype(np.float32)


def expected_when(known: frozenset[int], made: Trees, row: np.ndarray, tree: int, node: int = 0) -> float:
    inner = made.feature.shape[1]
    if node >= inner:
        return float(made.value[tree, node - inner])
    left, right = 2 * node + 1, 2 * node + 2
    column = int(made.feature[tree, node])
    if column in known:
        return expected_when(known, made, row, tree, right if row[column] > made.threshold[tree, node] else left)
    parts = (made.cover[tree, one] * expected_when(known, made, row, tree, one) for one in (left, right))
    return float(sum(parts) / made.cover[tree, node])


def brute_force(made: Trees, row: np.ndarray) -> np.ndarray:
    n = len(row)
    shares = np.zeros(n)
    for one in range(n):
        others = [other for other in range(n) if other != one]
        for size in range(n):
            weight = math.factorial(size) * math.factorial(n - size - 1) / math.factorial(n)
            for subset in itertools.combinations(others, size):
                for tree in range(len(made)):
                    known = frozenset(subset)
                    gain = expected_when(known | {one}, made, row, tree) - expected_when(known, made, row, tree)
                    shares[one] += weight * gain
    return shares


@settings(max_examples=60, deadline=None)
@given(any_trees())
def test_shares_are_shapley_values_and_sum_to_the_margin(drawn: tuple[Trees, np.ndarray]) -> None:
    made, row = drawn

    shares = attribute(made, row)

    assert np.abs(shares - brute_force(made, row)).max() < 1e-9
    assert made.expected + shares.sum() == pytest.approx(float(made.margins(row[None])[0]), abs=1e-9)


@given(st.floats(-(2.0**90), 2.0**90), st.floats(-(2.0**90), 2.0**90, width=32))
def test_a_single_compares_with_a_rounded_bound_as_with_the_bound(bound: float, single: float) -> None:
    assert (np.float32(single) <= below(bound)) == (single <= bound)


def a_lesson(occasions: int = 150, each: int = 30) -> Lesson:
    """What is half the shopper's usual price is taken, whatever the first stage says."""
    rng = np.random.default_rng(3)
    rows = np.zeros((occasions * each, len(COLUMNS)), dtype=np.float32)
    rows[:, COLUMNS.index("price_gap")] = rng.normal(size=len(rows))
    rows[:, COLUMNS.index("alike")] = rng.random(len(rows))
    first_stage = rng.normal(size=len(rows)).astype(np.float32)
    rows[:, COLUMNS.index("first_stage")] = first_stage
    chance = 1 / (1 + np.exp(-(3 * rows[:, COLUMNS.index("price_gap")] + first_stage - 4)))
    taken = rng.random(len(rows)) < chance
    return Lesson(
        rows=rows,
        first_stage=first_stage,
        taken=taken,
        worth=taken.astype(np.float32),
        lengths=np.full(occasions, each),
        wanted=(np.ones(3, dtype=np.float32),) * occasions,
    )


@cache
def taught() -> tuple[Trees, Lesson]:
    lesson = a_lesson()
    found = learn_trees(lesson.part(0, 100), seed=0)
    assert found is not None
    return found, lesson.part(100, 150)


def test_trees_learn_what_the_sum_cannot_say() -> None:
    found, left_out = taught()
    by_sum = left_out.first_stage.astype(np.float64)

    assert ndcg_at(left_out, by_sum + found.margins(left_out.rows), 20).mean() > ndcg_at(left_out, by_sum, 20).mean()
    assert len(found) <= 100


def test_equal_seeds_give_equal_trees() -> None:
    again = learn_trees(a_lesson().part(0, 100), seed=0)

    assert again is not None
    assert np.array_equal(again.value, taught()[0].value)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from(np.flatnonzero(CONSTRAINTS).tolist()), st.floats(0, 5))
def test_more_of_what_speaks_for_a_product_never_lowers_it(seed: int, column: int, more: float) -> None:
    row = np.random.default_rng(seed).normal(size=len(COLUMNS)).astype(np.float32)
    raised = row.copy()
    raised[column] += np.float32(more)

    low, high = taught()[0].margins(np.stack([row, raised]))

    assert high >= low


def test_too_few_occasions_teach_no_trees() -> None:
    assert learn_trees(a_lesson().part(0, 20), seed=0) is None


def test_the_columns_that_loops_fill_are_named_as_the_columns_are() -> None:
    named = [COLUMNS[getattr(columns, name.upper())] for name in COLUMNS[columns.N_BLEND :]]

    assert named == list(COLUMNS[columns.N_BLEND :])
    assert COLUMNS[: columns.N_BLEND] == tuple(FEATURES[number] for number in columns.FROM)


def test_nobody_is_ranked_by_what_group_they_belong_to() -> None:
    assert not {"gender", "age_band", "region", "province", "city_tier", "segment"} & set(COLUMNS)


def test_chances_are_what_happens() -> None:
    found, lesson = taught()[0], a_lesson(400)
    scores = lesson.first_stage + found.margins(lesson.rows)
    line = calibrate(lesson, scores)

    assert line is not None
    assert miscalibration(lesson, scores, line) < 0.02
    chances = np.concatenate([line.chances(values) for values in (scores[rows] for rows in lesson.slices())])
    assert chances.sum() == pytest.approx(lesson.taken.sum(), rel=0.01)


def test_a_chance_depends_on_the_list_and_not_on_where_scores_begin() -> None:
    scores = np.array([1.0, 2.0, 0.5])

    assert np.allclose(np.exp(log_shares(scores)).sum(), 1.0)
    assert np.allclose(Calibration(1.2, -0.3).chances(scores), Calibration(1.2, -0.3).chances(scores + 100))


def test_nothing_taken_calibrates_nothing() -> None:
    lesson = a_lesson(5)
    lesson.taken[:] = False

    assert calibrate(lesson, lesson.first_stage.astype(np.float64)) is None
