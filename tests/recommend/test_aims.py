"""What a shop aims at: it acts at once, stands in the ledger, is taken back, and what it costs is measured."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa
from tests.conftest import FixedClock
from tests.recommend.builders import Gate, TestShop, a_tea, ids, watch_of
from tests.shop.builders import an_offer

from zhanggui.kernel.db import Database
from zhanggui.kernel.jobs import JobRunner, JobState
from zhanggui.recommend import Aims, BadObjectives, NotEnoughEvents, ObjectivesPart, Rules, TradeOffs
from zhanggui.recommend.jobs.aims import MEASURE, handlers, measuring_of, request_trade_off, schedules
from zhanggui.recommend.service.steering.slider import STRENGTHS
from zhanggui.recommend.service.strengths import FIELDS
from zhanggui.recommend.types.aims import EventWeights, Objectives, ObjectivesChanged
from zhanggui.recommend.types.rules import PutRule, RuleKind
from zhanggui.recommend.types.watching import Measuring
from zhanggui.shop import LiveCatalogue
from zhanggui.shop.service.unit_costs import UnitCosts

KINDS = ("绿茶", "花果茶", "茶具", "红茶")


@dataclass
class Book:
    entries: list[tuple[str, object, str]] = field(default_factory=list)

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
        self.entries.append((kind, payload, actor))
        return len(self.entries)


@pytest.fixture
def shop(sqlite: Database, tmp_path: Path, clock: FixedClock) -> TestShop:
    """Four kinds of goods; those of 红茶 are of a seller who came three weeks ago."""
    shop = TestShop(sqlite, tmp_path / "models", clock)
    for keyword in KINDS:
        is_new = keyword == "红茶"
        born = clock() - timedelta(days=21 if is_new else 400)
        seller = "新" if is_new else "老"
        shop.sells(*(a_tea(f"{keyword}-{n}", keyword, seller=seller, created_at=born) for n in range(8)))
        offers = (an_offer(f"{keyword}-{n}", price_minor=5000, cost_minor=1000 + 500 * n) for n in range(8))
        shop.catalogue.put_offers(list(offers))
    return shop


@pytest.fixture
def book() -> Book:
    return Book()


@pytest.fixture
def aims(shop: TestShop, book: Book) -> Aims:
    return Aims(db=shop.db, record=book)


def has_taste(shop: TestShop, who: str, keyword: str, days_ago: float = 1) -> None:
    shop.sees(who, *(f"{keyword}-{n}" for n in range(3)), days_ago=days_ago)


def kinds_of(shown: list[str]) -> set[str]:
    return {id_.split("-")[0] for id_ in shown}


def test_a_shop_that_said_nothing_aims_at_the_defaults(aims: Aims) -> None:
    assert aims.get() == Objectives()


def test_objectives_stand_in_the_ledger_and_are_taken_back(aims: Aims, book: Book) -> None:
    first = aims.set(Objectives(variety=0.5), "anna")
    aims.set(msgspec.structs.replace(first, margin=0.2), "anna")

    assert aims.undo("bert") == first
    assert aims.undo("bert") == Objectives()
    with pytest.raises(BadObjectives, match="Nothing is left"):
        aims.undo("bert")
    assert [kind for kind, _, _ in book.entries] == ["recommend.objectives"] * 4
    assert book.entries[2][1:] == (
        ObjectivesChanged(
            subject="objectives",
            act="undone",
            before=Objectives(variety=0.5, margin=0.2),
            after=Objectives(variety=0.5),
        ),
        "bert",
    )


def test_saying_the_same_again_is_no_act(aims: Aims, book: Book) -> None:
    aims.set(Objectives(variety=0.5), "anna")
    aims.set(Objectives(variety=0.5), "anna")

    assert len(book.entries) == 1


@pytest.mark.parametrize(
    "wanted",
    [
        Objectives(variety=1.5),
        Objectives(margin=-0.1),
        Objectives(click=0, cart=0, purchase=0),
        Objectives(
            events=EventWeights(
                view=0, select=0, search=0, cart=0, wishlist=0, checkout=0, purchase=0, share=0, follow=0
            )
        ),
    ],
)
def test_objectives_out_of_their_range_are_refused(aims: Aims, wanted: Objectives) -> None:
    with pytest.raises(BadObjectives):
        aims.set(wanted, "anna")


def test_the_slider_acts_in_the_next_answer_of_another_process_and_its_undoing_too(shop: TestShop, aims: Aims) -> None:
    has_taste(shop, "u", "绿茶")
    other = shop.recommender()
    before = ids(other.for_shopper(visitor_id="u", k=4))

    aims.set_variety(1.0, "anna")
    varied = other.for_shopper(visitor_id="u", k=4)
    aims.undo("anna")

    assert kinds_of(before) == {"绿茶"}
    assert len(kinds_of(ids(varied))) >= 3
    assert {item.moved_by for item in varied.items if item.moved_by} <= {kind.value for kind in STRENGTHS}
    assert ids(other.for_shopper(visitor_id="u", k=4)) == before


def test_the_slider_at_its_beginning_leaves_every_answer_as_it_was(shop: TestShop, aims: Aims) -> None:
    has_taste(shop, "u", "花果茶")
    before = shop.recommend.for_shopper(visitor_id="u", k=8)

    aims.set(Objectives(variety=0.0, margin=0.0), "anna")

    assert shop.recommend.for_shopper(visitor_id="u", k=8).items == before.items


def test_the_slider_spares_lists_about_a_product(shop: TestShop, aims: Aims) -> None:
    before = ids(shop.recommend.similar("绿茶-0", k=5))

    aims.set_variety(1.0, "anna")

    assert ids(shop.recommend.similar("绿茶-0", k=5)) == before


def test_a_rule_of_the_merchants_stands_above_the_slider(shop: TestShop, aims: Aims, book: Book) -> None:
    rules = Rules(db=shop.db, clock=shop.clock, live=LiveCatalogue(shop.db, shop.clock), record=book)
    rules.create(PutRule(kind=RuleKind.FAIR, value=0.01), "anna")
    aims.set_variety(1.0, "anna")

    snapshot, _, _ = shop.recommend.serving.anybody(1, "home")

    assert [held.rule.value for held in snapshot.book.rules if held.rule.kind is RuleKind.FAIR] == [0.01]


def test_a_weight_of_nothing_makes_an_act_say_nothing(shop: TestShop, aims: Aims) -> None:
    has_taste(shop, "u", "绿茶")
    aims.set(Objectives(events=EventWeights(view=0)), "anna")

    shown = shop.recommend.for_shopper(visitor_id="u", k=8)

    assert all(not item.reason.evidence for item in shown.items)


def test_objectives_move_with_an_export_and_never_over_what_stands(shop: TestShop, aims: Aims) -> None:
    part = ObjectivesPart()
    aims.set(Objectives(margin=0.3), "anna")

    with shop.db.read() as db:
        (rows,) = part.rows(db)
    report = shop.db.write(lambda db: part.restore(db, rows, 0))

    assert rows == [Objectives(margin=0.3)]
    assert report.unchanged == 1


def a_lively_shop(shop: TestShop) -> None:
    """Thirty people look at one kind on one day, and at it and another kind on the next."""
    for n in range(30):
        kind, other = KINDS[n % 4], KINDS[(n + 1) % 4]
        shop.sees(f"p{n}", *(f"{kind}-{(n + m) % 8}" for m in range(4)), days_ago=6)
        shop.sees(f"p{n}", f"{kind}-{(n + 5) % 8}", f"{other}-{n % 8}", days_ago=2)


def trade_offs_of(shop: TestShop) -> TradeOffs:
    return TradeOffs(serving=shop.recommend.serving, trainer=shop.recommend.trainer, costs=UnitCosts("CNY"))


def test_the_cost_of_the_slider_is_measured_and_kept(shop: TestShop) -> None:
    a_lively_shop(shop)
    held = trade_offs_of(shop)
    steps: list[tuple[int, int]] = []

    found = held.measure(lambda done, of: steps.append((done, of)))

    assert held.latest() == found
    assert [row.position for row in found.rows] == [0.0, 0.25, 0.5, 0.75, 1.0]
    assert (found.occasions, steps[-1]) == (30, (30, 30))
    first, last = found.rows[0], found.rows[-1]
    assert last.recall.value <= first.recall.value
    assert last.new_sellers.value > first.new_sellers.value
    for row in found.rows:
        assert row.recall.low <= row.recall.value <= row.recall.high
        assert row.margin is not None
        assert row.margin.value > 0


def test_without_sessions_to_look_at_nothing_is_measured(shop: TestShop) -> None:
    has_taste(shop, "u", "绿茶")
    held = trade_offs_of(shop)

    with pytest.raises(NotEnoughEvents, match="measuring the slider needs 20"):
        held.measure()
    assert held.latest() is None


def test_who_asks_for_a_measurement_follows_it_and_is_told_why_it_came_to_nothing(
    shop: TestShop, clock: FixedClock
) -> None:
    has_taste(shop, "u", "绿茶")
    held = trade_offs_of(shop)
    unused: Any = None
    runner = JobRunner(shop.db, handlers(held, unused, unused), clock, "w1")
    assert measuring_of(shop.db) is None

    job = request_trade_off(shop.db)
    waiting = measuring_of(shop.db)
    runner.drain()
    ended = measuring_of(shop.db)

    assert waiting == Measuring(job=job, state=JobState.WAITING)
    assert ended is not None
    assert (ended.job, ended.state) == (job, JobState.DEAD)
    assert ended.error == (
        "0 sessions of shoppers who came before; measuring the slider needs 20. Until then its cost is not known."
    )


def test_the_schedule_measures_each_model_once_and_says_nothing_of_turns_without_work(
    shop: TestShop, clock: FixedClock
) -> None:
    a_lively_shop(shop)
    shop.recommend.trainer.train()
    held = trade_offs_of(shop)
    unused: Any = None
    runner = JobRunner(
        shop.db,
        handlers(held, unused, unused),
        clock,
        "w1",
        schedules=[one for one in schedules() if one.kind == MEASURE],
    )
    runner.drain()
    assert held.is_due()

    clock.now += timedelta(hours=2)
    runner.drain()
    measured, told = held.latest(), measuring_of(shop.db)
    clock.now += timedelta(hours=2)
    runner.drain()

    assert measured is not None
    assert told is not None
    assert (told.state, told.sessions_done) == (JobState.DONE, measured.occasions)
    assert held.latest() == measured
    assert measuring_of(shop.db) == told


def test_a_model_that_cannot_be_measured_is_tried_again_by_itself_after_a_day(
    shop: TestShop, clock: FixedClock
) -> None:
    a_lively_shop(shop)
    shop.recommend.trainer.train()
    held = trade_offs_of(shop)
    assert held.is_due()

    held.give_up()

    assert not held.is_due()
    clock.now += timedelta(hours=23)
    assert not held.is_due()
    clock.now += timedelta(hours=1)
    assert held.is_due()
    held.measure()
    assert not held.is_due()


def test_what_lists_showed_is_told_by_day_and_of_five_people_or_more(shop: TestShop, clock: FixedClock) -> None:
    for who in range(6):
        has_taste(shop, f"u{who}", "绿茶")
    for _ in range(2):
        for who in range(6):
            shop.recommend.for_shopper(visitor_id=f"u{who}", k=4)
        clock.advance(days=1)
    shop.recommend.for_shopper(visitor_id="u0", k=4)
    shop.recommend.flush()
    shop.db.write(lambda db: None)
    clock.advance(days=1)

    report = watch_of(shop).report()

    assert [day.lists for day in report.days] == [6, 6]
    assert all(0 <= day.gini <= 1 and 0 < day.shown <= 1 for day in report.days)
    assert report.people == 6
    assert sum(one.people or 0 for one in report.bubbles) == 6
    assert [week.people for week in report.weeks] == [6]
    assert 0 <= report.weeks[0].median <= report.weeks[0].ninth <= 1
    closed = watch_of(shop, Gate(is_open=False)).report()
    assert (closed.days, closed.people, closed.uncounted) == ((), 0, 13)


def test_margin_lifts_what_earns_more_and_is_told_as_a_share(shop: TestShop, aims: Aims) -> None:
    has_taste(shop, "u", "绿茶")
    aims.set(Objectives(margin=1.0), "anna")

    shown = shop.recommender(costs=UnitCosts("CNY")).for_shopper(visitor_id="u", k=8)

    first, last = shown.items[0], shown.items[-1]
    assert (first.product_id, last.product_id) == ("绿茶-0", "绿茶-7")  # the cheapest to buy in, and the dearest
    assert first.reason.shares["margin"] > 0.05
    assert "margin" not in last.reason.shares
    assert sum(first.reason.shares.values()) == pytest.approx(1.0, abs=0.001)


def test_a_new_cost_acts_in_the_next_answer(shop: TestShop, aims: Aims) -> None:
    aims.set(Objectives(margin=1.0), "anna")
    process = shop.recommender(costs=UnitCosts("CNY"))
    before = process.for_shopper(k=32)

    shop.catalogue.put_offers([an_offer("绿茶-7", price_minor=5000, cost_minor=0)])

    places = [ids(answer).index("绿茶-7") for answer in (before, process.for_shopper(k=32))]
    assert places[1] < places[0]


def test_an_unknown_cost_neither_lifts_nor_sinks(shop: TestShop, aims: Aims) -> None:
    aims.set(Objectives(margin=1.0), "anna")

    shown = shop.recommend.for_shopper(k=4)

    assert all("margin" not in item.reason.shares for item in shown.items)


def test_what_counts_as_taken_teaches_the_blend_and_stands_on_the_card(shop: TestShop, aims: Aims) -> None:
    a_lively_shop(shop)
    usual = shop.recommend.train()
    aims.set(Objectives(click=0.2, events=EventWeights(view=0.4)), "anna")
    after = shop.recommend.train()

    cards = {card.id: card for card in shop.recommend.model_cards()}
    assert "taught by" not in cards[usual.model].parameters
    assert cards[after.model].parameters["taught by"] == "click 0.2, event view 0.4"


def test_every_weight_that_a_merchant_may_set_is_of_one_event() -> None:
    assert sorted(FIELDS.values()) == sorted(EventWeights.__struct_fields__)
