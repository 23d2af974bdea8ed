"""What somebody may like but never looked at: categories near to them in a space of products, as calibrated chances.

Products are vectors, learned from who did what with which. A person is the direction of the sum of what they did
something with; a category is the direction of its products. How near the two lie, and how common the category is, give
the chance that somebody who was never seen in it comes to it within the next days: a logistic regression, learned on
days after those that the vectors were learned from. Products of no category (among them all that the deny list
shields) have no vector: they draw nobody near to anything, and nothing is named for them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhanggui.audience.engines.lifetime.histories import Doubles, Ints
from zhanggui.kernel.logistic import fit_logistic, sigmoid

LEAST_STRENGTH = 1.2
"""How many times likelier than for others who were never seen in it a category must be to be named."""
EXAMPLES = 3
LIKE_ALL = 20.0
"""So many people of the usual rate stand before those of a category."""
_AROUND = np.array([0.0, 1.0, 0.0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """People and categories that they were never seen in: how near, which category, whether they came; (n,) each."""

    near: Doubles
    category: Ints
    came: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class LatentSpace:
    """Nobody is in it.

    Attributes:
        vectors: (products, rank), 0 for products without one.
        centers: (categories, rank) of length 1, or 0.
        usual: (categories,) share of those never seen in one who came to it in the days after.
        line: (3,) weights of nearness, of the log odds of `usual`, and of one.
    """

    vectors: Doubles
    centers: Doubles
    usual: Doubles
    line: Doubles

    def near(self, products: Ints) -> Doubles:
        """(categories,) how near somebody lies who did something with these products; 0 for nothing known."""
        known = np.unique(products[products < len(self.vectors)])
        return self.centers @ unit(self.vectors[known].sum(axis=0))

    def chances(self, near: Doubles, category: Ints) -> Doubles:
        """(n,) of coming to categories."""
        return sigmoid(_design(near, self.usual[category]) @ self.line)

    def because(self, products: Ints, category: int) -> list[int]:
        """Some of the products that draw somebody near, the nearest first."""
        known = np.unique(products[products < len(self.vectors)])
        draw = unit(self.vectors[known]) @ self.centers[category]
        return [int(known[at]) for at in np.argsort(-draw, kind="stable")[:EXAMPLES] if draw[at] > 0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Latent:
    """A category nobody saw them in: the chance that they come, how many times likelier, by which of their products."""

    category: int
    chance: float
    strength: float
    because: tuple[int, ...]


def latent_interests(space: LatentSpace, products: Ints, unnamed: set[int], most: int) -> list[Latent]:
    """Categories by how much likelier they are than for others never seen in them, without those of `unnamed`."""
    near, all_of = space.near(products), np.arange(len(space.usual))
    if not near.any():
        return []
    chance = space.chances(near, all_of)
    strength = chance / space.usual
    order = [one for one in np.argsort(-strength, kind="stable").tolist() if one not in unnamed and near[one] > 0]
    return [
        Latent(
            category=one,
            chance=float(chance[one]),
            strength=float(strength[one]),
            because=tuple(space.because(products, one)),
        )
        for one in order[:most]
        if strength[one] >= LEAST_STRENGTH
    ]


def centers_of(vectors: Doubles, category: Ints, size: int) -> Doubles:
    """(size, rank) the direction of the products of each category; `category` (products,) -1 for none."""
    known = np.flatnonzero(category[: len(vectors)] >= 0)
    centers = np.zeros((size, vectors.shape[1]))
    np.add.at(centers, category[known], vectors[known])
    return unit(centers)


def pairs_of(space: LatentSpace, before: tuple[Ints, Ints], after: tuple[Ints, Ints], category: Ints) -> Pairs:
    """People seen before with what they were never seen in; both are (person, product), ascending by person."""
    size, near, which, came = len(space.usual), [], [], []
    later_of = _by_person(*after)
    for person, products in _by_person(*before).items():
        seen = np.unique(category[products])
        unseen = np.setdiff1d(np.arange(size), seen)
        later = np.unique(category[later_of[person]]) if person in later_of else seen[:0]
        near.append(space.near(products)[unseen])
        which.append(unseen)
        came.append(np.isin(unseen, later))
    if not near:
        return Pairs(near=np.zeros(0), category=np.zeros(0, dtype=np.int64), came=np.zeros(0, dtype=np.bool_))
    return Pairs(near=np.concatenate(near), category=np.concatenate(which), came=np.concatenate(came))


def usual_of(pairs: Pairs, size: int) -> Doubles:
    """(size,) the share of each category, leaning on that of all."""
    all_of = np.bincount(pairs.category, minlength=size)
    came = np.bincount(pairs.category, weights=pairs.came, minlength=size)
    rate = max(float(pairs.came.mean()), 1e-6)
    usual: Doubles = (came + LIKE_ALL * rate) / (all_of + LIKE_ALL)
    return usual


def line_of(pairs: Pairs, usual: Doubles) -> Doubles:
    """(3,) weights that foretell the pairs best."""
    return fit_logistic(_design(pairs.near, usual[pairs.category]), pairs.came, start=_AROUND, around=_AROUND)


def unit(rows: Doubles) -> Doubles:
    """Rows of length 1; 0 stays 0."""
    length = np.linalg.norm(rows, axis=-1, keepdims=True)
    scaled: Doubles = rows / np.where(length > 0, length, 1.0)
    return scaled


def _design(near: Doubles, usual: Doubles) -> Doubles:
    return np.column_stack([near, np.log(usual) - np.log1p(-usual), np.ones(len(near))])


def _by_person(person: Ints, product: Ints) -> dict[int, Ints]:
    people, starts = np.unique(person, return_index=True)
    return dict(zip(people.tolist(), np.split(product, starts[1:]), strict=True))
