"""Whether lists as a whole, and people's own, have become too narrow: figures held against limits and floors. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import fmean
from typing import Any

from zhanggui.trust.types.fairness import AlertCode, BubbleFigures, FairnessAlert, FairnessLimits

DAYS = 7


def bubbles_in(days: Sequence[Any], weeks: Sequence[Any]) -> BubbleFigures | None:
    """The last days' means, the last week's bubble, and how it grew; None without a day."""
    if not days:
        return None
    last = days[-DAYS:]
    medians = [week.median for week in weeks]
    return BubbleFigures(
        gini=_mean([day.gini for day in last]),
        entropy=_mean([day.entropy for day in last]),
        new_sellers=_mean([day.new_sellers for day in last]),
        novelty=_mean([day.novelty for day in last]),
        bubble=medians[-1] if medians else None,
        narrowing=round(medians[-1] - medians[0], 4) if len(medians) > 1 else None,
    )


def too_narrow(seen: BubbleFigures, limits: FairnessLimits) -> Iterator[FairnessAlert]:
    """What is beyond its limit."""
    most: tuple[tuple[AlertCode, float | None, float], ...] = (
        ("gini", seen.gini, limits.most_gini),
        ("bubble", seen.bubble, limits.most_bubble),
        ("narrowing", seen.narrowing, limits.most_narrowing),
    )
    least: tuple[tuple[AlertCode, float, float], ...] = (
        ("entropy", seen.entropy, limits.least_entropy),
        ("new_sellers", seen.new_sellers, limits.least_new_sellers),
        ("novelty", seen.novelty, limits.least_novelty),
    )
    for code, value, limit in most:
        if value is not None and value > limit:
            yield FairnessAlert(code=code, about="", value=value, limit=limit)
    for code, value, limit in least:
        if value < limit:
            yield FairnessAlert(code=code, about="", value=value, limit=limit)


def below_floors(floors: Sequence[Any]) -> Iterator[FairnessAlert]:
    """Groups of goods whose share of exposure in the last week was below the floor that was decided for them."""
    for one in floors:
        if one.is_below:
            share = one.weeks[-1].share.value
            yield FairnessAlert(code="floor", about=one.about, value=share, limit=one.floor)


def _mean(values: Sequence[float]) -> float:
    return round(fmean(values), 4)
