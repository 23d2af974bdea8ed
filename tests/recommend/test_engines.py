"""Laws of the engines, and small cases worked by hand."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhanggui.recommend.engines import blend, covisit_kernels, covisitation
from zhanggui.recommend.engines.blend import FEATURES, Choices, fit_blend, prior_blend
from zhanggui.recommend.engines.choosing import FEW, MANY, hold_out_last
from zhanggui.recommend.engines.content import ContentIndex
from zhanggui.recommend.engines.covisitation import CovisitationConfig, Neighbours, covisit
from zhanggui.recommend.engines.ease import EaseConfig, fit_ease
from zhanggui.recommend.engines.first_stage import (
    Blend,
    Graphs,
    History,
    Scored,
    candidates,
    choose,
    digest,
    grounds,
    score,
)
from zhanggui.recommend.engines.interactions import Interactions
from zhanggui.recommend.engines.popularity import Popularity, repeat_rates
from zhanggui.recommend.engines.scratch import Scratch

DAY_MS = 86_400_000
PLAIN = CovisitationConfig(same=1, after=0, before=0, source_power=0, target_power=0, shrink=1)


def some_events(rows: list[tuple[int, int, int]], *, size: int = 6, strength: float = 1.0) -> Interactions:
    """Rows of (person, day, product); one day is one session."""
    person, day, product = (np.array(column, dtype=np.int64) for column in zip(*rows, strict=True))
    return Interactions.of(
        person=person,
        product=product,
        at_ms=day * DAY_MS,
        strength=np.full(len(rows), strength),
        is_purchase=np.ones(len(rows), dtype=bool),
        size=size,
    )


def test_products_of_one_basket_are_neighbours_once_a_person() -> None:
    events = some_events([(1, 0, 1), (1, 0, 2), (1, 5, 1), (1, 5, 2), (2, 0, 1), (2, 0, 2), (2, 0, 3)])

    found = covisit(PLAIN, events)

    assert found.ids[1, :2].tolist() == [2, 3]
    assert found.weights[1, :2].tolist() == [2.0, 1.0]


def test_co_visitation_is_directed() -> None:
    later = CovisitationConfig(same=0, after=1, before=0, source_power=0, target_power=0, shrink=1)

    found = covisit(later, some_events([(1, 0, 1), (1, 1, 2)]))

    assert (found.ids[1, 0], found.ids[2, 0]) == (2, 0)


def test_a_later_session_counts_less_the_further_it_is() -> None:
    later = CovisitationConfig(same=0, after=1, before=0, distance=2, source_power=0, target_power=0, shrink=1)

    found = covisit(later, some_events([(1, 0, 1), (1, 1, 2), (1, 2, 3)]))

    assert found.ids[1, :2].tolist() == [2, 3]
    assert found.weights[1, :2].tolist() == pytest.approx([1.0, np.exp(-0.5)])


def test_a_dismissal_teaches_no_neighbours() -> None:
    found = covisit(PLAIN, some_events([(1, 0, 1), (1, 0, 2)], strength=-1))

    assert not found.ids.any()


pairs = st.lists(st.tuples(st.integers(1, 5), st.integers(0, 3), st.integers(1, 9)), min_size=1, max_size=60)


@settings(max_examples=40, deadline=None)
@given(pairs, st.integers(1, 9))
def test_neighbours_are_the_head_of_a_full_sort(rows: list[tuple[int, int, int]], k: int) -> None:
    events = some_events(rows, size=10)

    full, cut = (covisit(CovisitationConfig(neighbours=n, same=1, after=0.7, before=0.3), events) for n in (9, k))

    np.testing.assert_allclose(cut.weights, full.weights[:, :k])
    assert np.all(np.diff(full.weights, axis=1) <= 0)
    assert not np.any((full.ids == np.arange(10)[:, None]) & (full.weights > 0))


def test_a_count_that_a_step_ends_is_not_gone_on_with(monkeypatch: pytest.MonkeyPatch) -> None:
    blocks, has_left = list[int](), threading.Event()

    class Pool(ThreadPoolExecutor):
        def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
            super().shutdown(wait=False, cancel_futures=cancel_futures)
            has_left.set()
            super().shutdown(wait)

    def count(first: int, *_: object) -> None:
        if blocks:
            assert has_left.wait(5)
        blocks.append(first)

    def leave(_done: int, of: int) -> None:
        assert of > 10
        raise KeyboardInterrupt

    monkeypatch.setattr(covisitation, "ThreadPoolExecutor", Pool)
    monkeypatch.setattr(covisit_kernels, "count_rows", count)
    with pytest.raises(KeyboardInterrupt):
        covisit(PLAIN, some_events([(1, 0, n) for n in range(1, 60)], size=60), on_step=leave)

    assert len(blocks) <= 2  # that which was told, and that which may have been under way


def test_ease_finds_who_bought_both() -> None:
    rows = [(person, day, product) for person in range(20) for day, product in ((0, 1), (1, 2))]
    rows += [(person, day, product) for person in range(20, 40) for day, product in ((0, 3), (1, 4))]

    found = fit_ease(EaseConfig(neighbours=2, ridge=1.0), some_events(rows))

    assert (found.ids[1, 0], found.ids[3, 0]) == (2, 4)


def test_popularity_fades_by_its_half_lives() -> None:
    popularity = Popularity(3, 0)
    one = np.ones(1, dtype=np.float32)

    popularity.add(np.array([1], dtype=np.int32), one, np.array([0]))
    popularity.add(np.array([2], dtype=np.int32), one, np.array([3 * DAY_MS]))

    assert popularity.counts[2, 0] / popularity.counts[1, 0] == pytest.approx(2.0)


@given(st.lists(st.tuples(st.integers(1, 4), st.integers(0, 400)), min_size=1, max_size=30))
def test_popularity_does_not_depend_on_how_events_are_batched(rows: list[tuple[int, int]]) -> None:
    product = np.array([row[0] for row in rows], dtype=np.int32)
    at_ms = np.array([row[1] for row in rows], dtype=np.int64) * DAY_MS
    strength = np.ones(len(rows), dtype=np.float32)
    at_once, singly = Popularity(5, 0), Popularity(5, 0)

    at_once.add(product, strength, at_ms)
    for n in range(len(rows)):
        singly.add(product[n : n + 1], strength[n : n + 1], at_ms[n : n + 1])

    np.testing.assert_allclose(singly.trends(), at_once.trends(), atol=1e-5)


def test_one_lucky_repeat_does_not_beat_many() -> None:
    rows = [(0, day, 1) for day in (0, 5)] + [(p, day, 2) for p in range(1, 11) for day in ((0, 5) if p < 9 else (0,))]
    rows += [(p, 0, 3) for p in range(20, 40)]

    rates = repeat_rates(some_events(rows))

    assert rates[2] > rates[1] > rates[3]


def test_the_last_session_of_everyone_with_two_is_held_out() -> None:
    events = some_events([(1, 0, 1), (1, 3, 2), (1, 3, 3), (2, 0, 4)])

    split = hold_out_last(events)

    assert [(one.person, one.taken.tolist()) for one in split.occasions] == [(1, [2, 3])]
    assert split.past.product.tolist() == [1, 4]


def single_visits(people: range, *, bought: bool = False) -> Interactions:
    """Each looks at three products within a day: at one first, at two together a minute later."""
    rows = [(person, 0, product) for person in people for product in (3, 4, 5)]
    events = some_events(rows)
    minutes = np.tile([0, 1, 1], len(people))
    return replace(events, at_ms=events.at_ms + minutes * 60_000, is_purchase=np.full(len(rows), bought))


def test_where_hardly_anybody_came_back_the_ends_of_many_single_visits_are_held_out() -> None:
    split = hold_out_last(single_visits(range(1, MANY + 1)))

    assert [(one.person, one.taken.tolist()) for one in split.occasions[:2]] == [(1, [4, 5]), (2, [4, 5])]
    assert len(split.occasions) == MANY
    assert set(split.past.product.tolist()) == {3}


@pytest.mark.parametrize(("people", "bought"), [(MANY - 1, False), (MANY, True)])
def test_few_visits_and_baskets_teach_alone(people: int, bought: bool) -> None:
    assert not hold_out_last(single_visits(range(people), bought=bought)).occasions


def test_where_people_came_back_single_visits_teach_alone() -> None:
    back = some_events([(person, day, 1 + day) for person in range(FEW) for day in (0, 3)])
    once = single_visits(range(FEW, FEW + MANY))
    both = Interactions.of(
        **{
            name: np.concatenate([getattr(back, name), getattr(once, name)])
            for name in ("person", "product", "at_ms", "strength", "is_purchase")
        },
        size=6,
    )

    assert len(hold_out_last(both).occasions) == FEW


def test_content_neighbours_share_rare_words_first() -> None:
    index = ContentIndex.of([(), ("茶", "龙井"), ("茶", "龙井"), ("茶", "普洱"), ("杯",)])

    found = index.neighbours(3)

    assert found.ids[1].tolist() == [2, 3, 0]
    assert found.weights[1, 0] == pytest.approx(1.0)


def test_a_document_not_indexed_is_compared_by_all_its_words() -> None:
    index = ContentIndex.of([(), ("茶", "龙井"), ("茶", "普洱"), ("杯",)])

    alone, cosines = index.near(index.vector(("龙井",)))
    with_a_new_word = index.near(index.vector(("龙井", "新词")))[1]

    assert alone.tolist() == [1]
    assert 0 < with_a_new_word[0] < cosines[0] < 1
    assert len(index.near(index.vector(("新词",)))[0]) == 0


def test_the_blend_learns_which_feature_tells() -> None:
    rng = np.random.default_rng(0)
    features = rng.random((400, len(FEATURES)), dtype=np.float32)
    occasion = np.repeat(np.arange(40), 10)
    best = features[:, 3].reshape(40, 10).argmax(axis=1) + np.arange(40) * 10
    taken = np.zeros(400, dtype=np.float32)
    taken[best] = 1

    weights = fit_blend(Choices(features=features, occasion=occasion, taken=taken))

    assert int(np.argmax(weights)) == 3


def test_with_nothing_taken_the_blend_is_the_prior() -> None:
    none = np.zeros(2, dtype=np.float32)
    choices = Choices(
        features=np.zeros((2, len(FEATURES)), dtype=np.float32), occasion=np.zeros(2, dtype=np.int64), taken=none
    )

    assert fit_blend(choices).tolist() == prior_blend().tolist()


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_lowering_a_chip_never_raises_a_product_that_has_it(data: st.DataObject) -> None:
    n = data.draw(st.integers(2, 30))
    floats = st.floats(-5, 5, width=32)
    scores = np.array(data.draw(st.lists(floats, min_size=n, max_size=n)), dtype=np.float32)
    category = np.array([0, *data.draw(st.lists(st.integers(0, 3), min_size=n, max_size=n))], dtype=np.int32)
    has = np.array([False, *data.draw(st.lists(st.booleans(), min_size=n, max_size=n))])

    def placed(strength: float) -> np.ndarray:
        """The place of each product when all are chosen."""
        rows, _ = chosen(scores, has * np.float32(strength), category, k=n)
        return np.argsort(rows)

    before, after = placed(0.0), placed(data.draw(st.floats(0.1, 9)))

    with_chip, without = np.flatnonzero(has[1:]), np.flatnonzero(~has[1:])
    was_behind = before[with_chip][:, None] > before[without][None]
    assert np.all((after[with_chip][:, None] > after[without][None])[was_behind])


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_the_best_k_are_those_of_a_full_sort(data: st.DataObject) -> None:
    n = data.draw(st.integers(1, 40))
    few = st.sampled_from([-2.0, -1.0, 0.0, 0.5, 1.0, 2.0])
    scores = np.array(data.draw(st.lists(few, min_size=n, max_size=n)), dtype=np.float32)
    penalty = np.array([0, *data.draw(st.lists(st.sampled_from([0.0, 1.0]), min_size=n, max_size=n))], dtype=np.float32)
    category = np.array([0, *data.draw(st.lists(st.integers(0, 3), min_size=n, max_size=n))], dtype=np.int32)
    k = data.draw(st.integers(1, 50))

    rows, values = chosen(scores, penalty, category, k)

    given_way = scores - penalty[1:]
    for row in range(n):
        better = (scores > scores[row]) | ((scores == scores[row]) & (np.arange(n) < row))
        same = (category[1:] == category[row + 1]) & (category[row + 1] > 0)
        given_way[row] -= np.float32(0.5 * np.log1p(np.float32((better & same).sum())))
    expected = np.lexsort((np.arange(n), -given_way))[:k]
    assert rows.tolist() == expected.tolist()
    assert values == pytest.approx(given_way[expected], abs=1e-5)


def chosen(scores: np.ndarray, penalty: np.ndarray, category: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    n = len(scores)
    found = Scored(ids=np.arange(1, n + 1, dtype=np.int32), scores=scores, content=np.zeros(n, dtype=np.float32))
    scratch = Scratch(n + 4)
    answer = choose(found, penalty, category, 0.5, k, scratch)
    assert not scratch.counts.any()
    return answer


def test_neighbours_hold_two_arrays_of_one_shape() -> None:
    found = covisit(PLAIN, some_events([(1, 0, 1), (1, 0, 2)]))

    assert isinstance(found, Neighbours)
    assert found.ids.shape == found.weights.shape == (6, 5)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000))
def test_serving_scores_what_learning_describes(seed: int) -> None:
    rng = np.random.default_rng(seed)
    size, events = 12, 8
    one, two, three = (
        Neighbours(
            ids=rng.permuted(np.tile(np.arange(size, dtype=np.int32), (size, 1)), axis=1)[:, :4].copy(),
            weights=rng.random((size, 4), dtype=np.float32),
        )
        for _ in range(3)
    )
    graphs = Graphs(alike=one, together=two, content=three)
    history = History(
        product=rng.integers(1, size, events, dtype=np.int32),
        strength=rng.choice(np.array([0.3, 1.0, -1.0], dtype=np.float32), events),
        is_purchase=rng.random(events) < 0.5,
        at_ms=np.sort(rng.integers(0, 10**10, events))[::-1].copy(),
        now_ms=10**10,
    )
    signals = rng.random((size, 5), dtype=np.float32)
    blocked = rng.random(size) < 0.2
    blocked[0] = True
    weighed = Blend(
        weights=rng.normal(size=15).astype(np.float32), is_newcomer=np.zeros(size, dtype=bool), newcomer_rate=0.0
    )
    always = np.array([1, 2], dtype=np.int32)
    scratch = Scratch(size)
    past = digest(history, scratch)
    shared = {"signals": signals, "scratch": scratch}

    described = candidates(graphs, past, extra=always, blocked=blocked, **shared)
    scored = score(graphs, past, weighed, extra=always, blocked=blocked, only_bought=False, **shared)
    why = grounds(graphs, past, weighed, described.ids, **shared)

    assert scored.ids.tolist() == described.ids.tolist()
    assert scored.scores == pytest.approx(described.features @ weighed.weights, rel=1e-4, abs=1e-4)
    by_factor = np.zeros((len(described.ids), len(blend.FACTORS)))
    np.add.at(by_factor.T, blend.FACTOR_OF, (described.features * weighed.weights).T)
    positive = np.maximum(by_factor, 0)
    positive /= np.maximum(positive.sum(axis=1, keepdims=True), 1e-9)
    assert why.shares == pytest.approx(positive, abs=1e-3)
    assert not scratch.sums.any()
    assert not scratch.slot.any()


def test_the_columns_are_named_as_the_features_are() -> None:
    assert [FEATURES[getattr(blend, name.upper())] for name in FEATURES] == list(FEATURES)
    assert len(blend.FACTOR_OF) == len(FEATURES)
    assert set(blend.FACTOR_OF.tolist()) == set(range(len(blend.FACTORS) - blend.GIVEN))
