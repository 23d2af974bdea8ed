"""Learners that know an order: laws, small cases worked by hand, and plain loops beside the compiled ones."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhanggui.recommend.engines.covisitation import CovisitationConfig, covisit
from zhanggui.recommend.engines.interactions import Interactions
from zhanggui.recommend.engines.learners.base import Fitted, Learner
from zhanggui.recommend.engines.learners.candidates import candidates_for
from zhanggui.recommend.engines.learners.cells import Lens
from zhanggui.recommend.engines.learners.covisit import Covisit
from zhanggui.recommend.engines.learners.habits import Habits
from zhanggui.recommend.engines.learners.sequences import Sequences
from zhanggui.recommend.engines.learners.session_kernels import liken
from zhanggui.recommend.engines.learners.sessions import SessionNeighbours

MINUTE_MS = 60_000
SIZE = 7
Sequence = list[int]
NEXT = CovisitationConfig(same=0, after=1, distance=2, by_moment=True, source_power=0, target_power=0, shrink=1)
LEARNERS: list[Learner] = [
    Covisit(),
    Sequences(ridge=0.1),
    SessionNeighbours(),
    SessionNeighbours(whole_people=False, half_life=0.5),
]

sequences = st.lists(st.lists(st.integers(1, SIZE - 1), min_size=1, max_size=7), min_size=1, max_size=12)
either = pytest.mark.parametrize("learner", LEARNERS, ids=lambda learner: learner.name)


def people_who(*sequences: Sequence, strengths: list[list[float]] | None = None) -> Interactions:
    """One person a sequence, one event a minute."""
    person = np.repeat(np.arange(len(sequences)), [len(one) for one in sequences])
    place = np.concatenate([np.arange(len(one)) for one in sequences])
    return Interactions.of(
        person=person,
        product=np.concatenate(sequences),
        at_ms=place * MINUTE_MS,
        strength=np.concatenate(strengths) if strengths else np.ones(len(person)),
        is_purchase=np.zeros(len(person), dtype=bool),
        size=SIZE,
    )


def fitted(learner: Learner, *sequences: Sequence) -> Fitted:
    return learner.fit(people_who(*sequences), rng=np.random.default_rng(0), on_step=lambda _done, _of: None)


WALKS = ([1, 2, 3], [1, 2, 4], [2, 3, 5], [6, 1, 2], [5, 6, 1])


@either
def test_what_followed_is_foreseen_for_somebody_unknown(learner: Learner) -> None:
    scores = fitted(learner, *WALKS).score(people_who([6]), 1)

    assert int(scores[0].argmax()) == 1


@either
def test_a_shopper_is_their_history(learner: Learner) -> None:
    model = fitted(learner, *WALKS)

    together = model.score(people_who([1, 2], [6], [3, 6, 1]), 3)

    for person, history in enumerate(([1, 2], [6], [3, 6, 1])):
        np.testing.assert_allclose(together[person], model.score(people_who(history), 1)[0], rtol=1e-6)


@either
def test_the_newest_event_speaks_loudest(learner: Learner) -> None:
    model = fitted(learner, [1, 3], [1, 3], [2, 4], [2, 4])

    scores = model.score(people_who([1, 2], [2, 1]), 2)

    assert scores[0, 4] > scores[0, 3] > 0
    assert scores[1, 3] > scores[1, 4] > 0


@either
def test_who_did_nothing_gets_nothing(learner: Learner) -> None:
    nobody = people_who([1]).where(np.zeros(1, dtype=bool))

    assert not fitted(learner, *WALKS).score(nobody, 2).any()


@either
def test_nothing_is_learned_from_nobody(learner: Learner) -> None:
    nobody = people_who([1]).where(np.zeros(1, dtype=bool))

    model = learner.fit(nobody, rng=np.random.default_rng(0), on_step=lambda _done, _of: None)

    assert not model.score(people_who([1, 2]), 1).any()


@either
@settings(max_examples=25, deadline=None)
@given(train=sequences, history=st.lists(st.integers(1, SIZE - 1), min_size=1, max_size=6), at=st.integers(0, 5))
def test_a_dismissal_never_helps_what_its_product_leads_to(
    learner: Learner, train: list[Sequence], history: Sequence, at: int
) -> None:
    at %= len(history)
    strengths = [-1.0 if n == at else 1.0 for n in range(len(history))]
    model = learner.fit(people_who(*train), rng=np.random.default_rng(0), on_step=lambda _done, _of: None)

    liked = model.score(people_who(history), 1)[0]
    dismissed = model.score(people_who(history, strengths=[strengths]), 1)[0]

    alone = model.score(people_who([history[at]]), 1)[0]
    if history.count(history[at]) == 1 and not isinstance(learner, SessionNeighbours):
        assert np.all(dismissed[alone > 1e-6] <= liked[alone > 1e-6] + 1e-5)


@settings(max_examples=60, deadline=None)
@given(train=sequences, same=st.sampled_from([0.0, 0.5]), before=st.sampled_from([0.0, 0.4]), crowd=st.booleans())
def test_pairs_are_counted_as_a_plain_loop_counts_them(
    train: list[Sequence], same: float, before: float, crowd: bool
) -> None:
    config = replace(NEXT, neighbours=SIZE, same=same, before=before, crowd_power=0.5 if crowd else 0.0)
    wanted = np.zeros((SIZE, SIZE))
    for one in train:
        best = np.zeros((SIZE, SIZE))
        for i, source in enumerate(one):
            for j, target in enumerate(one):
                weight = (1.0 if j > i else before) * math.exp(-(abs(j - i) - 1) / 2)
                if source != target:
                    best[source, target] = max(best[source, target], weight * len(one) ** -config.crowd_power)
        wanted += best

    found = covisit(config, people_who(*train))

    dense = np.zeros((SIZE, SIZE))
    np.put_along_axis(dense, found.ids.astype(np.int64), found.weights.astype(np.float64), axis=1)
    dense[:, 0] = 0
    np.testing.assert_allclose(dense[1:], wanted[1:], rtol=1e-5)


def test_products_of_one_moment_have_no_order() -> None:
    basket = replace(people_who([1, 2, 3]), at_ms=np.array([0, 0, MINUTE_MS]))

    found = covisit(replace(NEXT, same=0.25), basket)

    assert dict(zip(found.ids[1].tolist(), found.weights[1].tolist(), strict=True)) == {2: 0.25, 3: 1.0} | {0: 0.0}
    assert found.ids[2, :2].tolist() == [3, 1]


@settings(max_examples=20, deadline=None)
@given(train=sequences)
def test_threads_and_mapped_columns_change_nothing(
    train: list[Sequence], tmp_path_factory: pytest.TempPathFactory
) -> None:
    events = people_who(*train)

    plain = covisit(NEXT, events)
    mapped = covisit(NEXT, _mapped(events, tmp_path_factory.mktemp("columns")), threads=2)

    np.testing.assert_array_equal(plain.ids, mapped.ids)
    np.testing.assert_array_equal(plain.weights, mapped.weights)


def _mapped(events: Interactions, folder: Path) -> Interactions:
    for name in ("person", "product", "at_ms", "strength", "is_purchase", "session"):
        np.save(folder / f"{name}.npy", getattr(events, name))
    columns = {path.stem: np.load(path, mmap_mode="r") for path in folder.iterdir()}
    return Interactions(**columns, size=events.size)


@settings(max_examples=40, deadline=None)
@given(train=sequences)
def test_on_all_products_the_local_solution_is_the_ridge_regression(train: list[Sequence]) -> None:
    learner = Sequences(neighbours=SIZE, ridge=0.5, past=2, future=1, lens=Lens(length_power=0))
    before, after = [], []
    for one in train:
        for cut in range(1, len(one)):
            before.append(_faded(reversed(one[:cut]), 2))
            after.append(_faded(iter(one[cut:]), 1))
    scores = fitted(learner, *train).score(people_who(*([n] for n in range(1, SIZE))), SIZE - 1)

    past, future = np.array(before).reshape(-1, SIZE), np.array(after).reshape(-1, SIZE)
    for target in range(1, SIZE):
        near = np.flatnonzero(past.T @ future[:, target])
        solved = np.zeros(SIZE)
        system = past[:, near].T @ past[:, near] + 0.5 * np.eye(len(near))
        solved[near] = np.linalg.solve(system, past[:, near].T @ future[:, target])
        np.testing.assert_allclose(scores[:, target], solved[1:], atol=1e-4)


def _faded(products: object, fading: float) -> list[float]:
    row = [0.0] * SIZE
    for step, product in enumerate(products):  # type: ignore[call-overload, var-annotated]
        row[product] += math.exp(-step / fading)
    return row


def test_a_session_speaks_for_what_came_after_what_is_shared() -> None:
    learner = SessionNeighbours(length_power=0, before=0.5, distance=2, lens=Lens(length_power=0))

    scores = fitted(learner, [3, 1, 4, 5]).score(people_who([1]), 1)

    assert scores[0].tolist() == pytest.approx([0, 0, 0, 0.5, 1.0, math.exp(-0.5), 0])


def test_only_the_likest_sessions_speak() -> None:
    learner = SessionNeighbours(neighbours=1, length_power=0, lens=Lens(length_power=0))

    scores = fitted(learner, [1, 2, 3], [1, 4], [2, 5]).score(people_who([1, 2]), 1)

    assert scores[0, 3] > 0
    assert not scores[0, [4, 5]].any()


def test_a_habit_is_what_was_taken_often_and_lately() -> None:
    learner = Habits(half_life=2)

    scores = fitted(learner, [1]).score(people_who([1, 2, 1, 3], [4]), 2)

    ages = {1: 2**-1.5 + 2**-0.5, 2: 2**-1.0, 3: 1.0}
    shares = [ages.get(product, 0) / sum(ages.values()) for product in range(SIZE)]
    assert scores[0].tolist() == pytest.approx(shares)
    assert scores[1].tolist() == [0, 0, 0, 0, 1, 0, 0]


def test_what_somebody_disliked_is_no_habit() -> None:
    histories = people_who([1, 2], strengths=[[-1.0, -1.0]])

    assert not fitted(Habits(), [1]).score(histories, 1).any()


def test_habits_are_tried_where_products_are_taken_again() -> None:
    names = [one.learner.name for one in candidates_for(people_who([1, 2, 1, 2], [3, 4]))]
    plain = [one.learner.name for one in candidates_for(people_who([1, 2, 3], [2, 3]))]

    assert "habits" in names
    assert "habits" not in plain


def test_what_is_too_long_ago_for_a_float_touches_nothing() -> None:
    """It was noted once a look, past the end of the notes, and took the whole process with it."""
    likeness, touched = np.zeros(2, dtype=np.float32), np.full(2, -1, dtype=np.int64)
    sessions, fresh = np.array([0, 1], dtype=np.int32), np.array([0.1, 0.2], dtype=np.float32)

    found = liken(sessions, np.float32(1e-45), fresh, likeness, touched, 0)
    found = liken(sessions[1:], np.float32(0.5), fresh, likeness, touched, found)

    assert (found, touched.tolist(), likeness.tolist()) == (1, [1, -1], [0.0, pytest.approx(0.1)])


def test_pairs_too_old_for_a_float_are_no_neighbours() -> None:
    """As above: 60 people saw 1 and 2 long ago, by a half-life so short that nothing of it is left."""
    old = people_who(*[[1, 2]] * 60, [3, 4])
    events = replace(old, at_ms=old.at_ms + np.where(old.person == 60, 500 * 24 * 60 * MINUTE_MS, 0))

    model = covisit(replace(NEXT, half_life_days=1.0), events)

    assert model.ids[1].tolist() == [0] * model.ids.shape[1]
    assert model.ids[3][0] == 4


def test_what_few_have_says_more_of_who_is_alike_and_what_many_have_is_held_back() -> None:
    lens = Lens(length_power=0, source_power=1.0, target_power=1.0)
    learner = SessionNeighbours(length_power=0, lens=lens)

    scores = fitted(learner, [1, 3, 2], [1, 4], [6, 4], [5, 3]).score(people_who([1, 5]), 1)

    assert scores[0].tolist() == pytest.approx([0, 0, 0.5 * math.exp(-1 / 4), (0.5 + 1) / 2, 0.5 / 2, 0, 0])


def test_where_places_say_nothing_any_order_of_a_session_speaks_alike() -> None:
    learner = SessionNeighbours(distance=math.inf)

    there, back = (fitted(learner, one, [2, 6]).score(people_who([1, 2]), 1) for one in ([1, 3, 4, 5], [5, 4, 3, 1]))

    assert np.array_equal(there, back)


def test_an_older_session_counts_less() -> None:
    learner = SessionNeighbours(whole_people=False, half_life=0.5, length_power=0, lens=Lens(length_power=0))
    events = people_who([1, 2], [1, 3])
    old = replace(events, at_ms=events.at_ms + np.array([0, 0, 24, 24]) * 60 * MINUTE_MS)
    old = replace(old, session=np.array([0, 0, 1, 1], dtype=np.int32))

    model = learner.fit(old, rng=np.random.default_rng(0), on_step=lambda _done, _of: None)

    scores = model.score(people_who([1]), 1)[0]
    assert scores[2] == pytest.approx(0.25 * scores[3], rel=0.01)
