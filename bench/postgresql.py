"""A throw-away PostgreSQL for a benchmark: durable as it comes out of the box, on a Unix socket only."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

UNPRIVILEGED = "postgres"


@contextlib.contextmanager
def a_postgresql() -> Iterator[str | None]:
    """The address of a fresh cluster, stopped and deleted at the end; None where no PostgreSQL is installed."""
    tools = _tools()
    if tools is None:
        yield None
        return
    folder = Path(tempfile.mkdtemp(prefix="zhanggui-bench-pg-"))
    data = str(folder / "data")
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, UNPRIVILEGED)
        _run([tools / "initdb", "-D", data, "-U", "zhanggui", "-A", "trust", "-E", "UTF8"], folder)
        options = f"-k {folder} -c listen_addresses= -c max_connections=200 -c shared_buffers=512MB"
        _run([tools / "pg_ctl", "-D", data, "-w", "-l", str(folder / "log"), "-o", options, "start"], folder)
        try:
            yield f"postgresql://zhanggui@/postgres?host={folder}"
        finally:
            _run([tools / "pg_ctl", "-D", data, "-m", "immediate", "stop"], folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _tools() -> Path | None:
    homes = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name))
    if homes:
        return homes[-1]
    found = shutil.which("initdb")
    return None if found is None else Path(found).parent


def _run(command: list[Path | str], folder: Path) -> None:
    # PostgreSQL refuses to run as root, so root hands over to the user of the server's package.
    handover = ["runuser", "-u", UNPRIVILEGED, "--"] if os.geteuid() == 0 else []
    done = subprocess.run([*handover, *map(str, command)], cwd=folder, stdout=subprocess.DEVNULL, check=False)
    if done.returncode:
        raise SystemExit(f"PostgreSQL did not obey: {Path(command[0]).name} ended with {done.returncode}.")
