"""Looking back at aims: by the methods that serve, and counted once for all processes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import numpy as np
import pytest
from tests.conftest import FixedClock
from tests.recommend.builders import HotHistory, TestShop, teas
from tests.recommend.test_data_gate import Withdrawn

from zhanggui.kernel.db import Database
from zhanggui.recommend import Watch
from zhanggui.recommend.engines.choosing import MANY
from zhanggui.recommend.errors import TrainingStopped
from zhanggui.recommend.service.aims.rehearsing import rehearsal_of
from zhanggui.recommend.service.training.learning import learn_graphs
from zhanggui.recommend.tables import models as model_tables
from zhanggui.recommend.types.learning import TriedMethod
from zhanggui.trust.service.training_data import TrainingGate


@pytest.fixture
def shop(sqlite: Database, tmp_path: Path, clock: FixedClock) -> TestShop:
    made = TestShop(sqlite, tmp_path / "models", clock)
    made.sells(*teas("绿茶", 8), *teas("红茶", 8))
    for n in range(30):
        kind, other = ("绿茶", "红茶")[:: 1 if n % 2 else -1]
        made.sees(f"p{n}", *(f"{kind}-{(n + m) % 8}" for m in range(4)), days_ago=6)
        made.sees(f"p{n}", f"{kind}-{(n + 5) % 8}", f"{other}-{n % 8}", days_ago=2)
    return made


def watch_of(shop: TestShop) -> Watch:
    return Watch(
        serving=shop.recommend.serving,
        zone=ZoneInfo("Asia/Shanghai"),
        history=HotHistory(shop.db),
        served=shop.served,
        gate=shop.gate,
    )


def test_the_slider_is_rehearsed_with_the_methods_that_serve(shop: TestShop) -> None:
    shop.recommend.train()
    recommend, card = shop.recommender(), shop.recommend.model_cards()[0]
    tried = (
        TriedMethod(graph="alike", method="usual", weight=0.0),
        TriedMethod(graph="alike", method="walks", weight=1.0),
        TriedMethod(graph="together", method="usual", weight=1.0),
    )
    shop.db.write(lambda db: model_tables.models.put(db, msgspec.structs.replace(card, tried=tried)))

    rehearsal = rehearsal_of(recommend.serving, recommend.trainer, 600)

    content = recommend.serving.anybody(1, "home")[0].graphs.content
    chosen, _ = learn_graphs(rehearsal.past, content, recommend.trainer.budget_bytes, tried, card.seed)
    usual, _ = learn_graphs(rehearsal.past, content, recommend.trainer.budget_bytes)
    assert np.array_equal(rehearsal.snapshot.graphs.alike.weights, chosen.alike.weights)
    assert not np.array_equal(chosen.alike.weights, usual.alike.weights)


def test_behaviour_that_does_not_pass_the_gate_is_rehearsed_by_nobody(shop: TestShop) -> None:
    shop.recommend.train()
    recommend = shop.recommender()
    gate = TrainingGate(db=shop.db, clock=shop.clock, gate=Withdrawn(frozenset(range(10_000))))

    with pytest.raises(TrainingStopped, match="'consent'"):
        rehearsal_of(recommend.serving, replace(recommend.trainer, data_gate=gate), 600)

    assert [(one.kind, one.reason) for one in gate.sheets()] == [("slider", "consent")]


def test_single_visits_of_which_only_the_end_is_foreseen_keep_the_kinds_of_their_events(shop: TestShop) -> None:
    for n in range(MANY):
        shop.sees(f"once-{n}", *(f"绿茶-{m}" for m in range(3)), days_ago=1)
    replace(shop.recommend.trainer, budget_seconds=0).train()  # what is chosen among methods is no matter here
    recommend = shop.recommender()

    rehearsal = rehearsal_of(recommend.serving, recommend.trainer, 600)

    assert len(rehearsal.occasions) == 30 + MANY
    assert len(rehearsal.kind) == len(rehearsal.past) == 30 * 4 + MANY * 2


def test_what_lists_showed_is_counted_once_and_read_by_every_process(shop: TestShop, clock: FixedClock) -> None:
    for n in range(6):
        shop.recommend.for_shopper(visitor_id=f"p{n}", k=4)
    shop.recommend.flush()
    shop.db.write(lambda db: None)
    clock.advance(timedelta(days=1))

    counted = watch_of(shop).count()
    clock.advance(timedelta(hours=3))

    assert [day.lists for day in counted.days] == [6]
    assert watch_of(shop).kept() == counted
    assert watch_of(shop).report().at_ms > counted.at_ms


def test_a_page_opened_before_the_first_count_counts(shop: TestShop) -> None:
    assert watch_of(shop).kept().days == ()
