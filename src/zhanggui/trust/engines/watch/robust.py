"""A day against its own history, by median and median absolute deviation: one wild day does not hide the next.

Source: Rousseeuw and Croux, "Alternatives to the Median Absolute Deviation", JASA 88 (1993),
doi:10.1080/01621459.1993.10476408: the factor 1.4826 makes it the standard deviation of a normal distribution.
"""

from __future__ import annotations

import math
from statistics import median

from zhanggui.trust.types.watch import Departure, Series, WatchLimits

NORMAL = 1.4826


def judge(series: Series, limits: WatchLimits) -> Departure | None:
    """What a day departs from, None where it is as usual.

    The spread is never less than that of counts (the square root of the median), nor than 1: after quiet weeks a second
    export is no alarm. While there are fewer than `least_days` of history only `least` counts.
    """
    least = limits.least.get(series.kind.value, 0.0)
    is_short = len(series.history) < limits.least_days
    usual = 0.0 if is_short else median(series.history)
    margin = 0.0 if is_short else limits.sensitivity * _spread(series.history, usual)
    most, fewest = max(least, usual + margin), usual - margin
    if series.seen > most and not (is_short and series.tells_too_little):
        return _departure(series, None if is_short else usual, most)
    if series.tells_too_little and series.seen < fewest:
        return _departure(series, usual, fewest)
    return None


def _spread(history: tuple[float, ...], usual: float) -> float:
    deviation = NORMAL * median(abs(one - usual) for one in history)
    return max(deviation, math.sqrt(max(usual, 0.0)), 1.0)


def _departure(series: Series, usual: float | None, most: float) -> Departure:
    return Departure(kind=series.kind, subject=series.subject, seen=series.seen, usual=usual, most=most)
