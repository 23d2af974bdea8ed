"""A training set that does not pass stops the training: nothing is learned, the model before serves, and it is said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
import pytest
from tests.conftest import FixedClock
from tests.recommend.builders import TestShop, teas

from zhanggui.kernel.datasheets import Datasheet, TrainingData
from zhanggui.kernel.db import Database
from zhanggui.kernel.privacy import Purpose
from zhanggui.recommend.service.goods import document_of
from zhanggui.recommend.types.models import ModelCard
from zhanggui.shop.service.live_catalogue import LiveCatalogue
from zhanggui.shop.types import TextLicence
from zhanggui.trust.service.training_data import TrainingGate


@dataclass
class Withdrawn:
    """Everybody may be learned from, until somebody withdraws."""

    people: frozenset[int] = frozenset()

    def allows(self, person: int, purpose: Purpose) -> bool:
        return person not in self.people

    def allowed_among(self, persons: list[int], purpose: Purpose) -> set[int]:
        return set(persons) - self.people


@pytest.fixture
def shop(sqlite: Database, tmp_path: Path, clock: FixedClock) -> TestShop:
    shop = TestShop(sqlite, tmp_path / "models", clock)
    shop.sells(*teas("绿茶", 6), *teas("花果茶", 6))
    for who in range(20):
        shop.sees(f"u{who}", "绿茶-0", "绿茶-1", f"花果茶-{who % 6}", f"绿茶-{2 + who % 4}")
    return shop


def gated(shop: TestShop, withdrawn: Withdrawn | None = None) -> None:
    gate = TrainingGate(db=shop.db, clock=shop.clock, gate=withdrawn or Withdrawn())
    shop.recommend = shop.recommender(trainer=shop.trainer(gate))


def sheet_of(card: ModelCard) -> Datasheet:
    assert card.datasheet is not None
    return card.datasheet


def test_every_model_carries_the_datasheet_of_what_it_learned_from(shop: TestShop) -> None:
    gated(shop)

    report = shop.recommend.train()

    assert report.in_service
    (card,) = shop.recommend.model_cards()
    sheet = sheet_of(card)
    assert [one.name for one in sheet.checks] == [
        "consent", "duplicates", "one_source", "bursts", "outliers", "bombing", "future", "words", "texts", "licence",
    ]  # fmt: skip
    assert {one.state for one in sheet.checks} == {"pass"}
    assert (sheet.rows, sheet.people, sheet.texts, sheet.left_out) == (card.rows, 20, 12, 0)
    assert sheet.by_basis == {"visitor": card.rows}
    written = (shop.recommend.models.folder / "recommend" / card.id / "card.json").read_bytes()
    assert sheet_of(msgspec.json.decode(written, type=ModelCard)) == sheet


def test_who_withdrew_while_rows_were_read_stops_the_training_and_the_model_before_serves_on(shop: TestShop) -> None:
    gated(shop)
    shop.recommend.train()
    (before,) = shop.recommend.model_cards()
    gated(shop, Withdrawn(frozenset({1})))

    report = shop.recommend.train()

    assert not report.in_service
    assert "did not pass the check 'consent'" in report.summary
    cards = {card.id: card for card in shop.recommend.model_cards()}
    assert cards[before.id].state == "current"
    refused = cards[report.model]
    assert (refused.state, refused.reason) == ("refused", "data:consent")
    assert sheet_of(refused).reason == "consent"
    assert not (shop.recommend.models.folder / "recommend" / refused.id).exists()


def test_a_little_manipulation_is_left_out_and_much_of_it_stops_the_training(shop: TestShop) -> None:
    gated(shop)
    for n in range(120):
        shop.sees("attacker", "花果茶-5", days_ago=n / 10)
    gate = TrainingGate(db=shop.db, clock=shop.clock, gate=Withdrawn(), most_suspect=0.7)
    shop.recommend = shop.recommender(trainer=shop.trainer(gate))

    assert shop.recommend.train().in_service
    (card,) = shop.recommend.model_cards()
    assert sheet_of(card).left_out == 120
    assert card.rows == sheet_of(card).rows == 80
    told = {one.name: one for one in sheet_of(card).checks}
    assert (told["one_source"].state, told["one_source"].where) == ("warn", ("花果茶-5",))

    gated(shop)
    report = shop.recommend.train()
    assert not report.in_service
    assert "'one_source'" in report.summary
    assert "花果茶-5" in report.summary


def test_words_whose_licence_forbids_it_are_left_out_and_counted_and_nothing_stops(shop: TestShop) -> None:
    shop.sells(*(msgspec.structs.replace(tea, licence=TextLicence.DISPLAY) for tea in teas("绿茶", 6)))
    gated(shop)

    report = shop.recommend.train()

    assert report.in_service
    (card,) = shop.recommend.model_cards()
    sheet = sheet_of(card)
    told = {one.name: one for one in sheet.checks}["texts"]
    assert (told.state, told.found, told.of, told.where[0]) == ("warn", 6, 12, "绿茶-0")
    assert (sheet.texts, sheet.rows) == (6, card.rows)
    with shop.db.read() as db:
        view = LiveCatalogue(shop.db, shop.clock).view(db)
    number = view.numbers["绿茶-0"]
    assert set(document_of(view, number)) == {"茶", "绿茶", "category:茶/绿茶"}


def test_words_that_are_learned_from_against_their_licence_stop_it(shop: TestShop) -> None:
    gate = TrainingGate(db=shop.db, clock=shop.clock, gate=Withdrawn())
    none = np.zeros(0, dtype=np.int64)
    data = TrainingData(
        kind="recommend", person=none, product=none, at_ms=none, strength=none, texts={"a": "茶"}, names={},
        withheld=frozenset({"a"}),
    )  # fmt: skip

    assert gate.check(data)[0].reason == "texts"


def test_goods_that_may_not_be_sold_stop_it(shop: TestShop) -> None:
    gated(shop)
    shop.sells(*teas("仿真枪", 2))

    assert "'words'" in shop.recommend.train().summary


def test_groups_teach_alike_where_a_shop_wants_it_and_the_card_says_so(shop: TestShop) -> None:
    class Weights:
        def of(self, people: Sequence[int]) -> dict[int, float]:
            return {person: 2.0 if person % 2 else 0.5 for person in people}

    shop.recommend.train()
    shop.recommend = shop.recommender(trainer=shop.trainer(weights=Weights()))

    shop.recommend.train()

    newest, before = shop.recommend.model_cards()
    assert newest.parameters["taught by"] == "groups alike"
    assert "taught by" not in before.parameters
    assert newest.rows == before.rows
