"""Factors that words speak for: the normal equations by hand, and a product that nobody took yet."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse

from zhanggui.recommend.engines.interactions import Interactions
from zhanggui.recommend.engines.learners.cells import Lens
from zhanggui.recommend.engines.learners.factors import Factors, mapped, solve, words_of

RANK = 3


def test_the_ridge_pulls_factors_to_their_prior_exactly() -> None:
    rng = np.random.default_rng(0)
    taken = np.array([[1, 0, 1, 0], [0, 1, 0, 0], [0, 0, 0, 0]], dtype=np.float32)
    fixed, prior = rng.normal(size=(4, RANK)).astype(np.float32), rng.normal(size=(3, RANK)).astype(np.float32)
    ridge, unseen = np.array([0.5, 2.0, 1.0], dtype=np.float32), 0.1
    free = np.zeros((3, RANK), dtype=np.float32)

    solve(scipy.sparse.csr_matrix(taken), fixed, free, unseen, ridge, 20, prior)

    for row in (0, 1):
        system = unseen * fixed.T @ fixed + fixed.T @ np.diag(taken[row]) @ fixed + ridge[row] * np.eye(RANK)
        wanted = np.linalg.solve(system, fixed.T @ taken[row] + ridge[row] * prior[row])
        np.testing.assert_allclose(free[row], wanted, rtol=1e-3, atol=1e-5)
    np.testing.assert_array_equal(free[2], prior[2])


def test_the_map_from_words_solves_its_normal_equations() -> None:
    rng = np.random.default_rng(1)
    words = rng.random((6, 4)).astype(np.float32)
    factors = rng.normal(size=(6, RANK)).astype(np.float32)
    ridge = np.array([1.0, 2.0, 0.5, 3.0, 0.0, 1.0], dtype=np.float32)

    said = mapped(scipy.sparse.csr_matrix(words), factors, ridge, 0.3)

    system = words.T @ np.diag(ridge) @ words + 0.3 * ridge.sum() / 5 * np.eye(4)
    by_hand = words @ np.linalg.solve(system, words.T @ np.diag(ridge) @ factors)
    np.testing.assert_allclose(said, by_hand, rtol=1e-3, atol=1e-4)


def test_a_product_that_nobody_took_stands_beside_those_of_its_words() -> None:
    model = with_words().fit(two_kinds(), rng=np.random.default_rng(0), on_step=lambda _done, _of: None)

    green, black = (model.score(history(product), 1)[0] for product in (1, 6))

    assert green[11] > green[12]
    assert black[12] > black[11]
    assert green[11] > np.median(green[6:11])


def test_without_words_nothing_speaks_for_it() -> None:
    model = Factors(rank=RANK, lens=Lens(length_power=0.0)).fit(
        two_kinds(), rng=np.random.default_rng(0), on_step=lambda _done, _of: None
    )

    assert model.score(history(1), 1)[0, 11] == 0.0


def test_a_document_is_wanted_for_each_product_number() -> None:
    with pytest.raises(ValueError, match="2 documents for 13 product numbers"):
        words_of([[], ["绿茶"]], 13)


def with_words() -> Factors:
    documents = [[], *[["绿茶"]] * 5, *[["红茶"]] * 5, ["绿茶"], ["红茶"]]
    return Factors(rank=RANK, documents=documents, lens=Lens(length_power=0.0))


def two_kinds() -> Interactions:
    """Half of the people take products 1 to 5, half 6 to 10; nobody 11 and 12."""
    rng = np.random.default_rng(0)
    person = np.repeat(np.arange(60), 3)
    product = np.concatenate([rng.choice(5, 3, replace=False) + 1 + 5 * (n % 2) for n in range(60)])
    return events(person, product)


def history(product: int) -> Interactions:
    return events(np.zeros(1, dtype=np.int64), np.array([product]))


def events(person: np.ndarray, product: np.ndarray) -> Interactions:
    return Interactions.of(
        person=person,
        product=product,
        at_ms=np.zeros(len(person), dtype=np.int64),
        strength=np.ones(len(person)),
        is_purchase=np.ones(len(person), dtype=bool),
        size=13,
    )
