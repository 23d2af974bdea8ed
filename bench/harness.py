"""How a benchmark is named, run and reported.

A case is a function under `@case("room/name")` that calls `report(metric, value, unit=..., bar=...)` once a figure.
A bar is the issue's bound as text: `>= 0.0570`, `<= 25`, `== 9747747.934`; a figure without one is reported alone.
"""

from __future__ import annotations

import json
import operator
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

COMPARE = {">=": operator.ge, "<=": operator.le, "==": operator.eq, ">": operator.gt, "<": operator.lt}


@dataclass
class Report:
    """Collects and prints the figures of one case."""

    case: str
    as_json: bool
    started: float = field(default_factory=time.perf_counter)
    missed: list[str] = field(default_factory=list)

    def __call__(
        self, metric: str, value: float, *, unit: str = "", bar: str | None = None, peak_mb: float | None = None
    ) -> None:
        """Print one figure and whether it holds its bar. `peak_mb` defaults to this process's own peak memory."""
        met = None if bar is None else holds(value, bar)
        if met is False:
            self.missed.append(metric)
        peak = peak_mb if peak_mb is not None else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        row = {
            "case": self.case,
            "metric": metric,
            "value": value,
            "unit": unit,
            "bar": bar,
            "met": met,
            "seconds": round(time.perf_counter() - self.started, 3),
            "peak_mb": round(peak, 1),
        }
        if self.as_json:
            print(json.dumps(row), flush=True)
        else:
            verdict = {None: "", True: f"   holds {bar}", False: f"   MISSES {bar}"}[met]
            print(f"{self.case:34} {metric:34} {value:>14,.6g} {unit}{verdict}", flush=True)

    def note(self, text: str) -> None:
        """Say something beside the figures, on stderr."""
        print(f"  {text}", file=sys.stderr, flush=True)


Case = Callable[[Report], None]
CASES: dict[str, Case] = {}


def case(name: str) -> Callable[[Case], Case]:
    """Register a benchmark as `room/name`."""

    def register(function: Case) -> Case:
        CASES[name] = function
        return function

    return register


def holds(value: float, bar: str) -> bool:
    """Whether `value` is within a bound written as `>= 0.057`."""
    sign, bound = bar.split()
    return bool(COMPARE[sign](value, float(bound)))


def real_data(name: str) -> Path:
    """The folder of a public data set; ends the run with a clear word where it is not to be had."""
    import os

    root = os.environ.get("ZHANGGUI_DATA")
    if not root:
        sys.exit("Set ZHANGGUI_DATA to the folder of the public data sets; its README lists them.")
    folder = Path(root) / name
    if not folder.is_dir():
        sys.exit(f"There is no folder {name!r} in ZHANGGUI_DATA ({root}).")
    return folder
