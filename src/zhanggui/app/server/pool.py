"""The workers: granian's server, with our own patience for those that die."""

from __future__ import annotations

import multiprocessing
import signal
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import structlog
from granian.constants import Interfaces, SSLProtocols
from granian.log import LogLevels
from granian.server.mp import MPServer

from zhanggui.kernel import metrics
from zhanggui.kernel.settings import Settings

from .address import TlsUnusable, checked_tls
from .loading import CANNOT_START, load_app

log = structlog.get_logger(__name__)

YOUNG_S = 30.0
"""A worker that ends by itself younger than this could not start: the pause before the next try grows."""
LONGEST_PAUSE_S = 8.0
GIVE_UP_AFTER = 4
"""So many failed starts in a row, of all workers together, end the server."""
TO_OUR_LOGS = {
    "formatters": {},
    "handlers": {},
    "loggers": {
        "_granian": {"handlers": [], "level": "INFO", "propagate": True},
        "granian.access": {"handlers": [], "level": "WARNING", "propagate": True},
    },
}


class WorkerPool(MPServer):
    """Granian with N processes. It differs in five things.

    A worker that dies is started again however often that happens, with a growing pause, unless none ever stays up
    (granian ends when one dies twice in 5.5 s). Ctrl-C, which a terminal sends to the workers too, is a clean end. And
    others that must end with the workers are told before them. SIGHUP replaces the workers one after the other, as
    granian does, but by the certificate that the paths name by then: a renewed one often comes as another link. And
    every worker has until the deadline to end.
    """

    def __init__(self, settings: Settings, *, target: str, tls: tuple[Path, Path] | None) -> None:
        server = settings.server
        super().__init__(
            target,
            address=server.host.strip("[]"),
            port=server.port,
            interface=Interfaces.ASGI,
            workers=server.workers,
            backlog=server.backlog,
            respawn_failed_workers=True,
            workers_kill_timeout=server.drain_s,
            log_level=LogLevels(settings.log.level),
            log_dictconfig=TO_OUR_LOGS,
            ssl_cert=tls[0] if tls else None,
            ssl_key=tls[1] if tls else None,
            ssl_protocol_min=SSLProtocols.tls12,
            factory=True,
        )
        self._tls = tls
        self._load = partial(load_app, target, settings.log, server.native_threads)
        self._failed_starts = 0
        self._before_stop: list[Callable[[], None]] = []

    def before_stop(self, tell: Callable[[], None]) -> None:
        """Call `tell` when the server stops, before the workers are asked to drain."""
        self._before_stop.append(tell)

    def run(self) -> int:
        """Serve until a signal; returns the exit code."""
        multiprocessing.set_start_method("spawn", force=True)
        try:
            self.serve(target_loader=self._load, wrap_loader=False)
        except SystemExit as end:
            return 0 if self.interrupt_signal else int(end.code or 0)
        return 0

    def shutdown(self, exit_code: int = 0) -> None:
        """Tell the others, let the requests in flight end, stop the workers."""
        for tell in self._before_stop:
            tell()
        super().shutdown(1 if self._has_given_up() else exit_code)  # type: ignore[no-untyped-call]

    def _stop_workers(self) -> None:
        leaving: list[Any] = self.wrks
        for worker in leaving:
            worker.terminate()
        deadline = time.monotonic() + (self.workers_kill_timeout or 0)
        for worker in leaving:
            if not _has_ended(worker, deadline):
                log.warning("a worker did not end in time and is killed", worker=worker.idx + 1)
                worker.kill()
                worker.join()
            log.info("stopped a worker", worker=worker.idx + 1)
        leaving.clear()

    def _reload(self, spawn_target: Any, target_loader: Any) -> None:
        if self._tls is not None:
            cert, key = self._tls
            try:
                checked_tls(str(cert), str(key))
            except TlsUnusable as error:
                log.warning("the renewed certificate is not used", reason=str(error), hint=error.hint)
                self.reload_signal = False
                self.main_loop_interrupt.clear()
                return
            self.build_ssl_context(cert, key, None, SSLProtocols.tls12, None, [], client_verify=False)
        super()._reload(spawn_target, target_loader)  # type: ignore[no-untyped-call]

    def _has_given_up(self) -> bool:
        return self._failed_starts >= GIVE_UP_AFTER and not self.interrupt_signal

    def _respawn_workers(self, workers: Sequence[int], spawn_target: Any, target_loader: Any, delay: float = 0) -> None:
        leaving = [self.wrks[index] for index in workers]
        self._failed_starts = self._failed_starts + 1 if any(_cannot_start(worker) for worker in leaving) else 0
        if self._has_given_up():
            log.error("workers do not stay up, stopping", failed_starts=self._failed_starts)
            self.interrupt_children.extend(workers)
            self.respawned_wrks.update(dict.fromkeys(workers, time.monotonic()))  # granian ends on this
            self.main_loop_interrupt.set()
            return
        pause = min(LONGEST_PAUSE_S, 0.25 * 2**self._failed_starts) if self._failed_starts > 1 else 0
        if self.main_loop_interrupt.wait(pause) and self.interrupt_signal:
            return  # asked to stop meanwhile
        super()._respawn_workers(workers, spawn_target, target_loader, delay)
        self.respawned_wrks.clear()
        for worker in leaving:
            metrics.forget_process(worker.inner.pid)


def _has_ended(worker: Any, deadline: float) -> bool:
    worker.join(max(deadline - time.monotonic(), 0))
    # Granian's watcher waits for the same process: while it takes the exit status, the ended one still counts as alive.
    while worker.is_alive() and time.monotonic() < deadline:
        time.sleep(0.001)
    return not worker.is_alive()


def _cannot_start(worker: Any) -> bool:
    code = worker.inner.exitcode
    if code is None:
        return False  # it lives, and is replaced
    # Killed or asked to end from outside says nothing about whether it can start.
    was_stopped = code in (-signal.SIGKILL, -signal.SIGTERM)
    is_young = time.monotonic() - float(worker.birth) < YOUNG_S
    return code == CANNOT_START or (is_young and not was_stopped)
