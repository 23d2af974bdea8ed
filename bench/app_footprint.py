"""What Zhanggui costs before it does anything: import time, help time, size on disk."""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from .harness import Report, case

ROOT = Path(__file__).parent.parent
RUNS = 7


def _median_seconds(command: list[str]) -> float:
    def once() -> float:
        started = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        return time.perf_counter() - started

    once()  # the first run reads the disk; a user's second one does not
    return statistics.median(once() for _ in range(RUNS))


def _disk_mb(folder: Path) -> float:
    return (
        sum(path.stat().st_blocks * 512 for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
        / 2**20
    )


@case("app/footprint")
def footprint(report: Report) -> None:
    """Install the core from its lock and the wheel into a fresh environment, with bytecode, and measure it."""
    uv = shutil.which("uv") or str(Path(sys.executable).parent / "uv")
    with tempfile.TemporaryDirectory() as folder:
        venv = Path(folder) / "venv"
        python = venv / "bin" / "python"
        quiet = {"check": True, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(venv)], **quiet)
        install = [uv, "pip", "install", "--python", str(python), "--compile-bytecode", "--link-mode", "copy"]
        subprocess.run([*install, "--require-hashes", "-r", str(ROOT / "requirements-core.lock")], **quiet)
        subprocess.run([uv, "build", "--wheel", "-q", "--out-dir", folder, str(ROOT)], **quiet)
        wheel = next(Path(folder).glob("zhanggui-*.whl"))
        subprocess.run([*install, "--no-deps", str(wheel)], **quiet)
        bare = _median_seconds([str(python), "-c", "pass"])
        report("wheel_mb", wheel.stat().st_size / 2**20, unit="MB")
        report("core_disk_mb", _disk_mb(venv), unit="MB", bar="<= 1228.8")
        report("import_s", _median_seconds([str(python), "-c", "import zhanggui"]), unit="s", bar="<= 0.3")
        report("help_s", _median_seconds([str(venv / "bin" / "zhanggui"), "--help"]), unit="s", bar="<= 1.0")
        report("bare_python_s", bare, unit="s")
