"""The one process for background work: started, watched, started again, stopped."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time

import structlog

from .loading import native_environ

log = structlog.get_logger(__name__)

FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 30.0
STEADY_S = 60.0
"""A process that lived so long counts as healthy: the next pause is the first one again."""


class JobsProcess:
    """Runs `target` (`module:function`, returns an exit code) in a Python process of its own.

    It stands in a session of its own: a terminal's Ctrl-C reaches the supervisor alone, which then stops it in order.
    """

    def __init__(self, target: str, *, native_threads: int) -> None:
        module, _, function = target.partition(":")
        self._command = [sys.executable, "-c", f"from {module} import {function} as run; raise SystemExit(run())"]
        self._native_threads = native_threads or os.cpu_count() or 1
        self._stopping = threading.Event()
        self._changing = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._watch, name="jobs-process", daemon=True)

    def start(self) -> None:
        """Start the process and watch it."""
        self._thread.start()

    def ask_to_stop(self) -> None:
        """Tell it to end its job in hand; returns at once."""
        self._stopping.set()
        with self._changing:
            if self._process is not None and self._process.poll() is None:
                self._process.terminate()

    def stop(self, timeout_s: float) -> None:
        """Wait until it has ended; after `timeout_s` it is killed (its job comes again: the lease runs out)."""
        self.ask_to_stop()
        if self._process is not None:
            try:
                self._process.wait(timeout_s)
            except subprocess.TimeoutExpired:
                log.warning("the jobs process did not end in time and is killed", seconds=timeout_s)
                self._process.kill()
        if self._thread.is_alive():
            self._thread.join()

    def _watch(self) -> None:
        pause = FIRST_PAUSE_S
        while self._started():
            began = time.monotonic()
            process = self._process
            assert process is not None
            code = process.wait()
            if self._stopping.is_set():
                return
            pause = FIRST_PAUSE_S if time.monotonic() - began > STEADY_S else min(LONGEST_PAUSE_S, pause * 2)
            log.error("the jobs process ended and is started again", exit_code=code, pause_s=pause)
            if self._stopping.wait(pause):
                return

    def _started(self) -> bool:
        with self._changing:
            if self._stopping.is_set():
                return False
            environ = os.environ | native_environ(self._native_threads)
            self._process = subprocess.Popen(self._command, env=environ, start_new_session=True)  # noqa: S603  (our own)
            return True
