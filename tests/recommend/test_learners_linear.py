"""Learners that need no order, held against their formulas written out with dense matrices."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhanggui.recommend.engines.interactions import Interactions
from zhanggui.recommend.engines.learners.base import Fitted, Learner
from zhanggui.recommend.engines.learners.cells import Lens, cells
from zhanggui.recommend.engines.learners.factors import Factors
from zhanggui.recommend.engines.learners.linear import Ease, LocalEase, invert_in_place
from zhanggui.recommend.engines.learners.spectral import Spectral
from zhanggui.recommend.engines.learners.walks import Walks

SIZE = 9
PLAIN = Lens(length_power=0.0)
LEARNERS: tuple[Learner, ...] = (
    Ease(),
    LocalEase(),
    Walks(),
    Spectral(rank=3),
    Factors(rank=3, sweeps=8),
)
BASKETS = ([1, 2, 3], [1, 2, 4], [2, 3, 5], [6, 7], [6, 7, 8], [1, 3], [5, 2])
either = pytest.mark.parametrize("learner", LEARNERS, ids=lambda learner: learner.name)


def who_took(*baskets: list[int]) -> Interactions:
    """One person a basket, whose products have no order."""
    person = np.repeat(np.arange(len(baskets)), [len(basket) for basket in baskets])
    return Interactions.of(
        person=person,
        product=np.array([product for basket in baskets for product in basket], dtype=np.int64),
        at_ms=np.zeros(len(person), dtype=np.int64),
        strength=np.ones(len(person)),
        is_purchase=np.ones(len(person), dtype=bool),
        size=SIZE,
    )


def fitted(learner: Learner, *baskets: list[int]) -> Fitted:
    return learner.fit(who_took(*baskets), rng=np.random.default_rng(0), on_step=lambda _done, _of: None)


def dense(*baskets: list[int]) -> np.ndarray:
    return np.asarray(cells(who_took(*baskets)).toarray(), dtype=np.float64)


@either
def test_products_of_the_same_people_stand_before_those_of_others(learner: Learner) -> None:
    scores = fitted(learner, *BASKETS).score(who_took([6]), 1)[0]

    assert scores[7] > scores[[1, 2, 3, 4, 5]].max()


@either
def test_a_history_is_scored_alone_as_it_is_among_others(learner: Learner) -> None:
    model = fitted(learner, *BASKETS)

    among = model.score(who_took([1, 2], [6], [3, 5, 7]), 3)

    np.testing.assert_allclose(among[1], model.score(who_took([6]), 1)[0], atol=1e-6)


@either
def test_who_has_no_history_is_told_nothing(learner: Learner) -> None:
    assert not fitted(learner, *BASKETS).score(who_took(), 2).any()


@either
@settings(max_examples=25, deadline=None)
@given(baskets=st.lists(st.lists(st.integers(1, SIZE - 1), max_size=6), max_size=6))
def test_any_behaviour_gives_finite_scores_that_repeat(learner: Learner, baskets: list[list[int]]) -> None:
    first, again = (fitted(learner, *baskets).score(who_took([1], [2, 3]), 2) for _ in range(2))

    assert first.shape == (2, SIZE)
    assert first.dtype == np.float32
    assert np.isfinite(first).all()
    np.testing.assert_array_equal(first, again)


@pytest.mark.parametrize(("dropout", "person_power"), [(0.0, 0.0), (0.3, 0.5)])
def test_ease_is_the_closed_form(dropout: float, person_power: float) -> None:
    rows = dense(*BASKETS)
    gram = rows.T @ (rows / rows.sum(axis=1, keepdims=True) ** person_power)
    gram += np.diag(2.0 + dropout / (1 - dropout) * np.diag(gram))
    inverse = np.linalg.inv(gram)
    expected = -inverse / np.diag(inverse)
    np.fill_diagonal(expected, 0)
    learner = Ease(ridge=2.0, dropout=dropout, person_power=person_power, lens=PLAIN)

    scores = fitted(learner, *BASKETS).score(who_took([1], [6, 2]), 2)

    np.testing.assert_allclose(scores, np.stack([expected[1], expected[6] + expected[2]]), atol=1e-5)


def test_local_ease_is_ease_where_every_product_may_speak() -> None:
    together = ([1, 2, 3, 4, 5, 6, 7, 8], *BASKETS)  # so that everything is near everything
    settings_of_both = {"ridge": 2.0, "person_power": 0.4, "dropout": 0.1, "lens": PLAIN}

    exact = fitted(Ease(**settings_of_both), *together).score(who_took(*BASKETS), len(BASKETS))
    local = fitted(LocalEase(neighbours=SIZE, **settings_of_both), *together).score(who_took(*BASKETS), len(BASKETS))

    np.testing.assert_allclose(local, exact, atol=1e-5)


def test_an_inverse_is_refused_where_there_is_none() -> None:
    with pytest.raises(ValueError, match="not positive definite"):
        invert_in_place(np.zeros((3, 3), dtype=np.float32))


def test_walks_take_two_steps_over_people() -> None:
    rows = dense(*BASKETS)
    popular = rows.sum(axis=0).clip(1)
    steps = rows.T @ (rows / rows.sum(axis=1, keepdims=True) ** 0.7)
    expected = steps / popular[:, None] ** 0.5 / popular[None, :] ** 0.4
    np.fill_diagonal(expected, 0)

    scores = fitted(Walks(person_power=0.7, target_power=0.4, lens=PLAIN), *BASKETS).score(who_took([3]), 1)

    np.testing.assert_allclose(scores[0], expected[3], atol=1e-5)


def test_a_filter_that_passes_all_frequencies_by_their_square_is_the_normalised_gram_matrix() -> None:
    rows = dense(*BASKETS)
    rows /= rows.sum(axis=1, keepdims=True) ** 0.5 * rows.sum(axis=0).clip(1) ** 0.5
    largest = np.linalg.norm(rows, 2)
    learner = Spectral(rank=SIZE, person_power=0.5, product_power=0.5, filter_power=2.0, lens=PLAIN)

    scores = fitted(learner, *BASKETS).score(who_took([1, 4]), 1)

    np.testing.assert_allclose(scores[0], ((rows.T @ rows)[1] + (rows.T @ rows)[4]) / largest**2, atol=1e-4)


def test_factors_of_a_history_solve_its_least_squares() -> None:
    learner = Factors(rank=3, sweeps=3, unseen_weight=0.1, ridge=0.5, frequency_power=1.0, lens=PLAIN)
    model = learner.fit(who_took(*BASKETS), rng=np.random.default_rng(0), on_step=lambda _done, _of: None)
    products = model.products.astype(np.float64)
    system = products[[1, 2]].T @ products[[1, 2]] + 0.1 * products.T @ products
    system += 0.5 * (2 + 0.1 * SIZE) * np.eye(3)

    scores = model.score(who_took([1, 2]), 1)

    np.testing.assert_allclose(scores[0], products @ np.linalg.solve(system, products[[1, 2]].sum(axis=0)), atol=1e-4)


def test_a_lens_holds_back_what_everybody_has() -> None:
    model = fitted(Walks(lens=PLAIN), *BASKETS)
    mass = dense(*BASKETS).sum(axis=0)

    held = replace(model, lens=replace(PLAIN, target_power=0.5)).score(who_took([1]), 1)  # type: ignore[type-var]

    np.testing.assert_allclose(held, model.score(who_took([1]), 1) / np.sqrt(mass.clip(1)), atol=1e-6)


def test_newer_events_weigh_more_only_where_there_is_an_order() -> None:
    ordered = replace(who_took([1, 2]), at_ms=np.array([0, 60_000]))

    assert cells(ordered, half_life=1.0)[0, 1] == 0.5
    assert cells(who_took([1, 2]), half_life=1.0)[0, 1] == 1.0


@pytest.mark.parametrize("learner", [Ease, LocalEase])
def test_recent_targets_weigh_more_in_the_autoencoder(learner: type[Ease | LocalEase]) -> None:
    """Everybody took 1, then 2, then 3: by halves a moment 3 is wanted twice as much as 2 and four times as 1."""
    count, ridge = 5, 2.0
    events = Interactions.of(
        person=np.repeat(np.arange(count), 3),
        product=np.tile([1, 2, 3], count),
        at_ms=np.tile(np.arange(3) * 86_400_000, count),
        strength=np.ones(3 * count),
        is_purchase=np.ones(3 * count, dtype=bool),
        size=4,
    )
    faded = learner(ridge=ridge, person_power=0.0, target_half_life=1.0, lens=PLAIN)

    model = faded.fit(events, rng=np.random.default_rng(0), on_step=lambda _done, _of: None)

    one = Interactions.of(
        person=np.zeros(1, dtype=np.int64),
        product=np.array([1]),
        at_ms=np.zeros(1, dtype=np.int64),
        strength=np.ones(1),
        is_purchase=np.ones(1, dtype=bool),
        size=4,
    )
    # A target rests on the two others: (G + ridge) w = G_target × worth, where all entries of G are `count`.
    share = count / (2 * count + ridge)
    np.testing.assert_allclose(model.score(one, 1)[0, 2:], [share * 0.5, share], rtol=1e-4)
