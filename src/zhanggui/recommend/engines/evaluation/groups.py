"""For whom and for what a model works: by how much is known of a person, and by how much is known of a product."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhanggui.recommend.engines.interactions import Floats, Ints

from .intervals import resample
from .keys import distinct, pairs
from .tasks import Task

HISTORY_EDGES = (1, 2, 5, 10, 50)
WARMTH_EDGES = (1, 5, 20, 100)
GROUP_DRAWS = 200
"""Of people, for the interval of one group: there are many groups, and what is asked of them is rough."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Cases or targets that have something in common.

    Attributes:
        label: `2-4`, `50+`: events of a history, or people who wanted a product in training.
        count: how many.
        value: their mean.
        low: lower end of its 95 % interval over people; None where all are one person's.
        high: upper end.
    """

    label: str
    count: int
    value: float
    low: float | None
    high: float | None


def by_history(task: Task, values: NDArray[np.float64], *, seed: int) -> list[Group]:
    """Means of `values` (cases,) by the number of events in a history; groups without a case are left out."""
    lengths = np.bincount(task.histories.person, minlength=task.people)
    return _grouped(lengths, values, task.owners, HISTORY_EDGES, seed)


def by_warmth(task: Task, found: Floats, wanted_by: Ints, *, seed: int) -> list[Group]:
    """Share of targets found, `found` (targets,), by the people who wanted the product in training; 0 is cold."""
    owners = np.repeat(task.owners, np.diff(task.target_starts))
    return _grouped(wanted_by[task.target_products], found.astype(np.float64), owners, WARMTH_EDGES, seed)


def wanted_by(task: Task) -> tuple[Ints, int]:
    """((size,) people who wanted each product in training, people counted)."""
    wanted = task.train.where(task.train.strength > 0)
    products = distinct(pairs(wanted)) % task.size
    return np.bincount(products, minlength=task.size).astype(np.int64), len(distinct(wanted.person))


def _grouped(
    keys: NDArray[np.int64], values: NDArray[np.float64], owners: Ints, edges: tuple[int, ...], seed: int
) -> list[Group]:
    """Groups of rows by `keys` (n,); `owners` (n,) ascending."""
    place = np.searchsorted(np.array(edges), keys, side="right")
    lows, highs = (0, *edges), (*(edge - 1 for edge in edges), None)
    of_each = [(_label(low, high), place == number) for number, (low, high) in enumerate(zip(lows, highs, strict=True))]
    return [_group(label, values[rows], owners[rows], seed) for label, rows in of_each if rows.any()]


def _group(label: str, values: NDArray[np.float64], owners: Ints, seed: int) -> Group:
    count, value = len(values), float(values.mean())
    if owners[0] == owners[-1]:
        return Group(label=label, count=count, value=value, low=None, high=None)
    told = resample(values[:, None], owners, seed=seed, draws=GROUP_DRAWS).estimate(0)
    return Group(label=label, count=count, value=value, low=told.low, high=told.high)


def _label(low: int, high: int | None) -> str:
    if high is None:
        return f"{low}+"
    return str(low) if low == high else f"{low}-{high}"
