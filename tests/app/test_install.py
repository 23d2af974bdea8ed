"""`install.sh`, run from the wheel into a folder of its own, without systemd."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.app.conftest import _wait, free_port

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "install.sh"
pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built as `make wheel` does."""
    uv = Path(sys.executable).with_name("uv")
    if not uv.exists():
        pytest.skip("uv is not beside this Python: make setup")
    folder = tmp_path_factory.mktemp("wheel")
    built = subprocess.run(
        [str(uv), "build", "--wheel", "-q", "--out-dir", str(folder), str(ROOT)], capture_output=True, text=True
    )
    if built.returncode:
        pytest.skip(f"the wheel cannot be built here: {built.stderr[-300:]}")
    return next(folder.glob("*.whl"))


@dataclass(frozen=True)
class Installed:
    """Where the script was told to put things."""

    wheel: Path
    folder: Path
    environ: dict[str, str]

    @property
    def command(self) -> Path:
        return self.folder / "bin/zhanggui"

    def run(self, *options: str) -> str:
        places = [f"--{name}={self.folder / name}".split("=") for name in ("prefix", "home", "bin")]
        words = [word for place in places for word in place]
        done = subprocess.run(
            ["sh", str(SCRIPT), *words, "--no-service", *options], env=self.environ, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """The dependencies are this environment's, so that nothing is fetched; the program itself comes from the wheel."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ZHANGGUI_", "PIP_"))}
    libraries = {"PIP_NO_DEPS": "1", "PIP_NO_INDEX": "1", "PYTHONPATH": sysconfig.get_path("purelib")}
    place = Installed(wheel, tmp_path_factory.mktemp("installed"), {**kept, **libraries, "PYTHON": sys.executable})
    place.run(str(wheel), "--shop", "teahouse", "--owner", "wang")
    _lend_compiled_loops(place)
    return place


def _lend_compiled_loops(place: Installed) -> None:
    """The machine code of these very sources, which is kept by their time of change: anew it takes a minute."""
    ours = ROOT / "src"
    theirs = next((place.folder / "prefix/current/lib").glob("python3*/site-packages"))
    for kept in ours.rglob("__pycache__/*.nb[ic]"):
        module = Path(kept.parent.parent, f"{kept.name.partition('.')[0]}.py")
        copied = theirs / module.relative_to(ours)
        assert copied.read_bytes() == module.read_bytes()
        os.utime(copied, ns=(module.stat().st_atime_ns, module.stat().st_mtime_ns))
        copied.parent.joinpath("__pycache__").mkdir(exist_ok=True)
        shutil.copy2(kept, copied.parent / "__pycache__" / kept.name)


def asked(installed: Installed, *words: str) -> str:
    command = [str(installed.command), *words]
    return subprocess.run(command, env=installed.environ, capture_output=True, text=True, check=True).stdout


def test_the_program_is_the_wheels_and_knows_where_the_data_are(installed: Installed) -> None:
    code = "import zhanggui; print(zhanggui.__file__)"
    python = installed.folder / "prefix/current/bin/python"
    # The environment's own packages come first, as they do where no PYTHONPATH is set.
    path = next((installed.folder / "prefix/current/lib").glob("python3*/site-packages"))
    environ = {**installed.environ, "PYTHONPATH": f"{path}:{installed.environ['PYTHONPATH']}"}
    found = subprocess.run([str(python), "-c", code], env=environ, capture_output=True, text=True, check=True).stdout

    assert Path(found.strip()).is_relative_to(path)
    assert (installed.folder / "home/shops/teahouse/shop.db").exists()


def test_the_server_answers(installed: Installed) -> None:
    port = free_port()
    log = installed.folder / "serve.log"
    with log.open("wb") as out:
        command = [str(installed.command), "serve", "--port", str(port), "--workers", "1"]
        process = subprocess.Popen(command, env=installed.environ, stdout=out, stderr=subprocess.STDOUT)
    try:
        _wait(f"http://127.0.0.1:{port}", process, log)
    finally:
        process.terminate()
        process.wait(60)


def test_a_second_run_upgrades_and_keeps_data_and_login(installed: Installed) -> None:
    before = (installed.folder / "home/master.key").read_bytes()

    said = installed.run(str(installed.wheel), "--shop", "another")

    assert (installed.folder / "home/master.key").read_bytes() == before
    assert [path.name for path in (installed.folder / "home/shops").iterdir()] == ["teahouse"]
    assert "/login/link/" not in said
    assert len([path for path in (installed.folder / "prefix").iterdir() if path.name.startswith("2")]) == 1
    assert len(list((installed.folder / "home-backups/data").iterdir())) == 1
    assert "wang" in asked(installed, "users", "list")


def test_without_a_new_enough_python_it_says_what_to_do(tmp_path: Path) -> None:
    old = tmp_path / "python3"
    old.write_text("#!/bin/sh\nexit 1\n", encoding="ascii")
    old.chmod(0o755)

    done = subprocess.run(
        [
            "sh",
            str(SCRIPT),
            "--prefix",
            str(tmp_path / "p"),
            "--home",
            str(tmp_path / "h"),
            "--bin",
            str(tmp_path / "b"),
        ],
        env={**os.environ, "PYTHON": str(old)},
        capture_output=True,
        text=True,
    )

    assert done.returncode == 1
    assert "Python 3.11" in done.stderr
    assert not (tmp_path / "p").exists()


def test_a_wheel_that_is_not_there_is_named(tmp_path: Path) -> None:
    done = subprocess.run(["sh", str(SCRIPT), str(tmp_path / "none.whl")], capture_output=True, text=True)

    assert (done.returncode, "none.whl" in done.stderr) == (1, True)


def test_removing_the_program_keeps_the_data(installed: Installed) -> None:
    installed.run("--uninstall")

    assert not installed.command.exists()
    assert not (installed.folder / "prefix").exists()
    assert (installed.folder / "home/shops/teahouse/shop.db").exists()


def test_shellcheck_finds_nothing() -> None:
    if shutil.which("shellcheck") is None:
        pytest.skip("shellcheck is not installed: apt-get install shellcheck")

    found = subprocess.run(["shellcheck", str(SCRIPT)], capture_output=True, text=True)

    assert found.stdout == ""


@pytest.mark.parametrize("as_root", ["", "yes"], ids=["of a person", "of the machine"])
def test_systemd_finds_nothing_wrong_with_the_units(tmp_path: Path, as_root: str) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed: apt-get install systemd")
    program = tmp_path / "prefix/current/bin/zhanggui"
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\n", encoding="ascii")
    program.chmod(0o755)
    writes = re.search(r"(?ms)^install_service\(\) \{.*?^\}$", SCRIPT.read_text(encoding="utf-8"))
    assert writes is not None
    places = {name: str(tmp_path / name) for name in ("units", "home", "prefix")}
    mute = "say() { :; }; sysctl_() { :; }; loginctl() { :; };"
    subprocess.run(
        ["sh", "-euc", f"{mute} {writes[0]}\ninstall_service"],
        env={**os.environ, **places, "as_root": as_root, "port": "8000"},
        check=True,
    )
    units = sorted(map(str, (tmp_path / "units").iterdir()))

    found = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True)

    assert len(units) == 3
    assert (found.returncode, found.stderr) == (0, "")
