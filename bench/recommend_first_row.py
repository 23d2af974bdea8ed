"""`recommend/first-row`: how soon somebody who evaluates a million interactions sees a figure.

The program is started as anybody starts it, on a Parquet file of 1,000,000 drawn interactions (60,000 people, 20,000
products, as in `recommend/train-speed`); timed is from the start of the process to the first line of its audit, and to
the first row of a model that it prints.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from .harness import Report, case
from .recommend_train_speed import PEOPLE, PRODUCTS, write

EVENTS = 1_000_000
MODELS = "popularity,item-knn"
PROGRAM = "from zhanggui.app.cli.main import main; main()"


@case("recommend/first-row")
def first_row(report: Report) -> None:
    """Seconds until the audit, the first row and the last one are printed."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "interactions.parquet"
        write(file, np.random.default_rng(11), PEOPLE, PRODUCTS, EVENTS)
        for name, seconds in told(["--data", str(file), "--models", MODELS, "--k", "10,20", "--json", "--quiet"]):
            report(name, seconds, unit="s", bar="<= 60" if name == "first_row_s" else None)


def told(options: list[str]) -> Iterator[tuple[str, float]]:
    """Seconds from starting the program to its first line of audit, its first row, and its end, each as it comes."""
    began, wanted = time.perf_counter(), {"audit", "row"}
    words = [sys.executable, "-c", PROGRAM, "evaluate", "recommend", *options]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        for line in running.stdout:
            kind = json.loads(line)["line"]
            if kind in wanted:
                wanted.remove(kind)
                yield f"first_{kind}_s", time.perf_counter() - began
    if running.returncode:
        raise RuntimeError(f"zhanggui evaluate recommend ended with {running.returncode}")
    yield "all_s", time.perf_counter() - began
