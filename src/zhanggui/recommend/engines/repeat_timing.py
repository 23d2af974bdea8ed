"""When somebody may want a product again: their own intervals, leaned on those of all who buy it again.

A normal of logarithms for the time between purchases; see Bhagat et al., "Buy It Again: Modeling Repeat Purchase
Recommendations", KDD 2018, doi:10.1145/3219819.3219891, for repeat rate × timing.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from zhanggui.kernel.clock import DAY_MS

from .interactions import Floats, Interactions, Ints

USUAL_DAYS = 30.0
"""Where nobody has bought anything twice yet."""
SPREAD = 0.6
"""Of the logarithm of an interval: at 1.8 times the interval, or its 1.8th part, dueness is at 0.61."""
_PRIOR_GAPS, _PRIOR_REPEATS = 2.0, 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Dueness:
    """How it stands between somebody and a product that they bought.

    Attributes:
        times: on how many days they bought it.
        interval_days: expected between two purchases.
        elapsed_days: since the last.
        due: in [0, 1]; 1 when the interval is just over.
        chance: that they buy it again at all, in [0, 1].
    """

    times: int
    interval_days: float
    elapsed_days: float
    due: float
    chance: float

    @property
    def score(self) -> float:
        """Chance × dueness, in [0, 1]."""
        return self.chance * self.due


def dueness(at_ms: Ints, now_ms: int, *, usual_days: float, repeat_rate: float) -> Dueness:
    """Judge one product of one shopper.

    Args:
        at_ms: (n,) when they bought it, n ≥ 1, any order; purchases less than a day apart are one.
        now_ms: the moment.
        usual_days: the interval of others; 0 for unknown.
        repeat_rate: the share of its buyers who bought it again.
    """
    moments = np.sort(at_ms)
    gaps = np.diff(moments) / DAY_MS
    gaps = gaps[gaps >= 1.0]
    usual = math.log(usual_days if usual_days > 0 else USUAL_DAYS)
    interval = math.exp((float(np.log(gaps).sum()) + usual) / (len(gaps) + 1.0))
    elapsed = max(now_ms - int(moments[-1]), 0) / DAY_MS
    off = math.log(max(elapsed, 1e-3) / interval) / SPREAD
    return Dueness(
        times=len(gaps) + 1,
        interval_days=interval,
        elapsed_days=elapsed,
        due=math.exp(-off * off / 2),
        chance=(len(gaps) + _PRIOR_REPEATS * repeat_rate) / (len(gaps) + _PRIOR_REPEATS),
    )


def usual_intervals(events: Interactions) -> Floats:
    """(size,) days between two purchases of a product by one person, as a geometric mean leaned on the shop's own.

    0 everywhere where nobody bought anything on two days.
    """
    bought = events.where(events.is_purchase)
    order = np.lexsort((bought.at_ms, bought.product, bought.person))
    person, product, at_ms = bought.person[order], bought.product[order], bought.at_ms[order]
    days = np.diff(at_ms) / DAY_MS
    is_gap = (person[1:] == person[:-1]) & (product[1:] == product[:-1]) & (days >= 1.0)
    if not is_gap.any():
        return np.zeros(events.size, dtype=np.float32)
    logs, of = np.log(days[is_gap]), product[1:][is_gap]
    sums = np.bincount(of, weights=logs, minlength=events.size)
    counts = np.bincount(of, minlength=events.size)
    leaned: Floats = np.exp((sums + _PRIOR_GAPS * logs.mean()) / (counts + _PRIOR_GAPS)).astype(np.float32)
    return leaned
