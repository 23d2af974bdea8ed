"""Importing a real shop: UCI Online Retail, 541,909 order lines, from each format, into a store of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from .harness import Report, case, real_data

LINES = 541_909
SUM = 9_747_747.934
# One import in a process of its own, so that time and peak memory are of it alone.
_CHILD = """
import json, resource, sys, time
from pathlib import Path
from zhanggui.kernel.cipher import SubjectCipher
from zhanggui.kernel.clock import system_clock
from zhanggui.kernel.db import open_database, shop_metadata
from zhanggui.shop.service.importing import Importer
import zhanggui.kernel.changes
folder, path, runs = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
database = open_database(f"sqlite:///{folder / 'shop.db'}")
database.write(lambda db: shop_metadata.create_all(db))
importer = Importer(db=database, cipher=SubjectCipher(bytes(32)), clock=system_clock, folder=folder)
for _ in range(runs):
    started = time.perf_counter()
    report = importer.run("orders", [path], "public-data")
    lines = sum(value for name, value in report.figures.items() if name.startswith("lines_"))
    print(json.dumps({
        "seconds": time.perf_counter() - started,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "accounted": lines + report.rejected,
        "sum": float(report.figures["amount_all_lines"]),
        "changed": report.created + report.updated,
    }), flush=True)
database.close()
"""


def _files() -> dict[str, Path]:
    """The file as Parquet, CSV and XLSX; the last two are made once and kept in the machine's temporary folder."""
    import pyarrow.csv as arrow_csv
    import pyarrow.parquet as pq

    parquet = real_data("online-retail") / "online_retail.parquet"
    folder = Path(tempfile.gettempdir()) / f"zhanggui-bench-{os.getuid()}"
    folder.mkdir(exist_ok=True, mode=0o700)
    csv, xlsx = folder / "online_retail.csv", folder / "online_retail.xlsx"
    if not csv.exists():
        arrow_csv.write_csv(pq.read_table(parquet), csv.with_suffix(".part"))
        csv.with_suffix(".part").replace(csv)
    if not xlsx.exists():
        _write_xlsx(parquet, xlsx)
    return {"parquet": parquet, "csv": csv, "xlsx": xlsx}


def _write_xlsx(parquet: Path, xlsx: Path) -> None:
    import pyarrow.parquet as pq
    from openpyxl import Workbook

    table = pq.read_table(parquet)
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Online Retail")
    sheet.append(table.column_names)
    for batch in table.to_batches(8192):
        for row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            sheet.append(row)
    draft = xlsx.with_suffix(".part.xlsx")
    book.save(draft)
    draft.replace(xlsx)


def _import(path: Path, runs: int = 1) -> list[dict[str, float]]:
    with tempfile.TemporaryDirectory(prefix="zhanggui-bench-") as folder:
        done = subprocess.run(
            [sys.executable, "-c", _CHILD, folder, str(path), str(runs)], check=True, stdout=subprocess.PIPE, text=True
        )
    return [json.loads(line) for line in done.stdout.splitlines()]


@case("shop/import-online-retail")
def import_online_retail(report: Report) -> None:
    """Import the file in each format, the Parquet one twice."""
    for name, path in _files().items():
        runs = _import(path, 2 if name == "parquet" else 1)
        first, limit = runs[0], 60 if name == "xlsx" else 25
        peak = first["peak_mb"]
        report(f"{name}_seconds", first["seconds"], unit="s", bar=f"<= {limit}", peak_mb=peak)
        report(f"{name}_peak_mb", peak, unit="MB", bar="<= 800", peak_mb=peak)
        report(f"{name}_lines_accounted", first["accounted"], unit="lines", bar=f"== {LINES}", peak_mb=peak)
        report(f"{name}_sum", first["sum"], unit="GBP", bar=f"== {SUM}", peak_mb=peak)
        if name == "parquet":
            report("again_seconds", runs[1]["seconds"], unit="s", peak_mb=runs[1]["peak_mb"])
            report("again_changed", runs[1]["changed"], unit="facts", bar="== 0", peak_mb=runs[1]["peak_mb"])
