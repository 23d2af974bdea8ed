"""Portraits of groups: aggregates beside everybody's, none of fewer people than the floor, none one person's own."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from zhanggui.audience.types.learned import Example, Figure, FigureName, Lifted, Part, Portrait

from .sketching import HOURS, Sketch, may_group
from .space import STAGES
from .traits import LIKED, Z

UNBOUGHT = "unbought"
MOST_COMMON, MOST_CATEGORIES, MOST_EXAMPLES = 8, 5, 5
_FIGURES: Mapping[FigureName, Callable[[Sketch], float | None]] = {
    "orders": lambda one: float(one.orders),
    "spent_minor": lambda one: float(one.spent_minor),
    "order_minor": lambda one: one.spent_minor / one.orders if one.orders else None,
    "idle_days": lambda one: one.idle_days if one.orders else None,
}


def portrait(own: Sequence[Sketch], everybody: Sequence[Sketch], telling: Sequence[Lifted], floor: int) -> Portrait:
    """The portrait of a group.

    Args:
        own: the people of the group.
        everybody: all who were learned from, these too.
        telling: what tells it apart, the most telling first.
        floor: nothing is told of fewer people.
    """
    return Portrait(
        people=len(own),
        share=round(len(own) / len(everybody), 3),
        figures=tuple(found for name in _FIGURES if (found := _figure(name, own, everybody, floor)) is not None),
        categories=tuple(one for one in telling if one.kind == "category")[:MOST_CATEGORIES],
        common=tuple(telling[:MOST_COMMON]),
        stages=_stages(own, everybody, floor),
        hours=_hours(own, everybody),
        weekend=round(_mean([one.weekend for one in own]), 2),
        weekend_of_all=round(_mean([one.weekend for one in everybody]), 2),
        examples=_examples(own, everybody, floor),
    )


def _figure(name: FigureName, own: Sequence[Sketch], everybody: Sequence[Sketch], floor: int) -> Figure | None:
    take = _FIGURES[name]
    values = np.array([value for one in own if (value := take(one)) is not None], dtype=np.float64)
    if len(values) < floor or sum(one.orders > 0 for one in own) < floor:
        return None
    half = Z * float(values.std(ddof=1)) / math.sqrt(len(values)) if len(values) > 1 else 0.0
    mean, of_all = float(values.mean()), _mean([value for one in everybody if (value := take(one)) is not None])
    low, high = max(mean - half, 0.0), mean + half
    return Figure(name=name, mean=_coarse(mean), low=_coarse(low), high=_coarse(high), of_all=_coarse(of_all))


def _stages(own: Sequence[Sketch], everybody: Sequence[Sketch], floor: int) -> tuple[Part, ...]:
    inside, all_ = Counter(map(_stage, own)), Counter(map(_stage, everybody))
    hidden = _hidden(inside, floor)
    return tuple(
        Part(
            key=key,
            share=None if key in hidden else round(inside[key] / len(own), 2),
            of_all=round(all_[key] / len(everybody), 2),
        )
        for key in (UNBOUGHT, *STAGES)
        if all_[key] >= floor
    )


def _hidden(counted: Mapping[str, int], floor: int) -> set[str]:
    """Cells that may not be told: the small ones, and so many more that their sum is not small either."""
    ranked = sorted((people, key) for key, people in counted.items() if people)
    hidden = {key for people, key in ranked if people < floor}
    together = sum(people for people, key in ranked if key in hidden)
    for people, key in ranked:
        if 0 < together < floor and key not in hidden:
            hidden.add(key)
            together += people
    return hidden


def _stage(one: Sketch) -> str:
    return one.stage if one.orders else UNBOUGHT


def _hours(own: Sequence[Sketch], everybody: Sequence[Sketch]) -> tuple[Part, ...]:
    mine, all_ = np.mean([one.hours for one in own], axis=0), np.mean([one.hours for one in everybody], axis=0)
    return tuple(
        Part(key=key, share=round(float(mine[place]), 2), of_all=round(float(all_[place]), 2))
        for place, key in enumerate(HOURS)
    )


def _examples(own: Sequence[Sketch], everybody: Sequence[Sketch], floor: int) -> tuple[Example, ...]:
    inside, all_, titles = Counter[str](), Counter[str](), dict[str, str]()
    for sketches, counted in ((own, inside), (everybody, all_)):
        for one in sketches:
            liked = {id_: thing for id_, thing in one.products.items() if thing.strength >= LIKED}
            counted.update(list(liked))
            titles |= {id_: thing.title for id_, thing in liked.items()}
    found = [
        Example(
            product_id=id_,
            title=titles[id_],
            people=people,
            lift=round(people / len(own) / (all_[id_] / len(everybody)), 2),
        )
        for id_, people in inside.items()
        if people >= floor and may_group(titles[id_])
    ]
    found = [one for one in found if one.lift > 1]
    found.sort(key=lambda one: (-one.people * math.log(max(one.lift, 1.0)), -one.people, one.product_id))
    return tuple(found[:MOST_EXAMPLES])


def _mean(values: Sequence[float]) -> float:
    return float(np.mean(values)) if values else 0.0


def _coarse(value: float) -> float:
    """Three digits: a mean of few people's money is then no key to anybody's orders."""
    return float(f"{value:.3g}")
