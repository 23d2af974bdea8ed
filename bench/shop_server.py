"""A real server for a benchmark: `zhanggui serve` on a temporary home, with a shop and a key."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

import psutil

SHOP = "bench"
READY_WITHIN_S = 900
"""A million products are read for minutes."""
NONE: Mapping[str, str] = MappingProxyType({})


class Server:
    """One installation; `start` and `stop` may be called any number of times.

    Attributes:
        key: an API key with the scopes asked for.
        settings: the variables that it is set up by, for other processes on the same home.
        address: host and port.
    """

    def __init__(self, home: Path, *, scopes: str, workers: int, settings: Mapping[str, str] = NONE) -> None:
        self.home, self._workers = home, workers
        self.settings = {"ZHANGGUI_HOME": str(home), **settings}
        self._environ = {**os.environ, **self.settings}
        self._zhanggui = str(Path(sys.executable).with_name("zhanggui"))
        self._call("init", SHOP)
        asked = [word for scope in scopes.split(",") for word in ("--scopes", scope)]
        self.key = self._call("keys", "create", SHOP, "bench", *asked).split()[-1]
        self.address = ("127.0.0.1", _free_port())
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def headers(self) -> dict[str, str]:
        """What a request of the key carries."""
        return {"Authorization": f"Bearer {self.key}"}

    @property
    def store(self) -> Path:
        """The shop's SQLite file."""
        (found,) = (self.home / "shops" / SHOP).glob("*.db")
        return found

    def start(self) -> None:
        """Start, and wait until all workers are ready: connections that come before stay with the one that is."""
        command = [self._zhanggui, "serve", "--workers", str(self._workers), "--port", str(self.address[1])]
        log = (self.home / "serve.log").open("ab")
        self._process = subprocess.Popen(
            command, env=self._environ, stdout=log, stderr=log, start_new_session=True, cwd=self.home
        )
        until = time.monotonic() + READY_WITHIN_S
        seen: set[str] = set()
        while len(seen) < self._workers:
            seen |= self._who_is_ready()
            if self._process.poll() is not None or time.monotonic() > until:
                sys.exit(f"The server did not start:\n{(self.home / 'serve.log').read_text()[-3000:]}")
            time.sleep(0.1)

    def finish_work(self) -> None:
        """Do the background work that is due, such as the archiving of what was just imported."""
        self._call("work", "--once")

    def _who_is_ready(self) -> set[str]:
        """The mark of the worker that answered, if it was ready."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.address[1]}/health/ready", timeout=2) as answer:
                return {answer.headers["x-request-id"].partition("-")[0]} if answer.status == 200 else set()
        except (urllib.error.URLError, OSError):
            return set()

    def pids(self) -> list[int]:
        """All processes of the server."""
        assert self._process is not None
        top = psutil.Process(self._process.pid)
        return [top.pid, *(child.pid for child in top.children(recursive=True))]

    def kill(self) -> None:
        """kill -9, all processes at once."""
        assert self._process is not None
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def stop(self) -> None:
        """End it as Ctrl-C does."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(30)
            if self._process.poll() is None:
                self.kill()

    def _call(self, *words: str) -> str:
        done = subprocess.run([self._zhanggui, *words], env=self._environ, capture_output=True, text=True, check=False)
        if done.returncode:
            sys.exit(f"zhanggui {' '.join(words[:2])} failed: {done.stderr or done.stdout}")
        return done.stdout


@contextlib.contextmanager
def a_server(*, scopes: str, workers: int = 2, settings: Mapping[str, str] = NONE) -> Iterator[Server]:
    """An installation in a temporary folder, stopped and deleted at the end."""
    home = Path(tempfile.mkdtemp(prefix="zhanggui-bench-"))
    server = Server(home, scopes=scopes, workers=workers, settings=settings)
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(home, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
