"""The nearest by content: the compiled search, which looks at few pairs, against one that looks at all."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.recommend.engines import content, content_kernels
from zhanggui.recommend.engines.content import LEAST_COSINE, ContentIndex, Document
from zhanggui.recommend.engines.vector_spaces import VectorSpace, VectorSpaces

WORDS = st.sampled_from("茶壶杯盘红绿白黑大小新旧")
DOCUMENTS = st.lists(st.lists(WORDS, max_size=8), min_size=2, max_size=60)


def all_cosines(index: ContentIndex) -> np.ndarray:
    rows = index.columns.toarray().astype(np.float64)
    return rows @ rows.T


def hold(index: ContentIndex, k: int) -> None:
    """Every row has the k highest cosines, in order, without the product itself, and nothing below the least."""
    found, cosines = index.neighbours(k), all_cosines(index)
    np.fill_diagonal(cosines, 0.0)
    for own in range(index.size):
        row, ids = found.weights[own], found.ids[own]
        due = np.sort(cosines[own][cosines[own] > LEAST_COSINE + 1e-6])[::-1][: len(row)]
        assert row[: len(due)] == pytest.approx(due, abs=1e-5)
        kept = int((row > 0).sum())
        assert np.all(row[len(due) : kept] <= LEAST_COSINE + 1e-6)
        assert cosines[own][ids[:kept]] == pytest.approx(row[:kept], abs=1e-5)
        assert len(set(ids[:kept].tolist())) == kept
        assert own not in ids[:kept].tolist()


@given(DOCUMENTS, st.integers(1, 12))
def test_the_search_finds_what_a_look_at_all_pairs_finds(documents: list[Document], k: int) -> None:
    hold(ContentIndex.of(documents), k)


def test_common_words_add_to_those_met_and_bring_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 600 products all are tea; the search of a rare leaf opens no list of six hundred."""
    rng = np.random.default_rng(5)
    documents = [("茶", f"叶{rng.integers(60)}", f"产地{rng.integers(6)}", f"第{n}号") for n in range(600)]
    index = ContentIndex.of(documents)
    opened: list[int] = []
    kernels = content_kernels._open.py_func

    def counted(start: int, stop: int, *rest: object) -> int:
        opened.append(stop - start)
        found: int = kernels(start, stop, *rest)
        return found

    monkeypatch.setattr(content_kernels, "_open", counted)
    rows = index.columns.tocsr()
    most = content_kernels.highest(index.columns.indptr, index.columns.data)
    words, weights = rows[7].indices, rows[7].data
    lists = (index.columns.indptr, index.columns.indices, index.columns.data)
    met = np.zeros(600, dtype=np.int32)
    found, left = content_kernels._gather.py_func(
        words, weights, lists, most, np.float32(LEAST_COSINE), 3, np.zeros(600, dtype=np.float32), met
    )

    assert 0 < sum(opened) < 600
    assert found < 600
    assert left > 0
    hold(index, 3)


def test_equal_documents_come_by_their_number() -> None:
    found = ContentIndex.of([(), *(("茶", "龙井") for _ in range(30))]).neighbours(5)

    assert found.ids[20].tolist() == [1, 2, 3, 4, 5]
    assert all(first >= second for first, second in pairwise(found.weights[20].tolist()))


def test_a_catalogue_of_one_word_opens_no_more_than_is_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(content_kernels, "MOST_OPENED", 10)
    lists = np.array([0, 40]), np.arange(40), np.full(40, 1.0, dtype=np.float32)
    sums, met = np.zeros(40, dtype=np.float32), np.zeros(40, dtype=np.int32)
    monkeypatch.setattr(content_kernels, "_open", content_kernels._open.py_func)

    found, _ = content_kernels._gather.py_func(
        np.array([0]), np.ones(1, dtype=np.float32), lists, np.ones(1, dtype=np.float32), 0.05, 3, sums, met
    )

    assert found == 10


@given(DOCUMENTS, st.integers(1, 5))
def test_what_a_short_search_brings_is_compared_with_all_its_words(documents: list[Document], k: int) -> None:
    """However little is opened, every cosine that comes back is the whole one, and nobody met is passed over."""
    index = ContentIndex.of(documents)
    cosines = all_cosines(index)
    with pytest.MonkeyPatch.context() as patch:
        for name in ("nearest", "_gather", "_open", "_reached", "_keep", "_insert"):
            patch.setattr(content_kernels, name, getattr(content_kernels, name).py_func)
        patch.setattr(content_kernels, "MOST_OPENED", 12)
        found = index.neighbours(k)

    for own in range(index.size):
        kept = found.weights[own] > 0
        assert cosines[own][found.ids[own][kept]] == pytest.approx(found.weights[own][kept], abs=1e-5)


@given(DOCUMENTS, st.integers(0, 2**32 - 1))
def test_vectors_are_blended_with_the_cosine_of_every_product_near_by_them(
    documents: list[Document], seed: int
) -> None:
    """As a search finds that is told all cosines by words."""
    rng = np.random.default_rng(seed)
    index, size = ContentIndex.of(documents), len(documents)
    vectors = rng.normal(size=(size, 3))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    near = np.argsort(-(vectors @ vectors.T), axis=1)[:, :4].astype(np.int32)
    row_of = np.arange(size, dtype=np.int32)
    spaces = VectorSpaces(
        (VectorSpace(column=1, floor=0.0, row_of=row_of, vectors=vectors.astype(np.float16), near=near),)
    )

    found, cosines = index.neighbours(3, spaces), all_cosines(index)

    for own in range(size):
        others = np.flatnonzero(cosines[own])
        ids, likeness = spaces.blended(own, others, cosines[own][others].astype(np.float32), size)
        due = np.sort(likeness[(ids != own) & (likeness > LEAST_COSINE + 1e-5)])[::-1][: found.weights.shape[1]]
        assert found.weights[own][: len(due)] == pytest.approx(due, abs=1e-3)


@pytest.mark.parametrize("has_vectors", [False, True])
def test_blocks_find_what_one_search_finds_and_each_is_a_step(
    monkeypatch: pytest.MonkeyPatch, *, has_vectors: bool
) -> None:
    rng = np.random.default_rng(3)
    index = ContentIndex.of([rng.choice(list("茶壶杯盘红绿白黑大小新旧"), 4).tolist() for _ in range(23)])
    vectors = rng.normal(size=(23, 3)).astype(np.float16)
    near = rng.integers(1, 23, size=(23, 4)).astype(np.int32)
    row_of = np.arange(23, dtype=np.int32)
    space = VectorSpace(column=1, floor=0.0, row_of=row_of, vectors=vectors, near=near)
    spaces = VectorSpaces((space,)) if has_vectors else None
    whole, steps = index.neighbours(5, spaces), list[tuple[int, int]]()

    monkeypatch.setattr(content, "_BLOCK", 5)
    found = index.neighbours(5, spaces, lambda done, of: steps.append((done, of)))

    np.testing.assert_array_equal(found.ids, whole.ids)
    np.testing.assert_array_equal(found.weights, whole.weights)
    assert steps == [(5, 23), (10, 23), (15, 23), (20, 23), (23, 23)]
