"""Where somebody stands: stage of life cycle, recency, frequency and money, rhythm of the day and week.

Stages are rules of thumb over a person's own days between orders, for each of which the profile tells the figures. The
idea that silence counts in units of the own rhythm: Fader, Hardie and Lee, "RFM and CLV: using iso-value curves for
customer base analysis", Journal of Marketing Research 42 (2005). The chance that somebody is still a customer is not
told here: the room's predictions reckon it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

import msgspec

from zhanggui.audience.types.profiles import Rfm, Rhythm, Share, Stage, StageCode
from zhanggui.kernel.clock import DAY_MS

from .places import four
from .state import State

USUAL_DAYS = 45.0
"""Days between orders that are assumed of whoever has no rhythm of their own yet."""
LEAST_DAYS, MOST_DAYS = 7.0, 120.0
OWN_ORDERS = 3
LOYAL_ORDERS = 4
NEW_DAYS = 30.0
_SILENCE: tuple[tuple[float, StageCode], ...] = ((2.0, "active"), (4.0, "at_risk"), (8.0, "dormant"))
"""Up to so many of their usual gaps of silence."""


class Fifths(msgspec.Struct, frozen=True):
    """Where the shop's customers part into fifths: four edges each, upwards; empty before they were counted."""

    recency_days: tuple[float, ...] = ()
    frequency: tuple[float, ...] = ()
    monetary_minor: tuple[float, ...] = ()


def usual_days(state: State) -> tuple[float, bool]:
    """Days between orders, and whether they are this person's own."""
    moments = [mark.at_ms for mark in state.marks]
    if len(moments) < OWN_ORDERS:
        return USUAL_DAYS, False
    gaps = [(later - earlier) / DAY_MS for earlier, later in pairwise(moments)]
    return max(LEAST_DAYS, min(median(gaps), MOST_DAYS)), True


def stage(state: State, now_ms: int) -> Stage:
    """The stage of a state; of one without an order by its last act."""
    usual, is_own = usual_days(state)
    since_ms = state.last_order_ms if state.orders else state.last_ms
    idle = max(0.0, (now_ms - since_ms) / DAY_MS) if since_ms else 0.0
    first_ms = state.first_order_ms if state.orders else state.first_ms
    age = (now_ms - first_ms) / DAY_MS if first_ms else 0.0
    return Stage(
        code=_code(state.orders, age, idle / usual),
        orders=state.orders,
        idle_days=round(idle, 2),
        usual_days=round(usual, 2),
        is_own_rhythm=is_own,
    )


def _code(orders: int, age_days: float, silence: float) -> StageCode:
    if orders <= 1 and age_days <= NEW_DAYS:
        return "new"
    for most, code in _SILENCE:
        if silence <= most:
            return "loyal" if code == "active" and orders >= LOYAL_ORDERS else code
    return "lost"


def rfm(state: State, now_ms: int, fifths: Fifths) -> Rfm:
    """Days since the last order, orders, and what they came to."""
    if not state.orders:
        return Rfm(recency_days=None, frequency=0, monetary_minor=max(state.spent_minor, 0))
    recency = max(0.0, (now_ms - state.last_order_ms) / DAY_MS)
    money = max(state.spent_minor, 0)
    if not fifths.frequency:
        return Rfm(recency_days=round(recency, 2), frequency=state.orders, monetary_minor=money)
    return Rfm(
        recency_days=round(recency, 2),
        frequency=state.orders,
        monetary_minor=money,
        recency_score=5 - bisect_right(fifths.recency_days, recency),
        frequency_score=1 + bisect_right(fifths.frequency, state.orders),
        monetary_score=1 + bisect_right(fifths.monetary_minor, money),
    )


def rhythm(state: State) -> Rhythm:
    """Shares by hour and weekday; the half-life is the same for all, so time alone changes none of them."""
    total = sum(state.hours)
    if total <= 0:
        return Rhythm()
    hours = [weight / total for weight in state.hours]
    spans = [a + b + c for a, b, c in zip(hours, hours[1:] + hours[:1], hours[2:] + hours[:2], strict=True)]
    peak = spans.index(max(spans))
    return Rhythm(
        hours=tuple([four(share) for share in hours]),
        weekdays=tuple([four(weight / total) for weight in state.weekdays]),
        peak_hour=peak,
        peak_share=four(spans[peak]),
    )


def channels(state: State) -> tuple[Share, ...]:
    """By what ways somebody comes, the usual one first."""
    total = sum(state.channels.values())
    ranked = sorted(state.channels.items(), key=lambda one: (-one[1], one[0]))
    return tuple(Share(name, four(weight / total)) for name, weight in ranked) if total > 0 else ()


def fifths(recency_days: Sequence[float], frequency: Sequence[float], monetary_minor: Sequence[float]) -> Fifths:
    """The edges of the shop's fifths; fewer than 20 customers have none."""
    import numpy as np

    if len(frequency) < _LEAST_CUSTOMERS:
        return Fifths()

    def edges(values: Sequence[float]) -> tuple[float, ...]:
        return tuple(float(edge) for edge in np.quantile(np.asarray(values, dtype=np.float64), (0.2, 0.4, 0.6, 0.8)))

    return Fifths(edges(recency_days), edges(frequency), edges(monetary_minor))


_LEAST_CUSTOMERS = 20
