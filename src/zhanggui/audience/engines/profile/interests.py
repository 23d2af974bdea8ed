"""What somebody likes and avoids: the weights of products, carried up to what products have in common."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from operator import itemgetter

import msgspec

from zhanggui.audience.engines.denied import Shield
from zhanggui.audience.types.profiles import Interest
from zhanggui.kernel.clock import from_ms

from .decay import interest as weight_at
from .goods import Good, GoodOf, Trait
from .places import four
from .state import OrderMark, Thing

MOST = {"product": 6, "category": 4, "attribute": 5, "brand": 2, "price": 2}
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


def liked(things: Iterable[Thing], good_of: GoodOf, now_ms: int, *, is_social: bool) -> list[Liked]:
    """The things that may speak, with their weights as of now, the loudest first.

    Args:
        things: of a state.
        good_of: the catalogue.
        now_ms: the moment.
        is_social: whether shares, follows and invites count: with the person's express consent alone.
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
    sums, traits = _sums(among, factors)
    by_level: dict[str, list[_Sum]] = {level: [] for level in MOST}
    totals = dict.fromkeys(MOST, 0.0)
    avoided: list[_Sum] = []
    for key, weight in sums.items():
        if weight > LEAST:
            level = traits[key].level
            totals[level] += weight
            by_level[level].append((key, weight))
        elif weight < -LEAST:
            avoided.append((key, weight))
    told = [(key, weight, totals[level]) for level in MOST for key, weight in _strongest(by_level[level], MOST[level])]
    avoided.sort(key=_weight)
    shunned = [(key, weight, 0.0) for key, weight in avoided[:AVOIDED]]
    behind = _Behind(among, {key for key, _, _ in told + shunned}, marks, order_ids)
    return (
        tuple([behind.interest(traits[key], weight, total) for key, weight, total in told]),
        tuple([behind.interest(traits[key], weight, total) for key, weight, total in shunned]),
    )


_Sum = tuple[str, float]
"""(key of a trait, what it weighs)."""
_weight = itemgetter(1)


def _strongest(sums: list[_Sum], most: int) -> list[_Sum]:
    """The heaviest; of equal ones the one that the louder product has."""
    sums.sort(key=_weight, reverse=True)
    return sums[:most]


def _sums(among: Sequence[Liked], factors: Mapping[str, float]) -> tuple[dict[str, float], dict[str, Trait]]:
    """Weights by key and the traits themselves, the loudest product's first: the innermost loop of a reading."""
    sums: dict[str, float] = {}
    traits: dict[str, Trait] = {}
    for one in among:
        weight = one.weight
        for key, trait in one.good.told.items():
            if key in sums:
                sums[key] += weight
            else:
                sums[key], traits[key] = weight, trait
    for key in factors.keys() & sums.keys():
        sums[key] *= factors[key]
    return sums, traits


class _Moments(dict[int, datetime]):
    """Moments by epoch ms, each made once: a thing's are told with all of its traits."""

    def __missing__(self, at_ms: int) -> datetime:
        found = self[at_ms] = from_ms(at_ms)
        return found


class _Behind:
    """Tells interests with what is behind them."""

    def __init__(
        self, among: Sequence[Liked], keys: Collection[str], marks: Sequence[OrderMark], order_ids: Mapping[int, str]
    ) -> None:
        self._things: dict[str, list[Liked]] = {key: [] for key in keys}
        things = self._things
        for one in among:
            for key in one.good.told:
                if key in things:
                    things[key].append(one)
        self._moments = _Moments()
        self._by_product: dict[int, list[str]] = {}
        if not order_ids:
            return
        for mark in reversed(marks):
            id_ = order_ids.get(mark.at_ms)
            if id_ is not None:
                for product in mark.products:
                    self._by_product.setdefault(product, []).append(id_)

    def interest(self, trait: Trait, weight: float, total: float) -> Interest:
        """One sum as it is told; `total` is that of its level, 0 for what is avoided."""
        behind = self._things[trait.key]
        first = behind[0].thing
        views, carts, bought, first_ms, last_ms = first.views, first.carts, first.bought, first.first_ms, first.last_ms
        for held in behind[1:]:
            thing = held.thing
            views, carts, bought = views + thing.views, carts + thing.carts, bought + thing.bought
            if thing.first_ms < first_ms:
                first_ms = thing.first_ms
            if thing.last_ms > last_ms:
                last_ms = thing.last_ms
        sure = four(1.0 - math.exp(-abs(weight) / SURE))
        return Interest(
            level=trait.level,
            key=trait.key,
            value=trait.value,
            strength=sure if weight > 0 else -sure,
            share=four(weight / total) if total else 0.0,
            views=views,
            carts=carts,
            purchases=bought,
            since=self._moments[first_ms],
            last=self._moments[last_ms],
            products=tuple([held.good.id for held in behind[:_BEHIND]]),
            orders=self._orders(behind) if bought else (),
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
