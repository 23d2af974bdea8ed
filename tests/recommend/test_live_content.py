"""New and edited products in the content graph of a running process."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhanggui.recommend.engines import live_content
from zhanggui.recommend.engines.answer_kernels import split_evidence
from zhanggui.recommend.engines.content import ContentIndex
from zhanggui.recommend.engines.covisitation import Neighbours
from zhanggui.recommend.engines.first_stage import SOURCES, Graphs, History, candidates, digest, no_neighbours
from zhanggui.recommend.engines.kernels import unlink, weave
from zhanggui.recommend.engines.live_content import CONTENT_NEIGHBOURS, RESERVED, LiveContent
from zhanggui.recommend.engines.scratch import Scratch


class Shelf:
    """Documents by number, and a graph that is told of each change."""

    def __init__(self, *documents: tuple[str, ...]) -> None:
        self.documents = [(), *documents]
        index = ContentIndex.of(self.documents)
        self.live = LiveContent(index.neighbours(CONTENT_NEIGHBOURS))
        self.live.warm(len(self.documents), self.documents.__getitem__)

    def puts(self, *changed: tuple[int, tuple[str, ...]]) -> None:
        for number, document in changed:
            self.documents.extend(() for _ in range(number + 1 - len(self.documents)))
            self.documents[number] = document
        self.live.put([number for number, _ in changed], len(self.documents), self.documents.__getitem__)

    def neighbours(self, number: int) -> set[int]:
        return set(self.live.graph.ids[number].tolist()) - {0}


@pytest.fixture(params=[0, 2_000], ids=["large", "small"])
def shelf(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    monkeypatch.setattr(live_content, "SMALL", request.param)
    return Shelf(*[("茶", "龙井")] * 8, *[("杯", "紫砂")] * 8)


def test_a_new_product_leads_to_what_is_like_it_and_back(shelf: Shelf) -> None:
    shelf.puts((17, ("茶", "龙井")))

    assert shelf.neighbours(17) == set(range(1, 9))
    assert all(17 in shelf.neighbours(number) for number in range(1, 9))
    assert 17 not in shelf.neighbours(9)


def test_new_products_find_one_another_by_words_that_nobody_had(shelf: Shelf) -> None:
    shelf.puts((17, ("香", "沉香")))
    shelf.puts((18, ("香", "沉香")), (19, ("香", "沉香")))

    assert [shelf.neighbours(number) for number in (17, 18, 19)] == [{18, 19}, {17, 19}, {17, 18}]


def test_a_shop_that_began_empty_has_a_graph_of_what_came() -> None:
    shelf = Shelf()

    shelf.puts((1, ("茶", "龙井")), (2, ("茶", "龙井")))
    shelf.puts((3, ("杯",)))
    shelf.puts((4, ("茶", "龙井")))

    assert [shelf.neighbours(number) for number in (1, 2, 3, 4)] == [{2, 4}, {1, 4}, set(), {1, 2}]


def test_an_edited_product_leaves_its_old_neighbours(shelf: Shelf) -> None:
    shelf.puts((1, ("杯", "紫砂")))

    assert shelf.neighbours(1) == set(range(9, 17))
    assert not any(1 in shelf.neighbours(number) for number in range(2, 9))
    assert all(1 in shelf.neighbours(number) for number in range(9, 17))


def test_an_edit_taken_back_is_forgotten(shelf: Shelf) -> None:
    before = [shelf.neighbours(number) for number in range(1, 17)]

    shelf.puts((1, ("杯", "紫砂")))
    shelf.puts((1, ("茶", "龙井")))

    assert [shelf.neighbours(number) for number in range(1, 17)] == before


def test_the_graph_of_the_model_itself_is_left_as_it_is() -> None:
    graph = ContentIndex.of([(), ("茶",), ("茶",)]).neighbours(CONTENT_NEIGHBOURS)
    before = graph.ids.copy()

    LiveContent(graph).put([1, 3], 4, lambda number: ("茶",) if number else ())

    np.testing.assert_array_equal(graph.ids, before)


def test_of_many_alike_the_newest_is_still_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_content, "SMALL", 0)
    shelf = Shelf(*[("茶",)] * 100)

    for number in range(101, 101 + 3 * RESERVED):
        shelf.puts((number, ("茶",)))

    assert 100 + 3 * RESERVED in shelf.neighbours(1)


words = st.lists(st.sampled_from("茶杯壶盘香花"), max_size=4).map(tuple)


@settings(max_examples=40, deadline=None)
@given(st.lists(words, min_size=4, max_size=8), st.lists(st.tuples(st.integers(1, 12), words), max_size=12))
def test_however_products_came_the_graph_holds_each_pair_that_shares_a_word(
    first: list[tuple[str, ...]], changes: list[tuple[int, tuple[str, ...]]]
) -> None:
    shelf = Shelf(*first)

    for change in changes:
        shelf.puts(change)

    for number in range(1, len(shelf.documents)):
        own = set(shelf.documents[number])
        alike = {other for other, its in enumerate(shelf.documents) if other != number and own & set(its)}
        assert shelf.neighbours(number) <= alike
        same = {other for other in alike if sorted(shelf.documents[other]) == sorted(shelf.documents[number])}
        assert same <= shelf.neighbours(number)
        row = shelf.live.graph.ids[number]
        assert not row[np.argmax(row == 0) :].any() or row.all()
        assert len(set(row[row > 0].tolist())) == int((row > 0).sum())


def test_a_full_row_gives_up_its_weakest_for_a_stronger_only() -> None:
    ids = np.array([[0, 0], [5, 6]], dtype=np.int32)
    weights = np.array([[0, 0], [0.9, 0.4]], dtype=np.float32)
    near = np.ones((2, 1), dtype=np.int32)

    weave(ids, weights, np.array([7, 8], dtype=np.int32), near, np.array([[0.3], [0.5]], dtype=np.float32))

    assert ids[1].tolist() == [5, 8]


def test_a_row_has_no_holes_after_products_left_it() -> None:
    ids = np.array([[1, 2, 3, 0]], dtype=np.int32)
    weights = np.array([[0.3, 0.2, 0.1, 0]], dtype=np.float32)

    unlink(ids, weights, np.array([False, True, False, False]))

    assert ids.tolist() == [[3, 2, 0, 0]]


def test_an_answer_of_an_older_moment_passes_over_products_that_it_does_not_know() -> None:
    content = Neighbours(
        ids=np.array([[0, 0], [900, 2], [0, 0]], dtype=np.int32),
        weights=np.array([[0, 0], [1, 0.5], [0, 0]], dtype=np.float32),
    )
    graphs = Graphs(alike=no_neighbours(3), together=no_neighbours(3), content=content)
    one = np.ones(1, dtype=np.int32)
    history = History(
        product=one, strength=one.astype(np.float32), is_purchase=one < 0, at_ms=one.astype(np.int64), now_ms=1
    )
    scratch = Scratch(3)
    past = digest(history, scratch)

    found = candidates(
        graphs,
        past,
        signals=np.zeros((3, 5), dtype=np.float32),
        extra=np.zeros(0, dtype=np.int32),
        blocked=np.array([True, True, False]),
        scratch=scratch,
    )

    assert found.ids.tolist() == [2]
    parts = split_evidence(found.ids, past.products, past.columns, SOURCES, graphs.lists, scratch.slot)
    assert parts[0, 0, 2] == pytest.approx(0.5)
