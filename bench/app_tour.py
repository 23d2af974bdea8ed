"""`app/tour-file`: from a dropped export of 15 MB to its findings, as `/tour/file` does it.

The export is the tour's sample over and over, each time by other people and with other order numbers.
"""

from __future__ import annotations

import io
import tempfile
import time
from pathlib import Path

from .harness import Report, case

HEAD_LINES = 4
"""Words about the file, an empty line, and the headings."""
LARGEST_MB = 15
ORDER, BUYER = 0, 2
"""Columns that tell one time from another."""


def an_export(most_bytes: int) -> bytes:
    """The sample in GB18030, repeated up to this size."""
    sample = Path(__file__).parents[1] / "src/zhanggui/app/tour/samples/yunling-orders.csv"
    lines = sample.read_bytes().decode("gb18030").splitlines(keepends=True)
    made = io.BytesIO()
    made.write("".join(lines[:HEAD_LINES]).encode("gb18030"))
    for again in range(10_000):
        for line in lines[HEAD_LINES:]:
            cells = line.split(",")
            if len(cells) > BUYER and cells[ORDER].endswith('"'):
                cells[ORDER] = f'{cells[ORDER][:-1]}{again:04d}"'
                cells[BUYER] = f"{cells[BUYER]}{again:04d}"
            row = ",".join(cells).encode("gb18030")
            if made.tell() + len(row) > most_bytes:
                return made.getvalue()
            made.write(row)
    return made.getvalue()


@case("app/tour-file")
def tour_file(report: Report) -> None:
    """Drop the largest file that the tour takes."""
    from zhanggui.app.tour.found_file import FoundFile
    from zhanggui.app.tour.trials import Trials, new_token
    from zhanggui.kernel.clock import system_clock
    from zhanggui.kernel.settings import Settings

    export, token = an_export(LARGEST_MB * 2**20), new_token()
    with tempfile.TemporaryDirectory(prefix="zhanggui-tour-") as folder:
        found = FoundFile(Trials(Settings(home=Path(folder)), system_clock))
        began, cpu = time.perf_counter(), time.process_time()
        found.take(token, "orders.csv", io.BytesIO(export))
        facts = (seen := found.look(token, "zh")).facts
        seconds, cpu_s = time.perf_counter() - began, time.process_time() - cpu
    report("file_mb", len(export) / 2**20, unit="MB")
    report("rows", facts.rows)
    report("rows_taken", facts.taken)
    report("rows_refused", facts.refused)
    kinds = (seen.found.soon_out, seen.found.dead_stock, seen.found.bought_together, seen.found.lapsed)
    report("findings", sum(bool(kind) for kind in kinds) + bool(facts.refused), bar="== 5")
    report("seconds_to_findings", seconds, unit="s", bar="<= 20")
    report("cpu_s", cpu_s, unit="s")
