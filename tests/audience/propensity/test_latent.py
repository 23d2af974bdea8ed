"""Latent interests: by hand in two dimensions, and learned from people of two kinds, with what is denied among them."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest

from zhanggui.app.wiring.predictions import SpectralItems
from zhanggui.audience.engines.propensity.acts import Act, Acts
from zhanggui.audience.engines.propensity.latent import LatentSpace, centers_of, latent_interests, pairs_of, usual_of
from zhanggui.audience.service.predictions.basis import Basis
from zhanggui.audience.service.predictions.categories import Categories
from zhanggui.audience.service.predictions.latent_training import train_latent
from zhanggui.audience.service.predictions.reading import Past

VECTORS = np.array([[0.0, 0.0], [1.0, 0.0], [3.0, 0.0], [3.0, 4.0], [0.0, 2.0]])
CATEGORY = np.array([-1, 0, 0, 1, 2])
SPACE = LatentSpace(
    vectors=VECTORS,
    centers=centers_of(VECTORS, CATEGORY, 3),
    usual=np.array([0.2, 0.2, 0.2]),
    line=np.array([2.0, 1.0, 0.0]),
)


def test_categories_are_near_by_their_direction() -> None:
    assert SPACE.centers == pytest.approx(np.array([[1.0, 0.0], [0.6, 0.8], [0.0, 1.0]]))
    assert SPACE.near(np.array([1, 2, 2])) == pytest.approx([1.0, 0.6, 0.0])
    assert SPACE.near(np.array([0, 99])) == pytest.approx([0.0, 0.0, 0.0])


def test_what_is_near_and_never_seen_is_named_with_a_chance_by_what_draws_there() -> None:
    found = latent_interests(SPACE, np.array([1, 2]), {0}, most=3)

    assert [one.category for one in found] == [1]  # category 2 is at a right angle
    odds = 0.25 * np.exp(2 * 0.6)  # those of 0.2, times e to the line
    assert found[0].chance == pytest.approx(odds / (1 + odds))
    assert found[0].strength == pytest.approx(found[0].chance / 0.2)
    assert found[0].because == (1, 2)
    assert latent_interests(SPACE, np.array([0]), set(), most=3) == []


def test_pairs_are_of_what_was_never_seen() -> None:
    pairs = pairs_of(SPACE, (np.array([7, 7, 8]), np.array([1, 2, 4])), (np.array([7]), np.array([3])), CATEGORY)

    assert list(zip(pairs.category.tolist(), pairs.came.tolist(), strict=True)) == [
        (1, True), (2, False), (0, False), (1, False),
    ]  # fmt: skip
    assert pairs.near == pytest.approx([0.6, 0.0, 0.0, 0.8])
    assert usual_of(pairs, 3) == pytest.approx([5 / 21, 6 / 22, 5 / 21])


def two_kinds(people: int) -> Acts:
    """People keep to four of the categories 0 to 3 or 4 to 7, a new one now and then; all take product 9, denied."""
    rng = np.random.default_rng(5)
    rows = []
    for person in range(people):
        kind = person % 2
        for day in range(0, 150, 5):
            own = 1 + 4 * kind + int(rng.choice(4, p=[0.55, 0.3, 0.1, 0.05]))
            product = own if rng.random() < 0.95 else 1 + int(rng.integers(8))
            rows += [(person + 1, day, product)] if rng.random() < 0.4 else []
        rows.append((person + 1, int(rng.integers(150)), 9))
    person, day, product = np.array(rows).T
    return Acts(
        person=person, day=day, act=np.full(len(rows), Act.BROWSE, dtype=np.int8), product=product,
        value=np.zeros(len(rows)),
    )  # fmt: skip


def test_a_space_that_was_learned_foretells_new_categories_and_nothing_denied_takes_part() -> None:
    acts = two_kinds(300)
    nothing = np.zeros(len(acts), dtype=np.int64)
    past = Past(acts=acts, quantity=nothing, at_ms=nothing, until_seq=1)
    basis = Basis(past=past, until_day=149, at=datetime(2026, 1, 1, tzinfo=UTC), seed=0, present={})
    names = tuple(f"c{n}" for n in range(8))
    categories = Categories(names=names, keys=names, place=np.array([-1, *range(8), -1]))

    space, figures, bins = train_latent(basis, categories, SpectralItems())

    assert space is not None
    assert figures["latent_auc"] > figures["latent_auc_usual"] + 0.05
    assert figures["latent_ece"] < 0.05
    assert sum(one.people for one in bins) == figures["latent_pairs"]
    assert not space.vectors[9].any()
    seen = latent_interests(space, np.array([1, 2]), {0, 1}, most=3)
    assert seen
    assert {one.category for one in seen} <= {2, 3}
    assert latent_interests(space, np.array([9]), set(), most=3) == []
