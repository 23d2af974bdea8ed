"""What somebody may like but never looked at: categories near what they did, in the recommender's own space."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from zhanggui.audience.engines.lifetime.histories import Doubles, Ints

LEAST_STRENGTH = 1.5
"""How many times likelier than for everybody a category must be to be named."""
EXAMPLES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Latent:
    """A category nobody saw them in: how many times likelier than for everybody, by which of their own products."""

    category: int
    strength: float
    because: tuple[int, ...]


def latent_interests(
    near: Mapping[int, tuple[Ints, Doubles]], category: Ints, everybody: Doubles, most: int
) -> list[Latent]:
    """The nearest categories among those that no product of the person belongs to, strongest first.

    Args:
        near: by product of the person the products near it (n,), and how near (n,), at least 0.
        category: by product its category, dense from 0; -1 for none.
        everybody: (categories,) each one's share of what all people do.
        most: how many.
    """
    size, own = len(everybody), {int(category[product]) for product in near}
    drawn = np.zeros(size)
    by_product: dict[int, Doubles] = {}
    for product, (ids, weights) in near.items():
        known = category[ids] >= 0
        parts = np.bincount(category[ids][known], weights=weights[known], minlength=size)
        by_product[product] = parts.astype(np.float64)
        drawn += by_product[product]
    if not drawn.sum():
        return []
    strength = drawn / drawn.sum() / np.maximum(everybody, 1.0 / (10 * size))
    found = [one for one in np.argsort(-strength, kind="stable").tolist() if one not in own]
    return [
        Latent(category=one, strength=float(strength[one]), because=_because(by_product, one))
        for one in found[:most]
        if strength[one] >= LEAST_STRENGTH
    ]


def _because(by_product: Mapping[int, Doubles], category: int) -> tuple[int, ...]:
    drawing = [product for product, parts in by_product.items() if parts[category] > 0]
    return tuple(sorted(drawing, key=lambda product: -by_product[product][category])[:EXAMPLES])
