from __future__ import annotations

import subprocess
import sys
from inspect import ismodule
from pathlib import Path

from zhanggui import shop

HEAVY = ("faiss", "httpx", "litestar", "numba", "opencc", "PIL", "pyarrow", "rjieba", "scipy")


def test_the_door_lists_exactly_what_it_shows() -> None:
    seen = {name for name, thing in vars(shop).items() if name[0] != "_" and not ismodule(thing)}

    assert set(shop.__all__) == seen


def test_the_door_is_sorted_and_one_page() -> None:
    assert shop.__all__ == sorted(shop.__all__, key=lambda name: (not name.isupper(), name))
    assert shop.__file__ is not None
    assert len(Path(shop.__file__).read_text(encoding="utf-8").splitlines()) <= 40


def test_entering_by_the_door_loads_no_heavy_library() -> None:
    code = f"import sys, zhanggui.shop, zhanggui.trust; print([name for name in {HEAVY} if name in sys.modules])"

    seen = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert seen.stdout == "[]\n"
