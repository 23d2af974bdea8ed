"""What somebody likes and avoids: the weights of products, carried up to what products have in common."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from zhanggui.audience.engines.denied import Shield
from zhanggui.audience.types.profiles import Interest
from zhanggui.kernel.clock import from_ms

from .decay import INTEREST_DAYS, grown
from .goods import Good, GoodOf, Trait
from .state import OrderMark, Thing

MOST = {"product": 10, "category": 6, "attribute": 8, "brand": 4, "price": 3}
"""How many interests of a level are told."""
AVOIDED = 6
SURE = 6.0
"""The weight of one purchase: at that an interest is 0.63 sure."""
LEAST = 0.02
"""Weights below this say nothing any more: a single view of half a year ago."""
_BEHIND = 3


class Liked(msgspec.Struct, gc=False):
    """A thing with what it weighs now, and what it is."""

    thing: Thing
    good: Good
    weight: float


class _Sum(msgspec.Struct, gc=False):
    trait: Trait
    weight: float
    behind: list[Liked]


def liked(things: Iterable[Thing], good_of: GoodOf, now_ms: int, *, is_social: bool) -> list[Liked]:
    """The things that may speak, with their weights as of now, the loudest first.

    Args:
        things: of a state.
        good_of: the catalogue.
        now_ms: the moment.
        is_social: whether shares and follows count: with the person's express consent alone.
    """
    scale = grown(now_ms, INTEREST_DAYS)
    found = []
    for thing in things:
        good = good_of(thing.product)
        if good is not None and good.shield is not Shield.NOTHING:
            weight = (thing.weight + thing.social if is_social else thing.weight) / scale
            found.append(Liked(thing, good, weight))
    found.sort(key=_loudest)
    return found


def _loudest(one: Liked) -> tuple[float, int]:
    return -abs(one.weight), one.good.number


def interests(
    among: Sequence[Liked], marks: Sequence[OrderMark], order_ids: Mapping[int, str], factors: Mapping[str, float]
) -> tuple[tuple[Interest, ...], tuple[Interest, ...]]:
    """(liked, avoided), the strongest first within a level.

    Args:
        among: of `liked`.
        marks: the remembered orders, for evidence.
        order_ids: their ids by moment, as far as they are known.
        factors: by key what the shopper said of an interest: 0 hides it, 2 doubles its weight.
    """
    by_level: dict[str, list[_Sum]] = {level: [] for level in MOST}
    totals = dict.fromkeys(MOST, 0.0)
    avoided: list[_Sum] = []
    for one in _sums(among, factors):
        level = one.trait.level
        if one.weight > LEAST:
            totals[level] += one.weight
            by_level[level].append(one)
        elif one.weight < -LEAST:
            avoided.append(one)
    behind = _Behind(marks, order_ids)
    found = [
        behind.interest(one, totals[level]) for level, most in MOST.items() for one in _strongest(by_level[level], most)
    ]
    return tuple(found), tuple(behind.interest(one, 0.0) for one in _strongest(avoided, AVOIDED))


def _strongest(sums: list[_Sum], most: int) -> list[_Sum]:
    sums.sort(key=lambda one: (-abs(one.weight), one.trait.key))
    return sums[:most]


def _sums(among: Sequence[Liked], factors: Mapping[str, float]) -> Iterable[_Sum]:
    sums: dict[str, _Sum] = {}
    for one in among:
        good = one.good
        sums[good.own.key] = _Sum(good.own, one.weight, [one])
        if good.shield is Shield.PRODUCT:
            continue
        for trait in good.traits:
            found = sums.get(trait.key)
            if found is None:
                sums[trait.key] = _Sum(trait, one.weight, [one])
            else:
                found.weight += one.weight
                found.behind.append(one)
    for key in factors.keys() & sums.keys():
        sums[key].weight *= factors[key]
    return sums.values()


class _Behind:
    """Tells interests with what is behind them."""

    def __init__(self, marks: Sequence[OrderMark], order_ids: Mapping[int, str]) -> None:
        self._by_product: dict[int, list[str]] = {}
        for mark in reversed(marks):
            id_ = order_ids.get(mark.at_ms)
            if id_ is not None:
                for product in mark.products:
                    self._by_product.setdefault(product, []).append(id_)

    def interest(self, one: _Sum, total: float) -> Interest:
        """One sum as it is told; `total` is that of its level, 0 for what is avoided."""
        views = carts = bought = last_ms = 0
        first_ms = one.behind[0].thing.first_ms
        orders: list[str] = []
        for held in one.behind:
            thing = held.thing
            views, carts, bought = views + thing.views, carts + thing.carts, bought + thing.bought
            first_ms, last_ms = min(first_ms, thing.first_ms), max(last_ms, thing.last_ms)
            if thing.bought and len(orders) < _BEHIND:
                orders += self._by_product.get(thing.product, ())
        trait = one.trait
        return Interest(
            level=trait.level,
            key=trait.key,
            value=trait.value,
            strength=round(math.copysign(1.0 - math.exp(-abs(one.weight) / SURE), one.weight), 4),
            share=round(one.weight / total, 4) if total else 0.0,
            views=views,
            carts=carts,
            purchases=bought,
            since=from_ms(first_ms),
            last=from_ms(last_ms),
            products=tuple(held.good.id for held in one.behind[:_BEHIND]),
            orders=tuple(dict.fromkeys(orders))[:_BEHIND],
        )
