"""What somebody likes and avoids: the weights of products, carried up to what products have in common."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from operator import attrgetter

import msgspec

from zhanggui.audience.engines.denied import Shield
from zhanggui.audience.types.profiles import Interest
from zhanggui.kernel.clock import from_ms

from .decay import interest as weight_at
from .goods import Good, GoodOf, Trait
from .state import OrderMark, Thing

MOST = {"product": 6, "category": 4, "attribute": 5, "brand": 2, "price": 2}
"""How many interests of a level are told."""
AVOIDED = 6
SURE = 6.0
"""The weight of one purchase: at that an interest is 0.63 sure."""
_weight = attrgetter("weight")
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
    scale = weight_at(now_ms)
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
    avoided.sort(key=_weight)
    return tuple(found), tuple([behind.interest(one, 0.0) for one in avoided[:AVOIDED]])


def _strongest(sums: list[_Sum], most: int) -> list[_Sum]:
    """The heaviest; of equal ones the one that the louder product has."""
    sums.sort(key=_weight, reverse=True)
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
        self._moments: dict[int, datetime] = {}  # a thing's moments are told with each of its traits
        self._by_product: dict[int, list[str]] = {}
        if not order_ids:
            return
        for mark in reversed(marks):
            id_ = order_ids.get(mark.at_ms)
            if id_ is not None:
                for product in mark.products:
                    self._by_product.setdefault(product, []).append(id_)

    def _moment(self, at_ms: int) -> datetime:
        found = self._moments.get(at_ms)
        if found is None:
            found = self._moments[at_ms] = from_ms(at_ms)
        return found

    def interest(self, one: _Sum, total: float) -> Interest:
        """One sum as it is told; `total` is that of its level, 0 for what is avoided."""
        first = one.behind[0].thing
        views, carts, bought, first_ms, last_ms = first.views, first.carts, first.bought, first.first_ms, first.last_ms
        for held in one.behind[1:]:
            thing = held.thing
            views, carts, bought = views + thing.views, carts + thing.carts, bought + thing.bought
            if thing.first_ms < first_ms:
                first_ms = thing.first_ms
            if thing.last_ms > last_ms:
                last_ms = thing.last_ms
        weight, trait = one.weight, one.trait
        sure = 1.0 - math.exp(-abs(weight) / SURE)
        return Interest(
            level=trait.level,
            key=trait.key,
            value=trait.value,
            strength=round(sure if weight > 0 else -sure, 4),
            share=round(weight / total, 4) if total else 0.0,
            views=views,
            carts=carts,
            purchases=bought,
            since=self._moment(first_ms),
            last=self._moment(last_ms),
            products=tuple([held.good.id for held in one.behind[:_BEHIND]]),
            orders=self._orders(one.behind) if bought else (),
        )

    def _orders(self, behind: Sequence[Liked]) -> tuple[str, ...]:
        """The latest orders with the loudest of these."""
        found: dict[str, None] = {}
        for held in behind:
            if held.thing.bought:
                found |= dict.fromkeys(self._by_product.get(held.thing.product, ()))
                if len(found) >= _BEHIND:
                    break
        return tuple(found)[:_BEHIND]
