"""Metrics: figures of all processes of a server are answered by any one of them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from zhanggui.kernel import metrics

COUNTING = """
import sys
from zhanggui.kernel import metrics
metrics.EVENTS.labels(outcome="accepted").inc(int(sys.argv[1]))
metrics.HTTP_IN_FLIGHT.inc(2)
print(metrics.exposition()[0].decode())
"""


def counted(folder: Path | None, amount: int) -> str:
    environ = {name: value for name, value in os.environ.items() if name != metrics.DIRECTORY_VARIABLE}
    if folder is not None:
        environ[metrics.DIRECTORY_VARIABLE] = str(folder)
    command = [sys.executable, "-c", COUNTING, str(amount)]
    return subprocess.run(command, env=environ, capture_output=True, text=True, check=True).stdout


def test_counts_of_several_processes_are_summed(tmp_path: Path) -> None:
    counted(tmp_path, 40)

    assert 'zhanggui_events_total{outcome="accepted"} 42.0' in counted(tmp_path, 2)


def test_one_process_without_the_folder_answers_for_itself(tmp_path: Path) -> None:
    assert 'zhanggui_events_total{outcome="accepted"} 3.0' in counted(None, 3)
