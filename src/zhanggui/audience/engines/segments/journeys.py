"""Cohorts and moves between stages, counted from purchases alone: arrays in, arrays out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import groupby

import numpy as np
import numpy.typing as npt

from zhanggui.audience.engines.profile.standing import stage
from zhanggui.audience.engines.profile.state import MOST_ORDERS, OrderMark, State
from zhanggui.audience.types.profiles import StageCode

Longs = npt.NDArray[np.int64]
Moves = Counter[tuple[StageCode | None, StageCode]]


def retention(person: Longs, month: Longs, first: int, last: int) -> Longs:
    """How many of each cohort bought again, month by month.

    Args:
        person: (n,) of purchases, any order.
        month: (n,) of the same, counted from any start.
        first: the first cohort that is wanted; earlier ones are left out.
        last: the present month.

    Returns:
        (c, c) with c = last - first + 1: row by cohort, column by months since; 0 where that is still to come.
    """
    size = last - first + 1
    table = np.zeros((size, size), dtype=np.int64)
    if not len(person):
        return table
    pairs = np.unique(np.stack([person, month], axis=1), axis=0)
    people, places = np.unique(pairs[:, 0], return_inverse=True)
    begun = np.full(len(people), np.iinfo(np.int64).max)
    np.minimum.at(begun, places, pairs[:, 1])
    cohort = begun[places]
    wanted = (cohort >= first) & (pairs[:, 1] <= last)
    np.add.at(table, (cohort[wanted] - first, (pairs[:, 1] - cohort)[wanted]), 1)
    return table


def moves(person: Longs, at_ms: Longs, since_ms: int, until_ms: int) -> Moves:
    """How many moved from which stage at one moment to which at another; stages are those of profiles.

    Args:
        person: (n,) of purchases, any order.
        at_ms: (n,) their moments; all lines of an order share one.
        since_ms: the earlier moment; who had not bought by then comes from None.
        until_ms: the later one.
    """
    order = np.lexsort((at_ms, person))
    rows = zip(person[order].tolist(), at_ms[order].tolist(), strict=True)
    found: Moves = Counter()
    for _, own in groupby(rows, key=lambda row: row[0]):
        moments = sorted({at for _, at in own})
        after = _stage(moments, until_ms)
        if after is not None:
            found[_stage(moments, since_ms), after] += 1
    return found


def _stage(moments: Sequence[int], now_ms: int) -> StageCode | None:
    past = [at for at in moments if at < now_ms]
    if not past:
        return None
    marks = [OrderMark(at, 0, 0, 0, 0, []) for at in past[-MOST_ORDERS:]]
    state = State(orders=len(past), first_order_ms=past[0], last_order_ms=past[-1], marks=marks)
    return stage(state, now_ms).code
