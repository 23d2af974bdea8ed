"""What one simulated day leaves behind, in columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from itertools import pairwise
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from .stock import Floats, Longs

Bools = npt.NDArray[np.bool_]
C = TypeVar("C", "Lists", "Acts", "Purchases")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lists:
    """Lists that were served, by time of the session; n rows."""

    person: Longs
    session: Longs  # numbered within the day
    at_ms: Longs
    shelf: Longs  # HOME, or what was searched for
    is_logged_out: Bools
    products: Longs  # (n, length), −1 for nothing
    propensities: Floats  # (n, length)


@dataclass(frozen=True, slots=True, kw_only=True)
class Acts:
    """What shoppers did, all but purchases; by time."""

    person: Longs
    product: Longs  # −1: about no product (a search)
    kind: Longs  # of EVENT_NUMBERS
    at_ms: Longs
    quantity: Longs  # 0: none
    value_minor: Longs  # 0: none
    list: Longs  # row of the day's lists
    position: Longs  # in the list, from 0; −1 for none
    is_logged_out: Bools


@dataclass(frozen=True, slots=True, kw_only=True)
class Purchases:
    """What was bought; by time."""

    person: Longs
    session: Longs
    product: Longs
    quantity: Longs
    unit_minor: Longs
    at_ms: Longs
    match: Floats  # how well it fits the person, price aside: the truth behind stars and returns


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOutcome:
    """What the day was worth. Figures of a simulation, and nothing else."""

    day: int
    visits: int
    clicks: int
    orders: int
    revenue_minor: int
    profit_minor: int  # revenue less cost of goods
    satisfaction: float  # mean over visits, 0 to 1
    lost_units: int  # wanted, and out of stock


@dataclass(frozen=True, slots=True, kw_only=True)
class DayLog:
    """A day."""

    lists: Lists
    acts: Acts
    purchases: Purchases
    outcome: DayOutcome


def joined(parts: Sequence[C], kind: type[C]) -> C:
    """The rows of all parts, in order."""
    return kind(**{each.name: np.concatenate([getattr(part, each.name) for part in parts]) for each in fields(kind)})


def chosen(part: C, rows: npt.NDArray[np.int64] | Bools) -> C:
    """Some rows of a part."""
    return type(part)(**{each.name: getattr(part, each.name)[rows] for each in fields(part)})


def runs(keys: Longs) -> list[range]:
    """The rows of each run of equal keys, in order."""
    if len(keys) == 0:
        return []
    starts = [0, *(np.flatnonzero(np.diff(keys)) + 1).tolist(), len(keys)]
    return [range(start, stop) for start, stop in pairwise(starts)]
