"""Which products earn a label: a share clearly above the shop's own, with a bound on false ones among all labels.

Each product with enough orders is tested for each label: the chance that a product like any other of the shop shows so
large a share (binomial upper tail, over as many trials as the orders are worth independently). Of all tests those are
kept that hold the share of false ones among the kept at `FALSE_SHARE` or less, and of these the ones whose share is
also large enough to mean something to a shopper.

Sources: Benjamini and Hochberg, "Controlling the false discovery rate", JRSS B 57, 1995,
doi:10.1111/j.2517-6161.1995.tb02031.x; the binomial tail as the regularised incomplete beta function, DLMF 8.17.5,
which also takes counts that are no whole numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from zhanggui.recommend.engines.interactions import Ints

from .counting import Counts, Reals

LEAST_ORDERS = 30
LEAST_WORTH = 20.0
"""Independent opinions behind a label at least: what few people do says nothing of a product, and too much of them."""
FALSE_SHARE = 0.05
LEAST_LIFT, LEAST_GAIN = 1.2, 0.05
"""A label's share is at least so many times the shop's own, and so much above it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Earned:
    """One label of one product.

    Attributes:
        code: of the label.
        product: number.
        hits: in how many of `of` it held.
        of: orders, or buyers.
        orders: of the product.
        share: hits / of.
        shop_share: of all products together.
        chance: adjusted by Benjamini and Hochberg: the share of false ones among the labels that are this sure.
    """

    code: str
    product: int
    hits: int
    of: int
    orders: int
    share: float
    shop_share: float
    chance: float


def earned(counts: Mapping[str, Counts], orders: Reals) -> list[Earned]:
    """The labels that products earn, by code and product number.

    Args:
        counts: by code.
        orders: (size,) of each product.
    """
    among = np.flatnonzero(orders >= LEAST_ORDERS)
    codes = sorted(counts)
    tails = [upper_tail(counts[code], among) for code in codes]
    chances = np.split(adjusted(np.concatenate([np.zeros(0), *tails])), len(codes)) if codes else []
    return [
        one
        for code, chance in zip(codes, chances, strict=True)
        for one in _kept(code, counts[code], orders, among, chance)
    ]


def upper_tail(counts: Counts, among: Ints) -> Reals:
    """(n,) the chance of a share at least as large, were the product like the shop; 1 where nothing was counted."""
    from scipy.special import betainc

    hits, of, worth = counts.hits[among], np.maximum(counts.of[among], 1.0), counts.worth[among]
    successes = hits / of * worth
    is_some = (successes > 0) & (counts.of[among] > 0)
    tail = np.ones(len(among))
    at = successes[is_some]
    tail[is_some] = betainc(at, worth[is_some] - at + 1.0, shop_share(counts))
    return tail


def shop_share(counts: Counts) -> float:
    """The share of the whole shop, this product among the others."""
    return float(counts.hits.sum() / max(counts.of.sum(), 1.0))


def adjusted(chances: Reals) -> Reals:
    """(n,) the smallest bound on the share of false ones at which each is kept."""
    n = len(chances)
    order = np.argsort(chances, kind="stable")
    steps = chances[order] * n / np.arange(1, n + 1)
    held = np.empty(n)
    held[order] = np.minimum(np.minimum.accumulate(steps[::-1])[::-1], 1.0)
    return held


def _kept(code: str, counts: Counts, orders: Reals, among: Ints, chance: Reals) -> list[Earned]:
    average = shop_share(counts)
    share = counts.hits[among] / np.maximum(counts.of[among], 1.0)
    is_broad = counts.worth[among] >= LEAST_WORTH
    is_large = is_broad & (share >= LEAST_LIFT * average) & (share >= average + LEAST_GAIN)
    return [
        Earned(
            code=code,
            product=int(among[n]),
            hits=int(counts.hits[among[n]]),
            of=int(counts.of[among[n]]),
            orders=int(orders[among[n]]),
            share=float(share[n]),
            shop_share=average,
            chance=float(chance[n]),
        )
        for n in np.flatnonzero(is_large & (chance <= FALSE_SHARE)).tolist()
    ]
