"""`app/small`: the demo shop served and retrained on a small machine.

It has 600 products instead of 500, so that its model is over 1 MiB, the smallest budget that can be set.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import psutil

from .harness import Report, case
from .load import drive, get
from .shop_server import SHOP, Server, a_server

CORES = {0, 1}
LIMIT_MB = 2048
RATE, SECONDS = 100.0, 30.0


@dataclass
class MemoryWatch:
    """The most memory that a process and its descendants held at once, shared pages counted once (PSS)."""

    roots: list[int]
    peak_mb: float = 0.0
    done: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Sample until `done`."""
        while not self.done.wait(0.25):
            self.peak_mb = max(self.peak_mb, sum(_pss_mb(pid) for root in self.roots for pid in _family(root)))


@contextmanager
def _watching(*roots: int) -> Iterator[MemoryWatch]:
    watch = MemoryWatch(list(roots))
    thread = threading.Thread(target=watch.run)
    thread.start()
    try:
        yield watch
    finally:
        watch.done.set()
        thread.join()


def _family(root: int) -> list[int]:
    try:
        return [root, *(child.pid for child in psutil.Process(root).children(recursive=True))]
    except psutil.NoSuchProcess:
        return []


def _pss_mb(pid: int) -> float:
    try:
        return float(psutil.Process(pid).memory_full_info().pss) / 2**20
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return 0.0


@dataclass(frozen=True)
class Asking:
    """The same request each time: what everybody likes, for somebody nobody knows."""

    headers: dict[str, str]

    def __call__(self, _: int) -> bytes:
        return get(f"/v1/{SHOP}/recommendations?visitor_id=somebody&k=10", headers=self.headers)


def _start(server: Server, *words: str, **environ: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", "from zhanggui.app.cli.main import main; main()", *words]
    held = {**os.environ, "ZHANGGUI_HOME": str(server.home), **environ}
    return subprocess.Popen(command, env=held, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def _zhanggui(server: Server, *words: str, **environ: str) -> tuple[int, str, str]:
    """Exit code, output and error text of a command."""
    process = _start(server, *words, **environ)
    out, error = process.communicate()
    return process.returncode, out, error


def _model(server: Server) -> str:
    models = [json.loads(line) for line in _zhanggui(server, "recommend", "models", SHOP, "--json")[1].splitlines()]
    return str(next(model["id"] for model in models if model["state"] == "current"))


@case("app/small")
def small(report: Report) -> None:
    """Serve 100 requests a second while a training runs, on two cores; then train under too small a budget."""
    os.sched_setaffinity(0, CORES & os.sched_getaffinity(0))
    with a_server(scopes="recommend:read") as server:
        for words in (("simulate", SHOP, "--seed", "1", "--products", "600"), ("train", SHOP, "--quiet")):
            code, _, error = _zhanggui(server, *words)
            if code:
                sys.exit(error)
        server.start()
        training = _start(server, "train", SHOP, "--quiet")
        with _watching(server.pids()[0], training.pid) as watch:
            result = drive(server.address, Asking(server.headers), rate=RATE, seconds=SECONDS, connections=8)
            training.communicate()
        report("memory_mb", watch.peak_mb, unit="MB", bar=f"<= {LIMIT_MB}", peak_mb=watch.peak_mb)
        report("p99_ms_while_training", result.p99_ms, unit="ms")
        report("errors", float(result.errors), bar="== 0")
        before = _model(server)
        code, _, error = _zhanggui(server, "train", SHOP, "--quiet", ZHANGGUI_RECOMMEND__MEMORY_MB="1")
        report.note(" ".join(error.split()))
        report("refused_by_name", float(code != 0 and "model_too_large" in error), bar="== 1")
        report("old_model_serves", float(_model(server) == before), bar="== 1")
