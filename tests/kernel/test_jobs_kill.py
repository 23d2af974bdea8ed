"""Jobs whose process is killed: each runs again, and its effect happens exactly once."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from zhanggui.kernel.db import Database, open_database, shop_metadata
from zhanggui.kernel.jobs import JobState, counts, enqueue

ROUNDS = int(os.environ.get("ZHANGGUI_ROUNDS", "3"))
WORKER = """
import sys, msgspec
from zhanggui.kernel.clock import system_clock
from zhanggui.kernel.db import open_database
from zhanggui.kernel.jobs import JobHandler, JobRunner
class Count(msgspec.Struct): number: int
def run(payload, context):
    print(payload.number, flush=True)
    return lambda db: db.exec_driver_sql("INSERT INTO effects (number) VALUES (?)", (payload.number,)).close()
store = open_database(sys.argv[1])
handler = JobHandler(kind="count", payload=Count, run=run, max_attempts=100)
runner = JobRunner(store, [handler], system_clock, sys.argv[2], lease_s=0.2)
print("up", flush=True)
def is_over():
    with store.read() as db:
        return not db.exec_driver_sql("SELECT count(*) FROM jobs WHERE state IN ('waiting', 'running')").scalar()
while not is_over():
    runner.drain()
store.close()
"""


class Count(msgspec.Struct):
    number: int


def a_worker(address: str, name: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WORKER, address, name]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "up\n"
    return process


def a_store(address: str) -> Database:
    store = open_database(address)
    store.write(shop_metadata.create_all)
    store.write(lambda db: db.exec_driver_sql("CREATE TABLE effects (number INTEGER)").close())
    return store


@pytest.mark.endure
def test_jobs_of_killed_processes_run_again_and_each_effect_happens_exactly_once(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'shop.db'}"
    store = a_store(address)
    wanted = list(range(100 * ROUNDS))
    store.write(lambda db: [enqueue(db, "count", Count(number)) for number in wanted])

    for round_ in range(ROUNDS):
        workers = [a_worker(address, f"w{round_}-{side}") for side in range(2)]
        for worker in workers:  # the moment is drawn: after some jobs have begun
            assert worker.stdout is not None
            for _ in range(random.Random(round_).randint(5, 40)):
                worker.stdout.readline()
            os.kill(worker.pid, signal.SIGKILL)
        for worker in workers:
            worker.communicate(timeout=60)
    last = a_worker(address, "last")
    last.communicate(timeout=120)

    with store.read() as db:
        assert sorted(db.exec_driver_sql("SELECT number FROM effects").scalars()) == wanted
        assert counts(db) == {("count", JobState.DONE): len(wanted)}
    store.close()
