"""Compile the loops that serving, training and evaluating use, once, so that no test and no first start waits for them.

    python scripts/compile_kernels.py

The machine code is kept beside the sources. Where it is there already this takes some seconds.
SPDX-License-Identifier: Apache-2.0
"""

import io
import tempfile
from contextlib import redirect_stdout
from pathlib import Path

import numpy as np

from zhanggui.app.agreed import SIMULATED, agree
from zhanggui.app.build import open_rooms
from zhanggui.app.cli.main import run
from zhanggui.app.places import create_shop
from zhanggui.kernel.clock import system_clock
from zhanggui.kernel.settings import Settings
from zhanggui.kernel.trees import Trees, attribute
from zhanggui.recommend.engines.learners.named import LEARNERS, NEURAL
from zhanggui.shop.simulate import SimulationPlan

SHOP = "compiling"
ONE_TREE = Trees(
    feature=np.zeros((1, 1), dtype=np.int32),
    threshold=np.zeros((1, 1), dtype=np.float32),
    value=np.ones((1, 2)),
    cover=np.array([[2.0, 1.0, 1.0]]),
)


def main() -> None:
    """Make a shop in a folder of its own, train it and warm what serves it, with a model and without."""
    with tempfile.TemporaryDirectory(prefix="zg-compile-") as folder:
        settings = Settings(home=Path(folder) / "home")
        create_shop(settings, SHOP, system_clock)
        with open_rooms(SHOP, settings) as rooms:
            agree(rooms.consents, SIMULATED)
            rooms.simulator.fill(SimulationPlan(until=rooms.simulator.today(), products=30, customers=40, days=20))
            rooms.recommend.warm()  # as a shop without a model is served
            rooms.recommend.train()
            rooms.recommend.warm()
        evaluate(Path(folder))
    row = np.zeros((1, 1), dtype=np.float32)
    ONE_TREE.margins(row)  # what predicts
    attribute(ONE_TREE, row[0])  # what explains predictions


def evaluate(folder: Path) -> None:
    """Let every method of `evaluate` learn from 60 people who walk through 12 products in turn."""
    steps = [(f"u{person},p{(person + step) % 12:02},{step}") for person in range(60) for step in range(6)]
    (folder / "log.csv").write_text("\n".join(["user,item,position", *steps]), encoding="utf-8")
    items = [f"p{n:02},tea {n % 3}" for n in range(12)]
    (folder / "items.csv").write_text("\n".join(["item,kind", *items]), encoding="utf-8")
    files = ["--data", str(folder / "log.csv"), "--items", str(folder / "items.csv")]
    methods = ",".join(name for name in LEARNERS if name not in NEURAL)
    with redirect_stdout(io.StringIO()):
        run(["evaluate", "recommend", *files, "--models", methods, "--k", "1,3", "--quiet"])


if __name__ == "__main__":
    main()
