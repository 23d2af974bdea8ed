"""Likeness by vectors: floors, neighbours and blends against answers worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.recommend.engines import vector_neighbours
from zhanggui.recommend.engines.content import ContentIndex
from zhanggui.recommend.engines.content_parts import content_parts
from zhanggui.recommend.engines.covisitation import Neighbours
from zhanggui.recommend.engines.first_stage import Digest
from zhanggui.recommend.engines.scoring_kernels import WEIGHT
from zhanggui.recommend.engines.vector_neighbours import linked, nearest
from zhanggui.recommend.engines.vector_spaces import MOST_FLOOR, VectorSpace, VectorSpaces, floor_of

K = 4
TEXT, IMAGE = 0, 1


def unit(*rows: tuple[float, ...]) -> np.ndarray:
    held = np.array(rows, dtype=np.float32)
    return held / np.linalg.norm(held, axis=1, keepdims=True)


def a_space(vectors: dict[int, tuple[float, ...]], floor: float = 0.0, column: int = IMAGE) -> VectorSpace:
    products = np.array(sorted(vectors), dtype=np.int32)
    rows = unit(*(vectors[number] for number in products.tolist()))
    row_of = np.full(int(products[-1]) + 1, -1, dtype=np.int32)
    row_of[products] = np.arange(len(products))
    near = nearest(products, rows, products, K).ids
    return VectorSpace(column=column, floor=floor, row_of=row_of, vectors=rows.astype(np.float16), near=near)


def test_the_floor_is_the_mean_cosine_of_all_pairs() -> None:
    assert floor_of(unit((1, 0), (1, 0), (0, 1))) == pytest.approx(1 / 3)
    assert floor_of(unit((1, 0), (-1, 0))) == 0.0
    assert floor_of(unit((1, 0))) == 0.0
    assert floor_of(unit((1, 0), (1, 0))) == MOST_FLOOR


@given(st.integers(2, 12), st.integers(0, 1000))
def test_the_floor_is_what_looking_at_each_pair_says(rows: int, seed: int) -> None:
    vectors = unit(*map(tuple, np.random.default_rng(seed).normal(size=(rows, 3)) + 0.8))

    pairs = [float(a @ b) for n, a in enumerate(vectors) for b in vectors[n + 1 :]]

    assert floor_of(vectors) == pytest.approx(min(max(np.mean(pairs), 0.0), MOST_FLOOR), abs=1e-5)


def test_the_nearest_are_those_of_a_full_scan_and_ties_go_to_the_smaller_number(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    products = np.array([2, 3, 5, 7, 9], dtype=np.int32)
    vectors = unit((1, 0), (0.8, 0.6), (0.8, -0.6), (0, 1), (-1, 0))

    found = nearest(products, vectors, np.array([2, 9], dtype=np.int32), 3)

    assert found.ids.tolist() == [[3, 5, 0], [0, 0, 0]]  # at a right angle or beyond nothing is alike
    assert found.weights[0, :2].tolist() == pytest.approx([0.8, 0.8])
    monkeypatch.setattr(vector_neighbours, "EXACT_PAIRS", 0)
    assert nearest(products, vectors, np.array([3], dtype=np.int32), 2).ids.tolist() == [[2, 7]]


def test_a_vector_that_comes_or_changes_enters_the_lists_of_its_neighbours() -> None:
    products = np.array([1, 2, 3], dtype=np.int32)
    before = Neighbours(ids=np.zeros((4, K), dtype=np.int32), weights=np.zeros((4, K), dtype=np.float32))
    first, _ = linked(products, unit((1, 0), (0.8, 0.6), (-1, 0)), before, products)
    assert [set(row) - {0} for row in first.ids.tolist()] == [set(), {2}, {1}, set()]

    after, is_other = linked(products, unit((1, 0), (0.8, 0.6), (1, 0.1)), first, np.array([3], dtype=np.int32))

    assert [set(row) - {0} for row in after.ids.tolist()] == [set(), {2, 3}, {1, 3}, {1, 2}]
    assert is_other.tolist() == [False, True, True, True]
    gone, _ = linked(products, unit((-1, 0), (0.8, 0.6), (1, 0.1)), after, np.array([1], dtype=np.int32))
    assert [set(row) - {0} for row in gone.ids.tolist()] == [set(), set(), {3}, {2}]


def test_a_pair_is_as_alike_as_the_mean_of_what_both_have() -> None:
    # cosine 0.8 over a floor of 0.5: 0.6 of the way to 1.
    image, text = a_space({1: (1, 0), 2: (0.8, 0.6)}, floor=0.5), a_space({1: (1, 0), 3: (1, 0)}, column=TEXT)
    spaces = VectorSpaces((text, image))

    among, likeness = spaces.blended(1, np.array([4, 2]), np.array([0.3, 0.4], dtype=np.float32), 5)

    # 2 has words and a picture, 3 a text alone, which is the same, 4 words alone.
    assert dict(zip(among.tolist(), likeness.tolist(), strict=True)) == pytest.approx(
        {2: (0.4 + 0.6) / 2, 3: (0.0 + 1.0) / 2, 4: 0.3}, abs=1e-3
    )
    weight, added = spaces.parts(np.array([1, 1, 1]), np.array([2, 3, 4]))
    assert weight.tolist() == [0.5, 0.5, 1.0]
    assert added == pytest.approx(np.array([[0, 0.3], [0.5, 0], [0, 0]]), abs=1e-3)


def test_without_a_vector_of_its_own_a_product_is_what_its_words_say() -> None:
    found, cosines = np.array([3, 2]), np.array([0.3, 0.4], dtype=np.float32)

    among, likeness = VectorSpaces((a_space({2: (1, 0), 3: (1, 0)}),)).blended(1, found, cosines, 9)

    assert among is found
    assert likeness is cosines


def test_an_index_blends_and_keeps_the_size_it_was_made_for() -> None:
    index = ContentIndex.of([(), ("茶",), ("茶",), ("杯",)])

    found = index.neighbours(3, VectorSpaces((a_space({1: (1, 0), 3: (1, 0), 9: (1, 0)}),)))

    assert dict(zip(found.ids[1].tolist(), found.weights[1].tolist(), strict=True)) == pytest.approx(
        {2: 1.0, 3: 0.5, 0: 0.0}
    )
    assert found.ids[3, 0] == 1


def test_the_parts_of_content_are_those_of_its_edges() -> None:
    """Winner 3 is like 1 by 0.5, of which the picture makes 0.3, and like 2 by words alone, 0.2; 2 counts double."""
    spaces = VectorSpaces((a_space({1: (1, 0), 3: (0.6, 0.8)}),))
    graph = Neighbours(
        ids=np.array([[0], [3], [3], [0]], dtype=np.int32),
        weights=np.array([[0], [0.5], [0.2], [0]], dtype=np.float32),
    )
    columns = np.zeros((2, 7), dtype=np.float32)
    columns[:, WEIGHT] = 1.0, 2.0
    past = Digest(products=np.array([1, 2], dtype=np.int32), newest=np.zeros(2, dtype=np.int32), columns=columns)

    parts = content_parts(np.array([3, 4], dtype=np.int32), past, graph, spaces)

    assert parts.shares[0] == pytest.approx([0.6 / 0.9, 0.0, 0.3 / 0.9], abs=1e-3)
    assert parts.shares[1].tolist() == [0, 0, 0]
    assert parts.loudest[0].tolist() == [1, 0, 0]
    assert parts.by_row.sum(axis=2)[:, 0] == pytest.approx([0.5, 0.4])
