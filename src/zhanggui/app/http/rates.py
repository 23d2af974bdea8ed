"""Rates: how many requests a caller may send, counted in each worker for itself.

A token bucket (a caller may save up a burst, and gets so many a second again). It is kept in memory: a shared count
would cost a write for every request, and the limit is there to keep one caller from crowding out the others, not to
bill them. With N workers a caller may therefore reach up to N times the rate.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from zhanggui.kernel.errors import TooManyRequests

MOST_CALLERS = 50_000
"""Callers remembered; the one that was quiet longest is forgotten first."""


@dataclass(frozen=True, slots=True)
class Rate:
    """So many requests a second, after a burst."""

    per_s: float
    burst: float


SERVICE = Rate(10_000, 20_000)
PUBLIC = Rate(50, 200)
"""Of one address that comes with a publishable key or a customer's token: a page asks a few times a second."""
REFUSED = Rate(5, 50)
"""Of one address that comes with no key or a wrong one."""

LOOK = Rate(1, 30)
"""Of one address at a door where who holds a secret reads what is theirs: nobody tries many."""
OF_DOORS: Mapping[str, Rate] = {"look": LOOK}
"""What a route names as `rate`, beside the rate of its caller."""


class OverRate(TooManyRequests):
    """More requests than this caller may send."""

    code = "http.over_rate"


class Rates:
    """Counts requests by caller.

    Args:
        seconds: a clock that only goes forward.
    """

    def __init__(self, seconds: Callable[[], float]) -> None:
        self._seconds = seconds
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, caller: str, rate: Rate) -> None:
        """Count one request.

        Raises:
            OverRate: the caller is over its rate; `retry_after_s` says how long to wait.
        """
        now = self._seconds()
        left, at = self._left.pop(caller, (rate.burst, now))
        left = min(rate.burst, left + (now - at) * rate.per_s)
        self._left[caller] = (max(left - 1, 0.0), now)
        if len(self._left) > MOST_CALLERS:
            self._left.popitem(last=False)
        if left < 1:
            wait = max(1, math.ceil((1 - left) / rate.per_s))
            raise OverRate(
                f"More than {rate.per_s:g} requests a second.",
                hint=f"Come again in {wait} s, or send events in batches.",
                params={"retry_after_s": str(wait)},
            )
