from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhanggui.kernel.vectors import BadVectors, Floats, Ids, VectorIndex


def some_vectors(rows: int, dimension: int = 16, seed: int = 0) -> Floats:
    return np.random.default_rng(seed).normal(size=(rows, dimension)).astype(np.float32)


def by_hand(ids: Ids, vectors: Floats, queries: Floats, k: int) -> list[list[int]]:
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    cosines = (queries / np.linalg.norm(queries, axis=1, keepdims=True)) @ unit.T
    return [[int(ids[n]) for n in np.lexsort((ids, -row))[:k]] for row in cosines]


@pytest.mark.parametrize("rows", [1, 5, 900, 5000])
def test_the_scan_finds_what_a_full_sort_finds(rows: int) -> None:
    ids, vectors, queries = np.arange(rows) * 7 + 3, some_vectors(rows), some_vectors(20, seed=1)

    found, scores = VectorIndex.build(ids, vectors).search(queries, 10)

    assert found.tolist() == by_hand(ids, vectors, queries, 10)
    assert (np.diff(scores, axis=1) <= 0).all()


def test_an_empty_index_answers_with_nothing() -> None:
    index = VectorIndex(4)

    ids, scores = index.search(np.ones((3, 4), np.float32), 5)

    assert ids.shape == scores.shape == (3, 0)
    assert (len(index), index.card.method) == (0, "empty")


def test_more_wanted_than_there_are_gives_all() -> None:
    index = VectorIndex.build(np.array([4, 9]), np.array([[1, 0], [0, 1]], np.float32))

    ids, scores = index.search(np.array([[2, 0]], np.float32), 10)

    assert ids.tolist() == [[4, 9]]
    assert scores.tolist() == [[1, 0]]


def test_no_rows_wanted_gives_none() -> None:
    assert VectorIndex.build(np.arange(3), some_vectors(3)).search(some_vectors(1), 0)[0].shape == (1, 0)


def test_equal_vectors_come_by_id() -> None:
    index = VectorIndex.build(np.array([9, 2, 5]), np.ones((3, 8), np.float32))

    assert index.search(np.ones((1, 8), np.float32), 2)[0].tolist() == [[2, 5]]


@settings(max_examples=25, deadline=None)
@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from(["add", "remove"]), st.lists(st.integers(0, 2500), min_size=1, max_size=1300, unique=True)
        ),
        max_size=6,
    ),
    seed=st.integers(0, 100),
)
def test_adding_changing_and_removing_equals_building_anew(steps: list[tuple[str, list[int]]], seed: int) -> None:
    index = VectorIndex(8)
    kept: dict[int, Floats] = {}
    for n, (step, ids) in enumerate(steps):
        if step == "add":
            rows = some_vectors(len(ids), 8, seed + n)
            index.add(np.array(ids), rows)
            kept.update(zip(ids, rows, strict=True))
        else:
            index.remove(np.array(ids))
            kept = {id_: row for id_, row in kept.items() if id_ not in ids}

    queries = some_vectors(3, 8, seed + 50)
    found, _ = index.search(queries, 5)

    assert len(index) == len(kept)
    if kept:
        assert found.tolist() == by_hand(np.array(list(kept)), np.array(list(kept.values())), queries, 5)


def test_many_rows_use_lists_whose_recall_is_measured() -> None:
    vectors = some_vectors(6000, 16)
    index = VectorIndex.build(np.arange(6000), vectors, exact_up_to=2000)

    found, _ = index.search(vectors[:50], 10)

    right = by_hand(np.arange(6000), vectors, vectors[:50], 10)
    overlap = np.mean([len(set(a) & set(b)) / 10 for a, b in zip(found.tolist(), right, strict=True)])
    assert index.card.method == "ivf-sq8"
    assert index.card.recall_at_10 >= 0.97
    assert overlap >= 0.9
    assert index.search(vectors[:1], 6000)[0].shape == (1, 6000)
    assert sorted(index.search(vectors[:1], 6000)[0][0].tolist()) == list(range(6000))


def test_the_default_scan_has_full_recall_on_its_card() -> None:
    card = VectorIndex.build(np.arange(5000), some_vectors(5000)).card

    assert (card.method, card.rows, card.recall_at_10) == ("sq8", 5000, 1.0)


def test_extreme_and_zero_rows_have_a_cosine() -> None:
    index = VectorIndex.build(np.arange(3), np.array([[1e30, 1e30], [0, 0], [1e-40, -1e-40]], np.float32))

    ids, scores = index.search(np.array([[1, 1]], np.float32), 3)

    assert ids.tolist() == [[0, 1, 2]]
    assert scores[0] == pytest.approx([1, 0, 0], abs=1e-6)


@pytest.mark.parametrize(
    "wrong",
    [np.ones((2, 3), np.float32), np.ones(4, np.float32), np.array([[1, 2, 3, np.nan]], np.float32)],
)
def test_wrong_vectors_are_refused(wrong: Floats) -> None:
    index = VectorIndex.build(np.arange(2), np.eye(2, 4, dtype=np.float32))

    with pytest.raises(BadVectors):
        index.search(wrong, 1)
    with pytest.raises(BadVectors):
        index.add(np.arange(len(wrong)), wrong)


def test_an_id_may_not_come_twice_in_one_call() -> None:
    with pytest.raises(BadVectors, match="different ids"):
        VectorIndex.build(np.array([1, 1]), np.eye(2, dtype=np.float32))
