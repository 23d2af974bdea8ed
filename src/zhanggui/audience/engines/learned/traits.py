"""What tells a group apart: traits of its people that are more common than among everybody."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from zhanggui.audience.types.learned import Lifted, TraitKind
from zhanggui.kernel.intervals import wilson

from .grouping import Labels
from .sketching import HOURS, Liked, Sketch

Trait = tuple[TraitKind, str]
Z = 1.645
"""For 90%."""
TELLING = 1.15
"""Even the lower end of the lift is above this where a trait tells a group apart."""
LIKED = 0.1
MOSTLY_HOURS, MOSTLY_WEEKEND, MOSTLY_ORDERS = 0.4, 0.5, 0.5


def lifted(sketches: Sequence[Sketch], labels: Labels, groups: int, floor: int) -> list[list[Lifted]]:
    """By group what tells it apart, the most telling first.

    Args:
        sketches: n of them.
        labels: (n,) their groups.
        groups: how many there are.
        floor: a trait of fewer people of a group is not told.
    """
    small, large = _thirds(sketches)
    texts = _texts(sketches)
    everybody: Counter[Trait] = Counter()
    inside: list[Counter[Trait]] = [Counter() for _ in range(groups)]
    for one, group in zip(sketches, labels.tolist(), strict=True):
        own = set(_traits(one, small, large))
        everybody.update(own)
        inside[group].update(own)
    sizes = np.bincount(labels, minlength=groups).tolist()
    found = []
    for counted, size in zip(inside, sizes, strict=True):
        told = [
            _lift(trait, people, size, everybody[trait] / len(sketches), texts.get(trait, ""))
            for trait, people in counted.items()
            if people >= floor
        ]
        telling = [one for one in told if one.low >= TELLING and (one.kind != "order" or one.share >= MOSTLY_ORDERS)]
        found.append(sorted(telling, key=lambda one: (-_says(one), one.kind, one.key)))
    return found


def _lift(trait: Trait, people: int, size: int, of_all: float, text: str) -> Lifted:
    share = people / size
    low, high = wilson(share, size, Z)
    return Lifted(
        kind=trait[0],
        key=trait[1],
        text=text,
        people=people,
        share=round(share, 2),
        of_all=round(of_all, 2),
        lift=round(share / of_all, 2),
        low=round(low / of_all, 2),
        high=round(high / of_all, 2),
    )


def _says(one: Lifted) -> float:
    """How much a trait says of a group: common in it, and rare beside it."""
    return one.share * math.log(one.low)


def _traits(one: Sketch, small: float, large: float) -> Iterator[Trait]:
    yield from (("category", key) for key, liked in one.categories.items() if liked.strength >= LIKED)
    yield from (("tag", code) for code in one.tags)
    if one.orders:
        yield "stage", one.stage
        basket = one.spent_minor / one.orders
        if basket <= small:
            yield "order", "small"
        elif basket >= large:
            yield "order", "large"
    else:
        yield "unbought", ""
    part = max(range(len(HOURS)), key=one.hours.__getitem__)
    if one.hours[part] >= MOSTLY_HOURS:
        yield "hours", list(HOURS)[part]
    if one.weekend >= MOSTLY_WEEKEND:
        yield "weekend", ""
    if one.prices:
        yield "price", _most(one.prices)


def _most(liked: Mapping[str, Liked]) -> str:
    return max(liked, key=lambda key: (liked[key].share, key))


def _thirds(sketches: Sequence[Sketch]) -> tuple[float, float]:
    """Where orders part into thirds by what they come to; without any spread nobody's is small or large."""
    baskets = [one.spent_minor / one.orders for one in sketches if one.orders]
    low, high = np.quantile(baskets, (1 / 3, 2 / 3)) if baskets else (0.0, 0.0)
    return (float(low), float(high)) if low < high else (-math.inf, math.inf)


def _texts(sketches: Sequence[Sketch]) -> dict[Trait, str]:
    found: dict[Trait, str] = {}
    for one in sketches:
        found |= {("category", key): liked.text for key, liked in one.categories.items()}
        found |= {("price", key): liked.text for key, liked in one.prices.items()}
    return found
