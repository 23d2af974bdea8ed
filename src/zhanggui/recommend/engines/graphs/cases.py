"""The questions by which lists are chosen: a history weighed as in serving, and what the shopper took next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from zhanggui.recommend.engines.choosing import HISTORY_LIMIT, Occasion, Split
from zhanggui.recommend.engines.evaluation.tasks import Task, task_of
from zhanggui.recommend.engines.first_stage import SOURCES, History, digest
from zhanggui.recommend.engines.interactions import Floats, Interactions
from zhanggui.recommend.engines.scratch import Scratch

Graph = Literal["alike", "together"]
_COLUMN: dict[Graph, int] = {"alike": 0, "together": 1}
"""Of a digested history: by which weight serving adds up the lists of a graph."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    products: NDArray[np.int32]
    weights: Floats
    taken: NDArray[np.int32]


def cases_of(split: Split, occasions: list[Occasion], graph: Graph) -> Task:
    """One case an occasion whose person has a history: which products that they did not have did they take?"""
    scratch = Scratch(split.past.size)
    asked = [_asked(split.past, one, _COLUMN[graph], scratch) for one in occasions]
    lengths, targets = [len(one.products) for one in asked], [len(one.taken) for one in asked]
    return task_of(
        "sessions",
        split.past,
        _histories(asked, lengths, split.past.size),
        case=np.repeat(np.arange(len(asked)), targets),
        target=np.concatenate([np.zeros(0, dtype=np.int32), *(one.taken for one in asked)]),
        owners=np.arange(len(asked)),
        keep_seen=False,
        inside=lambda task, _rng: task,
    )


def _histories(asked: list[_Asked], lengths: list[int], size: int) -> Interactions:
    person = np.repeat(np.arange(len(asked)), lengths)
    count = len(person)
    return Interactions(
        person=person,
        product=np.concatenate([np.zeros(0, dtype=np.int32), *(one.products for one in asked)]),
        at_ms=np.zeros(count, dtype=np.int64),
        strength=np.concatenate([np.zeros(0, dtype=np.float32), *(one.weights for one in asked)]),
        is_purchase=np.zeros(count, dtype=np.bool_),
        session=person.astype(np.int32),
        size=size,
    )


def _asked(past: Interactions, occasion: Occasion, column: int, scratch: Scratch) -> _Asked:
    start, end = np.searchsorted(past.person, [occasion.person, occasion.person + 1])
    end = start + int(np.searchsorted(past.at_ms[start:end], occasion.at_ms))
    rows = slice(max(start, end - HISTORY_LIMIT), end)
    seen = digest(
        History(
            product=past.product[rows][::-1].copy(),
            strength=past.strength[rows][::-1].copy(),
            is_purchase=past.is_purchase[rows][::-1].copy(),
            at_ms=past.at_ms[rows][::-1].copy(),
            now_ms=occasion.at_ms,
        ),
        scratch,
    )
    used = np.argsort(seen.products[:SOURCES])
    return _Asked(
        products=seen.products[:SOURCES][used].copy(),
        weights=seen.columns[:SOURCES, column][used].copy(),
        taken=occasion.taken if len(used) else occasion.taken[:0],
    )
