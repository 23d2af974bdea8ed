"""Training of latent interests: vectors by the recommender's own factorization, chances proven on days not known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from zhanggui.audience.engines.lifetime.histories import Doubles, Ints
from zhanggui.audience.engines.propensity.judging import auc, calibration_error, reliability
from zhanggui.audience.engines.propensity.latent import LatentSpace, Pairs, centers_of, line_of, pairs_of, usual_of
from zhanggui.audience.ports import ItemSpace
from zhanggui.audience.types.predictions import LATENT_DAYS, ReliabilityBin

from .basis import Basis, bins_of
from .categories import Categories

LEAST_CAME = 30
Proven = tuple[LatentSpace | None, dict[str, float], tuple[ReliabilityBin, ...]]


def train_latent(basis: Basis, categories: Categories, items: ItemSpace) -> Proven:
    """A space, its figures and its reliability; no space where too few came to anything new, or it tells nothing.

    The proof learns from all but the last two windows, its line from the one before it, and is judged on the last.
    """
    taught = _window(basis, categories, items, basis.until_day - 2 * LATENT_DAYS)
    judged = _window(basis, categories, items, basis.until_day - LATENT_DAYS)
    if taught is None or judged is None:
        return None, {}, ()
    (_, before), (space, pairs) = taught, judged
    size = len(categories.names)
    usual = usual_of(before, size)
    proof = replace(space, usual=usual, line=line_of(before, usual))
    chance = proof.chances(pairs.near, pairs.category)
    bins = reliability(chance, pairs.came)
    figures = {
        "latent_pairs": float(len(chance)),
        "latent_auc": auc(chance, pairs.came),
        "latent_auc_usual": auc(usual[pairs.category], pairs.came),
        "latent_ece": calibration_error(bins),
    }
    if figures["latent_auc"] <= figures["latent_auc_usual"]:
        return None, figures, bins_of(bins)
    usual = usual_of(pairs, size)
    final = _space(*_known(basis, categories, basis.until_day), categories, items)
    return replace(final, usual=usual, line=line_of(pairs, usual)), figures, bins_of(bins)


def _window(basis: Basis, categories: Categories, items: ItemSpace, until_day: int) -> tuple[LatentSpace, Pairs] | None:
    """A space of what was known on a day, and who came to what in the window after it; None where too few did."""
    person, product = _known(basis, categories, until_day)
    if not len(person):
        return None
    space = _space(person, product, categories, items)
    after = _known(basis, categories, until_day + LATENT_DAYS, since_day=until_day)
    pairs = pairs_of(space, (person, product), after, categories.place)
    came = int(pairs.came.sum())
    return (space, pairs) if LEAST_CAME <= came < len(pairs.came) else None


def _space(person: Ints, product: Ints, categories: Categories, items: ItemSpace) -> LatentSpace:
    size = len(categories.names)
    vectors: Doubles = items.vectors(person, product, len(categories.place))
    centers = centers_of(vectors, categories.place, size)
    return LatentSpace(vectors=vectors, centers=centers, usual=np.full(size, 0.5), line=np.zeros(3))


def _known(basis: Basis, categories: Categories, until_day: int, since_day: int = -(2**31)) -> tuple[Ints, Ints]:
    """(person, product) of what was done with products that have a category, ascending by person."""
    acts = basis.acts
    used = (acts.day > since_day) & (acts.day <= until_day) & (categories.of(acts.product) >= 0)
    order = np.lexsort((acts.product[used], acts.person[used]))
    return acts.person[used][order], acts.product[used][order]
