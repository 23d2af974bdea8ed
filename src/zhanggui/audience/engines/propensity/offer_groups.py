"""How groups answer to reduced prices: for offers published to all who meet a public condition, never for a person.

The types hold it: what comes out names a group that anybody can see whether they belong to, and holds no person, no
price and nothing that a price could be made of. Groups of fewer than `LEAST_PEOPLE` are not told at all.
Law: PIPL art. 24 (no unreasonable differential treatment in price); 电子商务法 art. 18.

A purchase counts as reduced where a unit cost at least `REDUCED` less than the product's usual price (the median of its
purchases). A group is compared with all buyers of the same products (indirect standardisation): 1 is as everybody. It
tells what people did, not what a reduction would cause.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from zhanggui.audience.engines.lifetime.histories import Doubles, Ints

Condition: TypeAlias = Literal["first_order", "few_orders", "regulars", "away_30", "away_90"]
"""Public conditions of an offer: one order so far, two or three, four or more; not here for 30 or for 90 days."""
CONDITIONS: tuple[Condition, ...] = ("first_order", "few_orders", "regulars", "away_30", "away_90")
REDUCED = 0.05
LEAST_PEOPLE = 20
LEAST_LINES = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """Bought lines, (n,) each: by whom, on which day, what, and the value of one unit in minor units."""

    person: Ints
    day: Ints
    product: Ints
    unit_value: Doubles


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupAnswer:
    """How a group as a whole answers to reduced prices, beside all buyers of the same products.

    `ratio` is how many times as often it bought at a reduced price, with its 95 % interval.
    """

    condition: Condition
    people: int
    lines: int
    ratio: float
    low: float
    high: float


def group_answers(lines: Lines) -> list[GroupAnswer]:
    """One answer a group that is large enough; each line belongs to the groups its buyer was in before that day."""
    if not len(lines.person):
        return []
    order = np.lexsort((lines.product, lines.day, lines.person))
    person, day = lines.person[order], lines.day[order]
    reduced = is_reduced(lines.product, lines.unit_value)[order]
    _, product = np.unique(lines.product[order], return_inverse=True)
    expected = (np.bincount(product, weights=reduced) / np.bincount(product))[product]
    before, away = _standing(person, day)
    inside: dict[Condition, NDArray[np.bool_]] = {
        "first_order": before == 1,
        "few_orders": (before == 2) | (before == 3),
        "regulars": before >= 4,
        "away_30": (away >= 30) & (away < 90),
        "away_90": away >= 90,
    }
    answers = [_answer(condition, person[at], reduced[at], expected[at]) for condition, at in inside.items()]
    return [one for one in answers if one is not None]


def is_reduced(product: Ints, unit_value: Doubles) -> NDArray[np.bool_]:
    """(n,) whether a unit cost clearly less than the product's median."""
    order = np.lexsort((unit_value, product))
    names, start, count = np.unique(product[order], return_index=True, return_counts=True)
    usual = unit_value[order][start + count // 2]
    flags: NDArray[np.bool_] = unit_value <= (1 - REDUCED) * usual[np.searchsorted(names, product)]
    return flags


def _standing(person: Ints, day: Ints) -> tuple[Ints, Ints]:
    """(n,) on how many earlier days the buyer had bought (0: never), and how many days ago the last was (0: never)."""
    opens = np.ones(len(person), dtype=bool)
    opens[1:] = (person[1:] != person[:-1]) | (day[1:] != day[:-1])
    group = np.cumsum(opens) - 1
    owner, on = person[opens], day[opens]
    first = np.flatnonzero(np.diff(owner, prepend=-1) != 0)
    place = np.arange(len(owner)) - np.repeat(first, np.diff(np.append(first, len(owner))))
    away = np.where(place > 0, np.diff(on, prepend=0), 0)
    return place[group], away[group]


def _answer(condition: Condition, person: Ints, reduced: NDArray[np.bool_], expected: Doubles) -> GroupAnswer | None:
    people, total, foreseen = len(np.unique(person)), float(reduced.sum()), float(expected.sum())
    if people < LEAST_PEOPLE or len(person) < LEAST_LINES or foreseen <= 0:
        return None
    # Byar's approximation of the exact Poisson limits (Breslow and Day, 1987, equation 2.13).
    low = total * (1 - 1 / (9 * total) - 1.96 / (3 * total**0.5)) ** 3 / foreseen if total else 0.0
    more = total + 1
    high = more * (1 - 1 / (9 * more) + 1.96 / (3 * more**0.5)) ** 3 / foreseen
    return GroupAnswer(
        condition=condition, people=people, lines=len(person), ratio=total / foreseen, low=max(0.0, low), high=high
    )
