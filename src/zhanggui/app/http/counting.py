"""What Prometheus is told of each request: which route answered how, and how long it took."""

from __future__ import annotations

import asyncio
import time
from functools import cache
from typing import Any

from prometheus_client import Counter

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


class Tally:
    """Counts the requests of one turn of the event loop together: one by one they cost a tenth of taking an event."""

    __slots__ = ("_begun", "_is_due", "_took")

    def __init__(self) -> None:
        self._begun = 0
        self._is_due = False
        self._took: dict[tuple[str, str, int], list[float]] = {}

    def begin(self) -> float:
        """Count a request that begins now; returns what `end` is told."""
        self._begun += 1
        self._tell_soon()
        return time.perf_counter()

    def end(self, scope: Any, status: int, began: float) -> None:
        """Count it as answered now; a status of 0 says that its caller had gone."""
        self._begun -= 1
        self._took.setdefault(_labels(scope, status), []).append(time.perf_counter() - began)
        self._tell_soon()

    def _tell_soon(self) -> None:
        if not self._is_due:
            self._is_due = True
            asyncio.get_running_loop().call_soon(self._tell)

    def _tell(self) -> None:
        begun, took, self._begun, self._took, self._is_due = self._begun, self._took, 0, {}, False
        metrics.HTTP_IN_FLIGHT.inc(begun)
        for labels, seconds in took.items():
            _requests(*labels).inc(len(seconds))
            _seconds(labels[1]).observe_all(seconds)


def note(scope: Any, status: int, began: float) -> None:
    """Count a request that began at this moment (`time.perf_counter`) and is answered now."""
    labels = _labels(scope, status)
    _requests(*labels).inc()
    _seconds(labels[1]).observe(time.perf_counter() - began)


def _labels(scope: Any, status: int) -> tuple[str, str, int]:
    """(method, route, status)."""
    method = scope["method"]
    return method if method in _METHODS else "OTHER", scope.get("path_template", UNMATCHED), status


# Looking a figure up by its labels costs ten times as much as counting; there are few of them.
@cache
def _requests(method: str, route: str, status: int) -> Counter:
    return metrics.HTTP_REQUESTS.labels(method, route, str(status or GONE))


@cache
def _seconds(route: str) -> metrics.Seconds:
    return metrics.HTTP_SECONDS.labels(route)
