"""`python -m bench ROOM/CASE [--json]`: the one way to run a benchmark."""

from __future__ import annotations

import argparse
import difflib
import importlib
import pkgutil
import sys

import bench

from .harness import CASES, Report


def main() -> int:
    """Run the named cases; exits 1 when a bar is missed."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("cases", nargs="*", metavar="ROOM/CASE", help="cases to run; ROOM/ runs all of a room")
    parser.add_argument("--json", action="store_true", help="one JSON line a figure")
    parser.add_argument("--list", action="store_true", help="name all cases")
    ask = parser.parse_args()
    for module in pkgutil.iter_modules(bench.__path__):
        if module.name not in {"__main__", "harness"}:
            importlib.import_module(f"bench.{module.name}")
    if ask.list or not ask.cases:
        print("\n".join(sorted(CASES)))
        return 0
    wanted = [name for ask_name in ask.cases for name in _matching(ask_name)]
    missed = []
    for name in wanted:
        report = Report(name, as_json=ask.json)
        CASES[name](report)
        missed += [f"{name} {metric}" for metric in report.missed]
    if missed:
        print("missed: " + ", ".join(missed), file=sys.stderr)
    return 1 if missed else 0


def _matching(ask: str) -> list[str]:
    found = [name for name in sorted(CASES) if name == ask or (ask.endswith("/") and name.startswith(ask))]
    if not found:
        near = difflib.get_close_matches(ask, CASES, n=1)
        sys.exit(f"No benchmark is called {ask!r}." + (f" Did you mean {near[0]!r}?" if near else " See --list."))
    return found


if __name__ == "__main__":
    sys.exit(main())
