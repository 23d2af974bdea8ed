"""The command line as a user meets it: quick, readable, never a traceback."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from zhanggui.app.cli.main import COMMANDS, run

HEAVY = ("numba", "scipy", "faiss", "pyarrow", "litestar", "numpy", "sqlalchemy", "uvicorn", "httpx", "alembic")
Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Call:
    monkeypatch.setenv("ZHANGGUI_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("ZHANGGUI_CONFIG", "")  # a command may set it: what it sets ends with the test
    monkeypatch.setenv("COLUMNS", "200")

    def called(*arguments: str) -> tuple[int, str, str]:
        code = run(arguments)
        seen = capfd.readouterr()
        return code, seen.out, seen.err

    return called


def loaded_by(code: str) -> set[str]:
    script = f"import sys; {code}; print(' '.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return {name.split(".")[0] for name in done.stdout.splitlines()[-1].split()}


def test_importing_the_package_loads_nothing_heavy() -> None:
    assert not loaded_by("import zhanggui") & {*HEAVY, "cyclopts", "msgspec", "rich"}


def test_help_loads_nothing_heavy() -> None:
    assert not loaded_by("from zhanggui.app.cli.main import run; run(['--help'])") & set(HEAVY)


@pytest.mark.parametrize("name", [name for _, name, _, _ in COMMANDS])
def test_every_command_has_help(call: Call, name: str) -> None:
    code, out, _ = call(name, "--help")

    assert code == 0
    assert "Usage: zhanggui" in out


def test_a_mistake_is_one_readable_block_with_a_hint_and_an_exit_code(call: Call) -> None:
    call("init", "teahouse")

    code, out, err = call("products", "list", "teehouse")

    assert (code, out) == (4, "")
    assert "app.unknown_shop" in err
    assert "Did you mean 'teahouse'?" in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("arguments", "code", "word"),
    [
        (("init", "Tea House"), 2, "small letters"),
        (("inti", "teahouse"), 2, "init"),
        (("products", "list"), 2, "SHOP"),
        (("train",), 2, "zhanggui train SHOP"),
        (("recommend", "popular", "teahouse", "--language", "fr"), 2, "zh"),
        (("recommend", "popular", "teahouse", "--k", "0"), 2, ">= 1"),
        (("recommend", "rules", "add", "teahouse", "boost", "--k", "900"), 2, "<= 200"),
        (("serve", "--port", "99999"), 2, "65535"),
        (("demo", "--port", "99999"), 2, "65535"),
        (("demo", "--file", "README.md", "--data", "simulated"), 2, "online-retail"),
        (("products", "list", "teahouse"), 8, "zhanggui init"),
        (("serve", "--host", "0.0.0.0"), 2, "--tls-cert"),
        (("demo", "--data", "online-retail"), 2, "--file"),
        (("settings", "--config", "/no/such/file.toml"), 8, "file.toml"),
    ],
)
def test_a_user_s_mistake_never_shows_a_traceback(call: Call, arguments: tuple[str, ...], code: int, word: str) -> None:
    seen, _, err = call(*arguments)

    assert seen == code, err
    assert word in err
    assert "Traceback" not in err


def test_a_demo_looks_at_its_port_before_it_makes_a_shop(call: Call, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        code, _, err = call("demo", "--port", str(taken.getsockname()[1]))

    assert code == 8
    assert "make demo PORT=8001" in err
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize("text", ["# A page of words\n", "sku,name\na,b\n"])
def test_a_demo_of_another_file_is_told_so(call: Call, tmp_path: Path, text: str) -> None:
    file = tmp_path / "README.md"
    file.write_text(text)

    code, _, err = call("demo", "--file", str(file), "--no-serve")

    assert code == 2
    assert "README.md is not the UCI file" in err


def test_a_fault_of_ours_is_a_block_too_and_debug_shows_its_traceback(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zhanggui.app.cli.stores.migrate_all", lambda settings: 1 / 0)

    assert "Traceback" not in call("migrate")[2]
    code, _, err = call("migrate", "--debug")
    assert code == 1
    assert "ZeroDivisionError" in err
    assert "Traceback" in err


def test_a_shop_goes_from_nothing_to_its_facts_and_out_again(call: Call, tmp_path: Path) -> None:
    file = tmp_path / "products.csv"
    file.write_text("product_id,title\nlongjing,明前龙井\nbiluochun,碧螺春\n", encoding="utf-8")

    assert call("init", "teahouse")[0] == 0
    code, _, err = call("import", "teahouse", "products", str(file), "--accept")
    assert code == 0, err
    listed = [json.loads(line)["id"] for line in call("products", "list", "teahouse", "--json")[1].splitlines()]
    assert listed == ["longjing", "biluochun"]
    assert call("export", "teahouse", "products", "--to", str(tmp_path / "out"))[0] == 0
    assert len((tmp_path / "out" / "products.jsonl").read_text(encoding="utf-8").splitlines()) == 2


def test_settings_are_shown_with_the_value_that_holds(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHANGGUI_SERVER__PORT", "9000")

    rows = {row["path"]: row["value"] for row in json.loads(call("settings", "--json")[1])}

    assert rows["server.port"] == "9000"


def test_the_pipe_may_close_early() -> None:
    command = f"{sys.executable} -c 'from zhanggui.app.cli.main import main; main()' settings --json | head -c 1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True)

    assert (done.stdout, done.stderr) == ("[", "")
