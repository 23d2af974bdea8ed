"""Figures for Prometheus, one registry for all processes of a server.

With several workers each process writes its figures to files in `PROMETHEUS_MULTIPROC_DIR`, which the supervisor sets
before it starts them, and any worker answers `/metrics` for all. Without the variable (one process, tests) the figures
are this process's own. The variable is read when `prometheus_client` is imported, so this module is imported after it
is set. Labels are small closed sets: kinds, routes, outcomes; never an id.
"""

from __future__ import annotations

import collections
import os
from bisect import bisect_left
from collections.abc import Sequence
from pathlib import Path

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

DIRECTORY_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"


class Seconds(Histogram):
    """How long things took; many of them can be told at once."""

    def observe_all(self, seconds: Sequence[float]) -> None:
        """Like `observe` of each, with one write for each bucket that any of them falls into."""
        self._sum.inc(sum(seconds))
        for place, count in collections.Counter(bisect_left(self._upper_bounds, one) for one in seconds).items():
            self._buckets[place].inc(count)


_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)
_LONG_SECONDS = (0.1, 1, 5, 15, 60, 300, 1800)

HTTP_REQUESTS = Counter("zhanggui_http_requests", "Requests answered", ["method", "route", "status"])
HTTP_SECONDS = Seconds("zhanggui_http_request_seconds", "Time to answer a request", ["route"], buckets=_SECONDS)
HTTP_IN_FLIGHT = Gauge("zhanggui_http_in_flight", "Requests being answered", multiprocess_mode="livesum")
EVENTS = Counter("zhanggui_events", "Behaviour events by what became of them", ["outcome"])
JOBS = Counter("zhanggui_jobs", "Tries of background jobs", ["kind", "outcome"])
JOB_SECONDS = Histogram("zhanggui_job_seconds", "Time of one try of a job", ["kind"], buckets=_LONG_SECONDS)
JOBS_BY_STATE = Gauge("zhanggui_jobs_by_state", "Jobs in the queues", ["state"], multiprocess_mode="livemostrecent")


def exposition() -> tuple[bytes, str]:
    """All figures in Prometheus' text form, and its content type."""
    if DIRECTORY_VARIABLE not in os.environ:
        return generate_latest(REGISTRY), CONTENT_TYPE_LATEST
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry), CONTENT_TYPE_LATEST


def start_afresh(folder: Path) -> None:
    """Empty the folder of a server's figures and name it to the processes started after this."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.db"):
        old.unlink()
    os.environ[DIRECTORY_VARIABLE] = str(folder)


def forget_process(pid: int) -> None:
    """Drop what only a living process can say (requests in flight); its counts stay."""
    mark_process_dead(pid)  # type: ignore[no-untyped-call]
