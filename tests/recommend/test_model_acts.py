"""Earlier models back into service: at once, in the ledger, taken back again, and not replaced by the same events."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest
import sqlalchemy as sa
from tests.conftest import FixedClock
from tests.recommend.builders import TestShop, teas

from zhanggui.kernel.db import Database
from zhanggui.kernel.jobs import JobRunner, enqueue
from zhanggui.recommend import BrokenModel, ModelActs, NotKept, UnknownModel
from zhanggui.recommend.jobs import training as jobs
from zhanggui.recommend.service.training.triggers import Triggers
from zhanggui.recommend.types.models import ModelChanged


@dataclass
class Book:
    entries: list[tuple[str, ModelChanged, str]] = field(default_factory=list)

    def append(
        self,
        db: sa.Connection,
        kind: str,
        payload: object,
        actor: str = "system",
        *,
        person: int | None = None,
        about: str = "",
    ) -> int:
        assert isinstance(payload, ModelChanged)
        self.entries.append((kind, payload, actor))
        return len(self.entries)


@pytest.fixture
def shop(sqlite: Database, tmp_path: Path, clock: FixedClock) -> TestShop:
    shop = TestShop(sqlite, tmp_path / "models", clock)
    shop.sells(*teas("绿茶", 6), *teas("花果茶", 6))
    for n in range(40):
        shop.buys(f"c{n}", f"绿茶-{n % 5}", "花果茶-0", days_ago=20)
        shop.buys(f"c{n}", f"绿茶-{(n + 1) % 5}", days_ago=3)
    return shop


@pytest.fixture
def book() -> Book:
    return Book()


@pytest.fixture
def acts(shop: TestShop, book: Book) -> ModelActs:
    return ModelActs(db=shop.db, models=shop.recommend.models, record=book)


def train_in_background(shop: TestShop, ask: jobs.TrainModel) -> None:
    shop.db.write(lambda db: enqueue(db, jobs.TRAIN, ask))
    triggers = Triggers(db=shop.db, clock=shop.clock, events=shop.events)
    JobRunner(shop.db, jobs.handlers(shop.recommend.trainer, triggers), shop.clock, "w1").drain(10)


def states(shop: TestShop) -> dict[str, str]:
    return {card.id: card.state for card in shop.recommend.model_cards()}


def test_a_model_put_back_serves_in_the_next_answer_of_every_process(shop: TestShop, acts: ModelActs) -> None:
    first, second = shop.recommend.train(1).model, shop.recommend.train(2).model
    other = shop.recommender()
    assert other.popular(k=1).model == second

    acts.put_back(first, "user:a")

    assert other.popular(k=1).model == shop.recommend.popular(k=1).model == first
    assert states(shop) == {first: "current", second: "kept"}


def test_without_an_id_the_newest_that_is_kept_serves(shop: TestShop, acts: ModelActs) -> None:
    _, second, _ = (shop.recommend.train(seed).model for seed in range(3))

    assert acts.put_back(None, "user:a").id == second


def test_putting_back_can_be_taken_back_and_stands_in_the_ledger(shop: TestShop, acts: ModelActs, book: Book) -> None:
    first, second = shop.recommend.train(1).model, shop.recommend.train(2).model

    acts.put_back(first, "user:a")
    acts.undo("user:b")

    assert shop.recommend.popular(k=1).model == second
    assert states(shop) == {first: "kept", second: "current"}
    assert shop.recommend.model_card(second).held_seq == 0
    assert book.entries == [
        (
            "recommend.model",
            ModelChanged(subject=f"model:{first}", act="put_back", before=second, after=first),
            "user:a",
        ),
        (
            "recommend.model",
            ModelChanged(subject=f"model:{second}", act="undone", before=first, after=second),
            "user:b",
        ),
    ]
    with pytest.raises(NotKept):
        acts.undo("user:b")


def test_the_same_events_do_not_replace_it_by_themselves_but_newer_ones_do(shop: TestShop, acts: ModelActs) -> None:
    first = shop.recommend.train(1).model
    shop.recommend.train(2)
    acts.put_back(first, "user:a")

    train_in_background(shop, jobs.TrainModel())
    assert shop.recommend.popular(k=1).model == first
    assert set(states(shop).values()) == {"current", "kept"}

    shop.buys("c1", "绿茶-1")
    train_in_background(shop, jobs.TrainModel())
    assert shop.recommend.popular(k=1).model != first


def test_a_person_may_train_anew_from_the_same_events(shop: TestShop, acts: ModelActs) -> None:
    first = shop.recommend.train(1).model
    shop.recommend.train(2)
    acts.put_back(first, "user:a")

    train_in_background(shop, jobs.TrainModel(by_hand=True))

    assert shop.recommend.popular(k=1).model not in {first, "untrained"}


def test_only_what_is_kept_and_whole_can_be_put_back(shop: TestShop, acts: ModelActs) -> None:
    first = shop.recommend.train(1).model
    with pytest.raises(NotKept, match="No earlier model"):
        acts.put_back(None, "user:a")
    with pytest.raises(NotKept, match="serves already"):
        acts.put_back(first, "user:a")
    with pytest.raises(UnknownModel):
        acts.put_back("01ARZ3NDEKTSV4RRFFQ69G5FAV", "user:a")
    second = shop.recommend.train(2).model
    (shop.folder / "recommend" / first / "arrays" / "alike_ids.npy").write_bytes(b"nothing")

    with pytest.raises(BrokenModel):
        acts.put_back(first, "user:a")

    assert shop.recommend.popular(k=1).model == second
