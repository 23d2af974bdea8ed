"""Compile the loops that serving and training use, once, so that no test and no first start waits for them.

    python scripts/compile_kernels.py

The machine code is kept beside the sources. Where it is there already this takes some seconds.
SPDX-License-Identifier: Apache-2.0
"""

import tempfile
from pathlib import Path

import numpy as np

from zhanggui.app.agreed import SIMULATED, agree
from zhanggui.app.build import open_rooms
from zhanggui.app.places import create_shop
from zhanggui.kernel.clock import system_clock
from zhanggui.kernel.settings import Settings
from zhanggui.kernel.trees import Trees, attribute
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
    attribute(ONE_TREE, np.zeros(1, dtype=np.float32))  # what explains predictions


if __name__ == "__main__":
    main()
