from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from tests.conftest import a_store
from tests.shop.importing.builders import KEY, a_file, a_line, counted, uci

from zhanggui.kernel.cipher import SubjectCipher
from zhanggui.kernel.db import open_database
from zhanggui.shop import Exporter

SCRIPT = Path(__file__).parent / "killed_import.py"
ROUNDS = int(os.environ.get("ZHANGGUI_ROUNDS", "3"))
TABLES = ("orders", "order_lines", "returns", "events", "persons", "products", "book_entries")


def start(store: Path, file: Path) -> subprocess.Popen[str]:
    command = [sys.executable, str(SCRIPT), str(store), str(store.parent), str(file)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def finish(store: Path, file: Path) -> None:
    with start(store, file) as process:
        process.communicate()
    assert process.returncode == 0


def contents(store: Path) -> tuple[list[int], bytes]:
    database = open_database(f"sqlite:///{store}")
    exporter = Exporter(db=database, cipher=SubjectCipher(KEY))
    found = [counted(database, table) for table in TABLES]
    body = b"".join(b"".join(exporter.stream(kind)) for kind in ("products", "offers", "orders", "returns"))
    database.close()
    return found, body


def an_empty_store(folder: Path) -> Path:
    folder.mkdir()
    a_store(folder / "shop.db").close()
    return folder / "shop.db"


@pytest.mark.endure
def test_an_import_killed_anywhere_and_run_again_gives_what_one_run_gives(
    tmp_path: Path, rng: np.random.Generator
) -> None:
    lines = [a_line(str(n // 6), f"p{n % 200}", customer=str(n % 700), quantity=1 + n % 4) for n in range(12_000)]
    file = a_file(tmp_path, uci(*lines, a_line("C7", quantity=-1), a_line("0", "POST", price="3")))
    whole = an_empty_store(tmp_path / "whole")
    finish(whole, file)
    wanted = contents(whole)

    for round_ in range(ROUNDS):
        store = an_empty_store(tmp_path / f"killed-{round_}")
        with start(store, file) as process:
            assert process.stdout is not None
            for _ in range(int(rng.integers(1, 6))):
                process.stdout.readline()
            process.kill()
        finish(store, file)

        assert contents(store) == wanted
