"""Processes beside one another on one SQLite store, and processes that are killed in the middle of writing."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from zhanggui.kernel.db.sqlite import SqliteDatabase

ROUNDS = int(os.environ.get("ZHANGGUI_ROUNDS", "3"))
WRITER = """
import sys, threading
from pathlib import Path
from zhanggui.kernel.db.sqlite import SqliteDatabase
store = SqliteDatabase(Path(sys.argv[1]))
who, wanted, threads = int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
said = threading.Lock()
print("up", flush=True)
def run(thread):
    for number in range(wanted):
        key = (who * threads + thread) * 1_000_000 + number
        store.write(lambda db: db.exec_driver_sql("INSERT INTO t (id, body) VALUES (?, zeroblob(300))", (key,)).close())
        with said:
            print(f"={key}", flush=True)
running = [threading.Thread(target=run, args=(thread,)) for thread in range(threads)]
for thread in running: thread.start()
for thread in running: thread.join()
store.close()
"""


def a_store(folder: Path) -> Path:
    path = folder / "shop.db"
    store = SqliteDatabase(path)
    store.write(lambda db: db.exec_driver_sql("CREATE TABLE t (id INTEGER PRIMARY KEY, body BLOB)").close())
    store.close()
    return path


def a_writer(path: Path, who: int, wanted: int, threads: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WRITER, str(path), str(who), str(wanted), str(threads)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "up\n"
    return process


def keys_in(text: str) -> set[int]:
    """The keys of whole lines. The kill may cut the last line, and `communicate` begins within one: behind `readline`'s
    buffer."""
    return {int(line[1:]) for line in text.splitlines(keepends=True) if line[0] == "=" and line[-1] == "\n"}


def kept(path: Path) -> set[int]:
    store = SqliteDatabase(path)
    with store.read() as db:
        assert db.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
        numbers = set(db.exec_driver_sql("SELECT id FROM t").scalars())
    store.close()
    return numbers


def test_two_processes_that_write_at_once_lose_nothing(tmp_path: Path) -> None:
    path = a_store(tmp_path)

    writers = [a_writer(path, who, 100, 4) for who in range(2)]
    said = {key for writer in writers for key in keys_in(writer.communicate(timeout=60)[0])}

    assert [writer.returncode for writer in writers] == [0, 0]
    assert len(said) == 800
    assert kept(path) == said


@pytest.mark.endure
def test_a_kill_at_any_moment_loses_no_acknowledged_write(tmp_path: Path) -> None:
    path = a_store(tmp_path)
    said: set[int] = set()

    for round_ in range(ROUNDS):
        writers = [a_writer(path, round_ * 2 + side, 100_000, 4) for side in range(2)]
        for writer in writers:  # the moment is drawn: after some tens to some hundreds of acknowledged writes
            assert writer.stdout is not None
            lines = [writer.stdout.readline() for _ in range(random.Random(round_).randint(20, 300))]
            said |= keys_in("".join(lines))
        for writer in writers:
            os.kill(writer.pid, signal.SIGKILL)
        for writer in writers:
            said |= keys_in(writer.communicate(timeout=60)[0])

        assert said <= kept(path)
