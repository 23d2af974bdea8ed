"""Training as background work."""

from __future__ import annotations

from pathlib import Path

from tests.conftest import FixedClock
from tests.recommend.builders import TestShop, teas

from zhanggui.kernel.db import Database
from zhanggui.kernel.jobs import JobRunner, enqueue
from zhanggui.recommend import jobs


def a_shop(db: Database, folder: Path, clock: FixedClock) -> TestShop:
    shop = TestShop(db, folder, clock)
    shop.sells(*teas("绿茶", 6))
    for n in range(40):
        shop.buys(f"c{n}", f"绿茶-{n % 5}", days_ago=20)
        shop.buys(f"c{n}", f"绿茶-{(n + 1) % 5}", days_ago=3)
    return shop


def run(shop: TestShop, clock: FixedClock, ask: jobs.TrainModel) -> None:
    shop.db.write(lambda db: enqueue(db, jobs.TRAIN, ask))
    JobRunner(shop.db, jobs.handlers(shop.recommend.trainer), clock, "w1").drain(10)


def test_the_model_of_a_job_serves(sqlite: Database, tmp_path: Path, clock: FixedClock) -> None:
    shop = a_shop(sqlite, tmp_path / "models", clock)

    run(shop, clock, jobs.TrainModel())

    assert [card.state for card in shop.recommend.model_cards()] == ["current"]


def test_a_young_model_is_not_trained_anew(sqlite: Database, tmp_path: Path, clock: FixedClock) -> None:
    shop = a_shop(sqlite, tmp_path / "models", clock)
    first = shop.recommend.train().model
    clock.advance(hours=1)

    run(shop, clock, jobs.TrainModel(if_older_than_s=7200))

    assert [card.id for card in shop.recommend.model_cards()] == [first]


def test_an_empty_shop_has_nothing_to_train_and_no_failed_job(
    sqlite: Database, tmp_path: Path, clock: FixedClock
) -> None:
    shop = TestShop(sqlite, tmp_path / "models", clock)

    run(shop, clock, jobs.TrainModel())

    assert shop.recommend.model_cards() == []
