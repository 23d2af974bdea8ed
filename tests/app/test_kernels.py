"""No compiled loop is forgotten by `scripts/compile_kernels.py`, which compiles them before any test."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "src").rglob("*.py"))
IMPORT = re.compile(r"^ *(?:import|from) numba\b", re.MULTILINE)
COMPILED = re.compile(r"^@(?:_jit|_fast)\ndef (\w+)", re.MULTILINE)


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("compile_kernels", ROOT / "scripts" / "compile_kernels.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_compiled_loops_stand_in_modules_that_the_script_finds() -> None:
    compiling = [file.name for file in SOURCES if IMPORT.search(file.read_text(encoding="utf-8"))]

    assert compiling
    assert [name for name in compiling if not name.endswith("kernels.py")] == []


def test_the_script_asks_for_every_compiled_loop(script: ModuleType) -> None:
    written = {
        f"{file.relative_to(ROOT / 'src').with_suffix('')}.{name}".replace("/", ".")
        for file in SOURCES
        if file.name.endswith("kernels.py")
        for name in COMPILED.findall(file.read_text(encoding="utf-8"))
    }

    assert set(script.loops()) == written


def test_a_loop_that_nothing_has_called_yet_is_named(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    source = "import numba\n\n\n@numba.njit(cache=True)\ndef add(a, b):\n    return a + b\n"
    (tmp_path / "adding_kernels.py").write_text(source, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    module = importlib.import_module("adding_kernels")
    monkeypatch.delitem(sys.modules, "adding_kernels")
    monkeypatch.setattr(script, "loops", lambda: {"add": module.add})

    assert script.uncompiled() == ["add"]
    module.add(1, 2)
    assert script.uncompiled() == []
