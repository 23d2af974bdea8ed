"""How the supervisor lets its workers end."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from zhanggui.app.server.pool import WorkerPool
from zhanggui.kernel.settings import ServerSettings, Settings


@dataclass
class Ending:
    """A worker whose `join` returns at once; so often it still counts as alive afterwards."""

    counts_as_alive: float
    idx: int = 0
    calls: list[str] = field(default_factory=list)

    def terminate(self) -> None:
        self.calls.append("terminate")

    def join(self, timeout: float | None = None) -> None:
        pass

    def is_alive(self) -> bool:
        self.counts_as_alive -= 1
        return self.counts_as_alive >= 0

    def kill(self) -> None:
        self.calls.append("kill")


def a_pool(home: Path, drain_s: int, *workers: Ending) -> WorkerPool:
    settings = Settings(home=home, server=ServerSettings(drain_s=drain_s))
    pool = WorkerPool(settings, target="nowhere:app", tls=None)
    pool.wrks = list(workers)
    return pool


def test_a_worker_that_has_ended_is_not_killed_because_the_system_says_so_late(tmp_path: Path) -> None:
    ended = [Ending(0), Ending(5, idx=1)]
    pool = a_pool(tmp_path, 15, *ended)

    pool._stop_workers()

    assert [worker.calls for worker in ended] == [["terminate"], ["terminate"]]
    assert not pool.wrks


def test_a_worker_that_does_not_end_is_killed_at_the_deadline(tmp_path: Path) -> None:
    stubborn = Ending(float("inf"))
    pool = a_pool(tmp_path, 15, stubborn)
    pool.workers_kill_timeout = 0.01

    pool._stop_workers()

    assert stubborn.calls == ["terminate", "kill"]
