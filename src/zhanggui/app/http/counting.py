"""What Prometheus is told of each request: which route answered how, and how long it took."""

from __future__ import annotations

import time
from functools import cache
from typing import Any

from prometheus_client import Counter, Histogram

from zhanggui.kernel import metrics

UNMATCHED = "unmatched"
"""The route of what no route was found for: an address that anybody made up is no label."""
GONE = "gone"
"""The status of a request whose caller left before the answer."""
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Outcome:
    """What a request was answered with; 0 before the answer begins."""

    __slots__ = ("status",)

    def __init__(self) -> None:
        self.status = 0


class Counted:
    """Counts the request that is answered inside, under the template of its route (`path_template` of the scope)."""

    __slots__ = ("_began", "_outcome", "_scope")

    def __init__(self, scope: Any, outcome: Outcome) -> None:
        self._scope, self._outcome = scope, outcome

    def __enter__(self) -> None:
        self._began = time.perf_counter()
        metrics.HTTP_IN_FLIGHT.inc()

    def __exit__(self, *_: object) -> None:
        metrics.HTTP_IN_FLIGHT.dec()
        note(self._scope, self._outcome.status, self._began)


def note(scope: Any, status: int, began: float) -> None:
    """Count a request that began at this moment (`time.perf_counter`) and is answered now."""
    route = scope.get("path_template", UNMATCHED)
    method = scope["method"] if scope["method"] in _METHODS else "OTHER"
    _requests(method, route, status).inc()
    _seconds(route).observe(time.perf_counter() - began)


# Looking a figure up by its labels costs ten times as much as counting; there are few of them.
@cache
def _requests(method: str, route: str, status: int) -> Counter:
    return metrics.HTTP_REQUESTS.labels(method, route, str(status or GONE))


@cache
def _seconds(route: str) -> Histogram:
    return metrics.HTTP_SECONDS.labels(route)
