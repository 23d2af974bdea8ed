"""What served lists show: how varied, how new, how evenly, and how narrow each person's are. Pure counts.

Sources: entropy of categories as in Ge, Delgado-Battenfeld and Jannach, RecSys 2010, doi:10.1145/1864708.1864761;
novelty as in Castells, Hurley and Vargas, 2015, doi:10.1007/978-1-4899-7637-6_26.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zhanggui.recommend.engines.evaluation.variety import gini
from zhanggui.recommend.engines.interactions import Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Wares:
    """What is known of products, by number.

    Attributes:
        category: (size,) number of the category, 0 for none.
        seller_ms: (size,) when the first product of its seller came.
        rarity: (size,) -log2(share of people who wanted it), in bits.
        is_sellable: (size,).
    """

    category: NDArray[np.int32]
    seller_ms: Ints
    rarity: Floats
    is_sellable: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """Figures over places; see `ExposureDay`."""

    entropy: float
    novelty: float
    new_sellers: float
    gini: float
    shown: float


def exposure_of(product: Ints, at_ms: Ints, wares: Wares, new_ms: int) -> Exposure:
    """Look at places (n,), one product and moment each; n is at least 1."""
    counts = np.bincount(product, minlength=len(wares.category))
    on_sale = wares.is_sellable | (counts > 0)
    return Exposure(
        entropy=bits(np.bincount(wares.category[product])),
        novelty=float(wares.rarity[product].mean()),
        new_sellers=float((at_ms - wares.seller_ms[product] < new_ms).mean()),
        gini=gini(counts[on_sale]),
        shown=float((counts > 0).sum() / on_sale.sum()),
    )


def rarity_of(wanted_by: NDArray[np.int64], people: int) -> Floats:
    """(size,) how little known products are, in bits; one that nobody wanted counts as wanted by one."""
    rarity: Floats = -np.log2(np.maximum(wanted_by, 1) / max(people, 1)).astype(np.float32)
    return rarity


def bits(counts: NDArray[Any]) -> float:
    """Entropy of counts (n,), in bits; 0 for none."""
    shares = counts[counts > 0] / max(counts.sum(), 1)
    return float(abs((shares * np.log2(shares)).sum()))


def bubbles_of(person: Ints, category: NDArray[np.int32], kinds: int) -> NDArray[np.float64]:
    """(people,) how narrow each person's places (n,) are, in [0, 1]; places of no category are left out.

    Args:
        person: whose place it is, any numbers.
        category: of the product that stood there.
        kinds: how many categories there are; with fewer than two nobody is in a bubble.
    """
    known = category > 0
    numbers, row = np.unique(person[known], return_inverse=True)
    if len(numbers) == 0 or kinds < 2:
        return np.zeros(len(numbers))
    cells, counts = np.unique(np.stack([row, category[known]]), axis=1, return_counts=True)
    totals = np.bincount(cells[0], weights=counts)
    shares = counts / totals[cells[0]]
    entropy = np.bincount(cells[0], weights=-shares * np.log2(shares))
    narrow: NDArray[np.float64] = np.clip(1 - entropy / np.log2(kinds), 0, 1)
    return narrow


def spread_of(parts: NDArray[np.float64]) -> float:
    """Standard error of an estimate, from the estimates (groups,) that each leave one group of cases out.

    The delete-a-group jackknife, Kott, Journal of Official Statistics 17, 2001.
    """
    groups = len(parts)
    return float(np.sqrt((groups - 1) / groups * ((parts - parts.mean()) ** 2).sum()))
