"""Training as background work."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.conftest import FixedClock
from tests.recommend.builders import TestShop, teas

from zhanggui.kernel.db import Database
from zhanggui.kernel.jobs import JobRunner, enqueue
from zhanggui.recommend.jobs import training as jobs
from zhanggui.recommend.service.training import cards
from zhanggui.recommend.service.training.triggers import Triggers


def a_shop(db: Database, folder: Path, clock: FixedClock) -> TestShop:
    shop = TestShop(db, folder, clock)
    shop.sells(*teas("绿茶", 6))
    for n in range(40):
        shop.buys(f"c{n}", f"绿茶-{n % 5}", days_ago=20)
        shop.buys(f"c{n}", f"绿茶-{(n + 1) % 5}", days_ago=3)
    return shop


def run(shop: TestShop, clock: FixedClock, ask: jobs.TrainModel, **when: int) -> None:
    triggers = Triggers(db=shop.db, clock=clock, events=shop.events, **when)
    shop.db.write(lambda db: enqueue(db, jobs.TRAIN, ask))
    JobRunner(shop.db, jobs.handlers(shop.recommend.trainer, triggers), clock, "w1").drain(10)


IF_DUE = jobs.TrainModel(if_due=True)


def test_the_model_of_a_job_serves(sqlite: Database, tmp_path: Path, clock: FixedClock) -> None:
    shop = a_shop(sqlite, tmp_path / "models", clock)

    run(shop, clock, jobs.TrainModel())

    assert [card.state for card in shop.recommend.model_cards()] == ["current"]


def test_the_first_look_trains_and_the_next_does_so_when_it_is_old(
    sqlite: Database, tmp_path: Path, clock: FixedClock
) -> None:
    shop = a_shop(sqlite, tmp_path / "models", clock)
    trained = []

    for _ in range(4):
        run(shop, clock, IF_DUE)
        trained.append(len(shop.recommend.model_cards()))
        clock.advance(hours=12)
    run(shop, clock, IF_DUE, every_hours=0)

    assert trained == [1, 1, 2, 2]
    assert len(shop.recommend.model_cards()) == 2


def test_enough_new_events_train_before_the_time_and_take_over_what_they_can(
    sqlite: Database, tmp_path: Path, clock: FixedClock
) -> None:
    shop = a_shop(sqlite, tmp_path / "models", clock)
    first = shop.recommend.model_card(shop.recommend.train().model)
    clock.advance(hours=1)
    for n in range(49):
        shop.buys(f"n{n}", "绿茶-1")
    run(shop, clock, IF_DUE)
    assert [card.id for card in shop.recommend.model_cards()] == [first.id]

    shop.buys("n49", "绿茶-1")
    run(shop, clock, IF_DUE, new_percent=0)
    assert [card.id for card in shop.recommend.model_cards()] == [first.id]
    run(shop, clock, IF_DUE)

    card = shop.recommend.model_cards()[0]
    weights = {name: value for name, value in card.parameters.items() if name.startswith("weight_")}
    assert card.parameters["reused"] == "blend, content"
    assert weights.items() <= first.parameters.items()
    assert (card.rows, card.state) == (first.rows + 50, "current")


def test_an_incremental_training_reads_the_words_of_changed_products_anew(
    sqlite: Database, tmp_path: Path, clock: FixedClock
) -> None:
    shop = a_shop(sqlite, tmp_path / "models", clock)
    shop.recommend.train()
    shop.sells(*teas("绿茶", 6), *teas("花果茶", 1))

    card = shop.recommend.model_card(shop.recommend.train(is_full=False).model)

    assert card.parameters["reused"] == "blend"


def test_a_refused_model_is_not_made_again_from_the_same_events(
    sqlite: Database, tmp_path: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = a_shop(sqlite, tmp_path / "models", clock)
    monkeypatch.setattr(cards, "refusal", lambda _: "worse than popularity on the last sessions")
    run(shop, clock, IF_DUE)
    clock.advance(hours=30)
    run(shop, clock, IF_DUE)
    assert [card.state for card in shop.recommend.model_cards()] == ["refused"]

    shop.buys("c1", "绿茶-1")
    run(shop, clock, IF_DUE)

    assert [card.state for card in shop.recommend.model_cards()] == ["refused", "refused"]


def test_an_empty_shop_has_nothing_to_train_and_no_failed_job(
    sqlite: Database, tmp_path: Path, clock: FixedClock
) -> None:
    shop = TestShop(sqlite, tmp_path / "models", clock)

    run(shop, clock, jobs.TrainModel())

    assert shop.recommend.model_cards() == []


def test_background_trainings_keep_three_models_and_the_one_that_came_last(
    sqlite: Database, tmp_path: Path, clock: FixedClock
) -> None:
    shop = a_shop(sqlite, tmp_path / "models", clock)

    for seed in range(6):
        run(shop, clock, jobs.TrainModel(seed=seed))

    assert len(shop.recommend.model_cards()) == 4
    assert len(list((tmp_path / "models" / "recommend").iterdir())) == 4
