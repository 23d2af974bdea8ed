"""`zhanggui work`: the background work of all shops, in one process that stands back for the server."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import structlog

from zhanggui.app.log_redaction import log_redaction
from zhanggui.app.places import known_shops, open_checked_control
from zhanggui.kernel import logs, metrics
from zhanggui.kernel.errors import ZhangguiError
from zhanggui.kernel.jobs import JobRunner, JobState, counts
from zhanggui.kernel.jobs.runner import OnEnd
from zhanggui.kernel.settings import Settings, load_settings

from .loading import resolve, settle

log = structlog.get_logger(__name__)

RUNNER = "zhanggui.app.build:job_runner"
"""`(name, settings, worker_id, on_end) -> JobRunner`: the composition root knows which handlers a shop has."""
NAMES_EVERY_S = 5.0
"""How often to look for new shops."""
AT_ONCE = 20
"""Jobs of one shop before the next shop has its turn."""


@dataclass(slots=True, kw_only=True)
class WorkLoop:
    """Turns from shop to shop until told to stop; a shop that fails is left out until the next look.

    Args:
        names: the shops there are now.
        open_runner: opens a shop.
        poll_s: rest after a turn in which nothing was due.
        stopping: set it to stop: the job in hand hears it, and comes again later if it does not end in time.
    """

    names: Callable[[], Iterable[str]]
    open_runner: Callable[[str], JobRunner]
    poll_s: float
    stopping: threading.Event = field(default_factory=threading.Event)
    _runners: dict[str, JobRunner] = field(default_factory=dict)
    _next_look: float = 0.0

    def run(self) -> None:
        """Work until `stopping` is set, then close the shops."""
        try:
            while not self.stopping.is_set():
                if self.turn() == 0:
                    self.stopping.wait(self.poll_s)
        finally:
            for runner in self._runners.values():
                runner.db.close()
            self._runners.clear()

    def turn(self) -> int:
        """Give each shop its turn once; returns how many jobs were tried."""
        if time.monotonic() >= self._next_look:
            self._look()
        tried = 0
        for name, runner in list(self._runners.items()):
            try:
                tried += runner.drain(AT_ONCE, should_stop=self.stopping.is_set)
            except Exception:
                log.exception("a shop's background work failed", shop=name)
                self._drop(name)
        return tried

    def _look(self) -> None:
        self._next_look = time.monotonic() + NAMES_EVERY_S
        try:
            names = set(self.names())
        except ZhangguiError as error:
            log.warning("shops cannot be listed", reason=str(error), hint=error.hint)
            return
        for gone in self._runners.keys() - names:
            self._drop(gone)
        for new in sorted(names - self._runners.keys()):
            try:
                self._runners[new] = self.open_runner(new)
            except ZhangguiError as error:
                log.warning("a shop cannot be opened", shop=new, reason=str(error), hint=error.hint)
            except Exception:
                log.exception("a shop cannot be opened", shop=new)
        self._count()

    def _count(self) -> None:
        by_state: Counter[str] = Counter()
        for runner in self._runners.values():
            with suppress(ZhangguiError), runner.db.read() as db:
                for (_, state), count in counts(db).items():
                    by_state[state] += count
        for shown in (JobState.WAITING, JobState.RUNNING, JobState.DEAD):
            metrics.JOBS_BY_STATE.labels(state=shown).set(by_state[shown])

    def _drop(self, name: str) -> None:
        with suppress(Exception):
            self._runners.pop(name).db.close()


def work(settings: Settings, *, shop: str | None = None, once: bool = False, runner: str = RUNNER) -> int:
    """Do the background work of all shops, or of one, until SIGINT or SIGTERM.

    Args:
        settings: of the installation.
        shop: only this one's.
        once: end when nothing is due.
        runner: how a shop's runner is opened, as `package.module:name`.

    Returns:
        The exit code.
    """
    logs.configure(level=settings.log.level, style=settings.log.format, redact=log_redaction())
    open_runner: Callable[[str, Settings, str, OnEnd], JobRunner] = resolve(runner)
    worker_id = f"{socket.gethostname()}:{os.getpid()}"
    loop = WorkLoop(
        names=lambda: _names(settings) if shop is None else [shop],
        open_runner=lambda name: open_runner(name, settings, worker_id, _counted_and_logged(name)),
        poll_s=settings.jobs.poll_ms / 1000,
    )
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: loop.stopping.set())
    if once:
        while not loop.stopping.is_set() and loop.turn():
            pass
        loop.stopping.set()
    loop.run()
    return 0


def main() -> int:
    """The jobs process under `serve`: settings from the environment, lower priority."""
    settings = load_settings(None, os.environ)
    settle(settings.log, settings.jobs.native_threads or os.cpu_count() or 1)
    with suppress(OSError):  # where the system does not let us stand back, we work all the same
        os.nice(settings.jobs.nice)
    return work(settings)


def _names(settings: Settings) -> list[str]:
    control = open_checked_control(settings)
    try:
        return known_shops(control)
    finally:
        control.close()


def _counted_and_logged(shop: str) -> OnEnd:
    def on_end(kind: str, outcome: str, seconds: float) -> None:
        metrics.JOBS.labels(kind=kind, outcome=outcome).inc()
        metrics.JOB_SECONDS.labels(kind=kind).observe(seconds)
        say: Any = log.info if outcome == "done" else log.warning
        say("job tried", shop=shop, kind=kind, outcome=outcome, seconds=round(seconds, 3))

    return on_end
