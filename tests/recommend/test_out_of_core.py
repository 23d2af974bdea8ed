"""A training of more behaviour than memory may hold learns the same from disk, and leaves nothing there."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from tests.conftest import FixedClock
from tests.recommend.builders import TestShop, teas

from zhanggui.kernel.db import Database
from zhanggui.recommend.service.training import workbench
from zhanggui.recommend.service.training.workbench import Workbench

KILLED = """
import os, signal, sys
from pathlib import Path
from zhanggui.recommend.service.training.workbench import Workbench

with Workbench(folder=Path(sys.argv[1]), budget_bytes=0).sorting() as sorting:
    (sorting._new() / "person.tmp").write_bytes(b"1")
    os.kill(os.getpid(), signal.SIGKILL)
"""


class Stopped(Exception):
    pass


@pytest.fixture
def shop(sqlite: Database, tmp_path: Path, clock: FixedClock) -> TestShop:
    shop = TestShop(sqlite, tmp_path / "models", clock)
    shop.sells(*teas("绿茶", 6), *teas("花果茶", 6))
    for n in range(30):
        shop.buys(f"c{n}", f"绿茶-{n % 5}", "花果茶-0", days_ago=20)
        shop.buys(f"c{n}", f"绿茶-{(n + 1) % 5}", days_ago=3)
    return shop


@pytest.fixture
def hardly_any_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbench, "SHARE_OF_MEMORY", 2e-6)  # 21 events


def arrays_of(shop: TestShop, model: str) -> dict[str, np.ndarray]:
    return {file.name: np.load(file) for file in (shop.folder / "recommend" / model / "arrays").iterdir()}


def on_disk(shop: TestShop) -> list[str]:
    return [file.name for file in (shop.folder / "sorting").rglob("*") if file.is_file()]


def test_what_is_learned_on_disk_is_what_memory_would_have_taught(
    shop: TestShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = shop.recommend.train(7).model
    monkeypatch.setattr(workbench, "SHARE_OF_MEMORY", 2e-6)
    stood: dict[int, list[str]] = {}

    mapped = shop.recommend.train(7, on_step=lambda done, _of: stood.update({done: on_disk(shop)})).model

    columns = ("person", "product", "at_ms", "strength", "is_purchase", "session")
    assert sorted(stood[70]) == sorted(
        2 * [f"{name}.tmp" for name in columns]
    )  # all of it, and without the last sessions
    wanted, found = arrays_of(shop, held), arrays_of(shop, mapped)
    assert found.keys() == wanted.keys()
    for name, array in wanted.items():
        np.testing.assert_array_equal(found[name], array, err_msg=name)
    first, second = (shop.recommend.model_card(model) for model in (held, mapped))
    assert first.metrics.items() <= second.metrics.items()
    assert (second.rows, second.people) == (first.rows, first.people)
    assert not (shop.folder / "sorting").exists()


@pytest.mark.usefixtures("hardly_any_memory")
def test_a_training_that_is_stopped_leaves_nothing_on_disk(shop: TestShop) -> None:
    stood: list[str] = []

    def stop(done: int, _of: int) -> None:
        if done >= 35:
            stood.extend(on_disk(shop))
            raise Stopped

    with pytest.raises(Stopped):
        shop.recommend.train(on_step=stop)

    assert stood
    assert not (shop.folder / "sorting").exists()


def test_what_a_killed_training_left_is_removed_by_the_next_look_and_what_runs_is_kept(tmp_path: Path) -> None:
    killed = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], check=False)
    assert killed.returncode == -9
    assert [file.name for file in tmp_path.rglob("*") if file.is_file()] == ["person.tmp"]
    bench = Workbench(folder=tmp_path, budget_bytes=0)

    with bench.sorting() as sorting:  # a training that begins
        assert not list(tmp_path.rglob("*"))
        made = sorting._new()
        Workbench(folder=tmp_path, budget_bytes=0).clear()  # another process looks meanwhile

        assert made.is_dir()

    assert not list(tmp_path.iterdir())


def test_a_shop_whose_behaviour_fits_puts_nothing_on_disk(shop: TestShop) -> None:
    seen: list[str] = []

    shop.recommend.train(on_step=lambda _done, _of: seen.extend(on_disk(shop)))

    assert seen == []
