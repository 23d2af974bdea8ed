"""A training that dies goes on where it was when the facts are the same, and starts again cleanly when they are not."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.conftest import FixedClock
from tests.recommend.builders import TestShop, teas

from zhanggui.kernel.db import Database
from zhanggui.recommend.service.training import model_check

KILLED_AT_85 = """
import os, signal, sys
from pathlib import Path
from tests.conftest import FixedClock
from tests.recommend.builders import TestShop
from zhanggui.kernel.db import open_database

def on_step(done, of):
    if done >= 85:
        os.kill(os.getpid(), signal.SIGKILL)

TestShop(open_database(sys.argv[1]), Path(sys.argv[2]), FixedClock()).recommend.train(3, on_step=on_step)
"""


class Died(Exception):
    pass


def die_at(step: int) -> Callable[[int, int], None]:
    def on_step(done: int, of: int) -> None:
        if done >= step:
            raise Died

    return on_step


@pytest.fixture
def shop(sqlite: Database, tmp_path: Path, clock: FixedClock) -> TestShop:
    shop = TestShop(sqlite, tmp_path / "models", clock)
    shop.sells(*teas("绿茶", 6), *teas("花果茶", 6))
    for n in range(40):
        shop.buys(f"c{n}", f"绿茶-{n % 5}", "花果茶-0", days_ago=20)
        shop.buys(f"c{n}", f"绿茶-{(n + 1) % 5}", days_ago=3)
    return shop


@pytest.fixture
def taught(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """One entry for each time that a blend was learned."""
    times: list[int] = []
    learn = model_check.learned_blend

    def counted(*asked: Any, **more: Any) -> Any:
        times.append(1)
        return learn(*asked, **more)

    monkeypatch.setattr(model_check, "learned_blend", counted)
    return times


def arrays_of(shop: TestShop, model: str) -> dict[str, np.ndarray]:
    folder = shop.folder / "recommend" / model / "arrays"
    return {file.name: np.load(file) for file in folder.iterdir()}


def test_a_killed_training_goes_on_after_its_longest_stage(shop: TestShop, tmp_path: Path, taught: list[int]) -> None:
    url = f"sqlite:///{tmp_path / 'store.db'}"
    killed = subprocess.run(
        [sys.executable, "-c", KILLED_AT_85, url, str(shop.folder)], cwd=Path(__file__).parents[2], check=False
    )
    assert killed.returncode == -9
    assert shop.recommend.model_cards() == []

    resumed = shop.recommend.train(3).model

    assert taught == []
    assert not (shop.folder / "unfinished.json").exists()
    assert shop.recommender().popular(k=1).model == resumed


def test_it_is_the_model_that_an_unbroken_training_makes(shop: TestShop, tmp_path: Path, clock: FixedClock) -> None:
    other = TestShop(shop.db, tmp_path / "other", clock)
    unbroken = arrays_of(other, other.recommend.trainer.prepare(3, lambda _done, _of: None).card.id)
    with pytest.raises(Died):
        shop.recommend.train(3, on_step=die_at(85))

    resumed = arrays_of(shop, shop.recommend.train(3).model)

    assert resumed.keys() == unbroken.keys()
    for name, array in resumed.items():
        np.testing.assert_array_equal(array, unbroken[name])


def test_events_that_came_meanwhile_wait_for_the_next_training(shop: TestShop, taught: list[int]) -> None:
    with pytest.raises(Died):
        shop.recommend.train(3, on_step=die_at(85))
    shop.buys("c1", "绿茶-1")

    card = shop.recommend.model_card(shop.recommend.train(3).model)

    assert len(taught) == 1
    assert card.rows == 120


@pytest.mark.parametrize("what", ["seed", "age", "damage", "product"])
def test_what_no_longer_fits_is_done_again(shop: TestShop, clock: FixedClock, taught: list[int], what: str) -> None:
    with pytest.raises(Died):
        shop.recommend.train(3, on_step=die_at(85))
    seed = 4 if what == "seed" else 3
    if what == "age":
        clock.advance(hours=7)
    if what == "damage":
        (shop.folder / "unfinished.json").write_bytes(b"{")
    if what == "product":
        shop.sells(*teas("茶具", 3))

    assert shop.recommend.train(seed).in_service

    assert len(taught) == 2
