"""Earned labels in a shop: they come and go with the orders, filters and shelves follow, merchants have a say."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from tests.conftest import FixedClock
from tests.recommend.builders import HotHistory, TestShop, ids, teas
from tests.recommend.test_data_gate import Withdrawn

from zhanggui.kernel.db import Database
from zhanggui.recommend import Earner, HiddenLabelPart, LabelDesk
from zhanggui.recommend.errors import UnknownLabel
from zhanggui.recommend.service.rules.keeping import Rules
from zhanggui.recommend.types.labels import LabelChanged
from zhanggui.recommend.types.rules import PutRule, RuleKind
from zhanggui.shop import EventName, LiveCatalogue, ProductLabel
from zhanggui.shop.service.naming import Naming
from zhanggui.trust.service.training_data import TrainingGate


@dataclass
class Book:
    entries: list[tuple[str, object, str, str]] = field(default_factory=list)

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
        self.entries.append((kind, payload, actor, about))
        return len(self.entries)


@pytest.fixture
def shop(sqlite: Database, tmp_path: Path, clock: FixedClock) -> TestShop:
    """A shop in which 40 people bought each tea once, and most of those of 绿茶-0 came back for it."""
    shop = TestShop(sqlite, tmp_path / "models", clock)
    shop.sells(*teas("绿茶", 4))
    for tea in range(4):
        for who in range(40):
            shop.buys(f"v{tea}-{who}", f"绿茶-{tea}", days_ago=21)
            if tea == 0 and who < 30:
                shop.buys(f"v{tea}-{who}", "绿茶-0", days_ago=7)
    return shop


@pytest.fixture
def book() -> Book:
    return Book()


@pytest.fixture
def desk(shop: TestShop, book: Book) -> LabelDesk:
    live = LiveCatalogue(shop.db, shop.clock)
    earner = Earner(
        db=shop.db,
        clock=shop.clock,
        zone=ZoneInfo("Asia/Shanghai"),
        history=HotHistory(shop.db),
        live=live,
        data_gate=TrainingGate(db=shop.db, clock=shop.clock, gate=Withdrawn()),
    )
    return LabelDesk(db=shop.db, clock=shop.clock, live=live, record=book, earner=earner)


def test_orders_that_do_not_pass_the_gate_leave_the_labels_of_before(desk: LabelDesk, shop: TestShop) -> None:
    before = desk.earner.refresh()
    shop.buys("v0-1", "绿茶-0", days_ago=1)
    everybody = frozenset(range(10_000))
    gate = TrainingGate(db=shop.db, clock=shop.clock, gate=Withdrawn(everybody))

    report = replace(desk.earner, data_gate=gate).refresh()

    assert (report.labels, report.came, report.went, report.refused) == (before.labels, 0, 0, "consent")
    assert [(one.kind, one.reason) for one in gate.sheets()] == [("labels", "consent")]


def test_a_label_says_share_count_and_the_shops_average(desk: LabelDesk) -> None:
    assert desk.of(["绿茶-0"]) == {}

    report = desk.earner.refresh()

    (one,) = desk.of(["绿茶-0", "绿茶-1", "nobody"])["绿茶-0"]
    assert (one.label, one.name, one.share, one.hits, one.of, one.orders) == ("again", "回购多", 0.75, 30, 40, 70)
    assert one.shop_share == pytest.approx(30 / 160)
    assert one.chance < 0.001
    assert (report.labels, report.came, report.went) == (1, 1, 0)
    assert [(shelf.label, shelf.products) for shelf in desk.shelves("en")] == [("again", 1)]


def test_the_same_orders_change_nothing_and_a_label_keeps_its_day(desk: LabelDesk, clock: FixedClock) -> None:
    desk.earner.refresh()
    before = desk.evidence()
    clock.advance(timedelta(hours=1))

    report = desk.earner.refresh()

    assert (report.came, report.went) == (0, 0)
    assert desk.evidence() == before


def test_a_label_goes_when_it_is_no_longer_true(desk: LabelDesk, clock: FixedClock) -> None:
    desk.earner.refresh()
    clock.advance(timedelta(days=365))

    report = desk.earner.refresh()

    assert (report.labels, report.went) == (0, 1)
    assert desk.shelves() == []


def test_an_order_that_was_taken_back_counts_for_nothing(shop: TestShop, desk: LabelDesk) -> None:
    for who in range(30):
        shop.sees(f"v0-{who}", "绿茶-0", name=EventName.REFUND, days_ago=7)

    assert desk.earner.refresh().labels == 0


@pytest.mark.parametrize("word", ["回购多", "again", "Often bought again"])
def test_filters_find_earned_labels_beside_the_merchants_own(shop: TestShop, desk: LabelDesk, word: str) -> None:
    shop.catalogue.put_labels([ProductLabel(product_id="绿茶-3", label="回购多")])
    other = shop.recommender()

    def found() -> set[str]:
        return set(ids(other.popular(k=9, only=f'label has "{word}"')))

    merchants = {"绿茶-3"} if word == "回购多" else set()
    assert found() == merchants
    desk.earner.refresh()
    assert found() == {"绿茶-0"} | merchants
    desk.hide("again", "绿茶-0", "user:a")
    assert found() == merchants
    assert [label.label for label in shop.catalogue.labels(["绿茶-0", "绿茶-3"])] == ["回购多"]


def test_a_rule_may_name_an_earned_label(shop: TestShop, desk: LabelDesk, book: Book) -> None:
    desk.earner.refresh()
    rules = Rules(db=shop.db, clock=shop.clock, live=LiveCatalogue(shop.db, shop.clock), record=book)

    rules.create(PutRule(kind=RuleKind.PIN, target='label has "回购多"', value=2), "user:a")

    assert ids(shop.recommend.popular(k=4))[1] == "绿茶-0"


def test_a_label_opens_a_shelf_whose_reasons_carry_the_figures(shop: TestShop, desk: LabelDesk) -> None:
    desk.earner.refresh()
    shelves = shop.recommend.labelled

    answer = shelves.products("again", 5)

    assert ids(answer) == ["绿茶-0"]
    assert answer.items[0].explanation == "回购多 75%，全店 19%；70 单"
    shop.stocks("绿茶-0", 0)
    assert ids(shelves.products("again", 5)) == []
    assert ids(shelves.products("dawn", 5)) == []
    with pytest.raises(UnknownLabel, match="No label is called 'agian'"):
        shelves.products("agian", 5)


def test_hiding_stands_in_the_ledger_is_taken_back_and_survives_a_new_count(desk: LabelDesk, book: Book) -> None:
    desk.earner.refresh()

    assert desk.hide("again", "绿茶-0", "user:a").is_hidden
    desk.hide("again", "绿茶-0", "user:a")
    desk.earner.refresh()
    assert (desk.of(["绿茶-0"]), desk.shelves()) == ({}, [])
    assert [one.is_hidden for one in desk.evidence()] == [True]
    assert not desk.show("again", "绿茶-0", "user:b").is_hidden
    assert len(desk.of(["绿茶-0"])) == 1

    acts = [(kind, payload.act, actor) for kind, payload, actor, _ in book.entries if isinstance(payload, LabelChanged)]
    assert acts == [("recommend.label", "hidden", "user:a"), ("recommend.label", "shown", "user:b")]
    with pytest.raises(UnknownLabel, match="has not earned"):
        desk.hide("again", "绿茶-1", "user:a")


def test_what_is_hidden_is_exported_and_restored(shop: TestShop, desk: LabelDesk) -> None:
    desk.earner.refresh()
    desk.hide("again", "绿茶-0", "user:a")
    part = HiddenLabelPart(names=Naming())
    with shop.db.read() as db:
        (rows,) = part.rows(db)
    desk.show("again", "绿茶-0", "user:a")

    report = shop.db.write(lambda db: part.restore(db, rows, 0))

    assert (report.created, desk.of(["绿茶-0"])) == (1, {})
    assert shop.db.write(lambda db: part.restore(db, rows, 0)).created == 0
