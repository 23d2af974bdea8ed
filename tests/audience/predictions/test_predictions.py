"""Predictions over a real store: trained, proven, told live by consent, and never worse than what serves."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Collection, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import numpy as np
import pytest
from tests.app.builders import SHOP, an_installation
from tests.conftest import FixedClock

from zhanggui.app.shop import Shop
from zhanggui.app.web.formats import Formats
from zhanggui.app.wiring.predictions import CustomerNames
from zhanggui.audience import (
    BrokenPrediction,
    Conclusions,
    NewSegment,
    NoPredictions,
    NoProfile,
    PredictionTraining,
    UnknownShopper,
)
from zhanggui.audience.commands.app import commands
from zhanggui.audience.engines.lifetime.histories import Histories
from zhanggui.audience.engines.propensity.acts import Act, Acts
from zhanggui.audience.jobs.predictions import FORETELL, TRAIN, request_training
from zhanggui.audience.service.predictions.data_gate import passed
from zhanggui.audience.service.predictions.outlooks import Outlooks
from zhanggui.audience.service.predictions.reading import Past
from zhanggui.audience.tables import predictions as tables
from zhanggui.audience.tables.plans import StoredMember, put_members, put_running
from zhanggui.audience.types.plans import PlanTerms, RunningPlan
from zhanggui.audience.types.predictions import KINDS, Foretold, Kind, OfferGroup, PredictionCard
from zhanggui.audience.words.conclusions import likely, value_band
from zhanggui.kernel.clock import DAY_MS, to_ms
from zhanggui.kernel.jobs import JobState, jobs_in
from zhanggui.kernel.privacy import Channel, Duty, Purpose
from zhanggui.shop import Customer, LegalBasis, Offer, Order, OrderLine, Product, ProductText
from zhanggui.trust.service.training_data import TrainingGate

CONTRACT = LegalBasis(kind="contract")
FIRST = datetime(2026, 1, 1, 4, tzinfo=UTC)
DAYS, CUSTOMERS = 130, 300
GOODS = {
    "longjing": ("明前龙井", ("茶", "绿茶")),
    "puer": ("普洱熟茶", ("茶", "普洱茶")),
    "mug": ("马克杯", ("器具", "杯子")),
    "pills": ("降压药", ("药品",)),
}


def purchases() -> list[Order]:
    """Customers who buy at rates of their own until they leave; half of them tea, some pills; odd ones reduced."""
    rng = np.random.default_rng(3)
    orders = []
    for number in range(CUSTOMERS):
        mean_days, day, own = rng.gamma(2.0, 6.0) + 2, float(rng.integers(0, 90)), int(rng.integers(3))
        for count in range(int(rng.geometric(0.07))):
            if day >= DAYS:
                break
            product = list(GOODS)[own if rng.random() < 0.8 else int(rng.integers(4))]
            line = OrderLine(
                id="1", product_id=product, quantity=1, unit_price_minor=4_000 if number % 4 == count % 4 else 5_000
            )
            at = FIRST + timedelta(days=int(day))
            orders.append(Order(id=f"o{number}-{count}", customer_id=f"u{number}", at=at, lines=(line,)))
            day += 1 + rng.exponential(mean_days)
    return orders


def filled(folder: Path, clock: FixedClock) -> Shop:
    shop = Shop.open(SHOP, settings=an_installation(folder, clock=clock), clock=clock)
    shop.catalogue.put_products(
        [
            Product(id=id_, texts={"zh": ProductText(title=title)}, category=category)
            for id_, (title, category) in GOODS.items()
        ]
    )
    shop.catalogue.put_offers([Offer(product_id=id_, price_minor=5_000) for id_ in GOODS])
    shop.people.put_customers([Customer(id=f"u{number}") for number in range(CUSTOMERS + 1)], CONTRACT)
    return shop


@pytest.fixture(scope="module")
def clock() -> FixedClock:
    return FixedClock(FIRST + timedelta(days=DAYS))


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory, clock: FixedClock) -> Iterator[Shop]:
    with filled(tmp_path_factory.mktemp("foretold"), clock) as opened:
        opened.orders.put_orders(purchases(), CONTRACT)
        yield opened


@pytest.fixture(scope="module")
def trained(shop: Shop) -> PredictionTraining:
    return shop.audience.predictions.train(seed=0)


@dataclass(frozen=True)
class Withdrawn:
    """Everybody may be learned from but those who withdrew since the rows were read."""

    people: frozenset[int] = frozenset()

    def allows(self, person: int, purpose: Purpose) -> bool:
        return person not in self.people

    def allowed_among(self, persons: Collection[int], purpose: Purpose) -> set[int]:
        return set(persons) - self.people


def card_of(trained: PredictionTraining, kind: Kind) -> PredictionCard:
    return next(card for card in trained.cards if card.kind == kind)


def number_of(shop: Shop, customer_id: str) -> int:
    with shop.db.read() as db:
        return shop.audience.shoppers.known(db, customer_id).number


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory, clock: FixedClock) -> Iterator[Shop]:
    with filled(tmp_path_factory.mktemp("empty"), clock) as opened:
        yield opened


def test_a_shop_with_nothing_to_learn_from_is_told_what_is_missing(empty: Shop) -> None:
    done = empty.audience.predictions.train()

    assert [card.kind for card in done.cards] == []
    missing = {(check.kind, check.code): (check.seen, check.needed) for check in done.checks if not check.holds}
    assert missing[("lifetime", "customers")] == (0, 50)
    assert missing[("buy_30", "days")] == (0, 120)
    assert "0; 50 are needed" in done.checks[0].text
    told = empty.audience.predictions.of("u1", language="en")
    assert (told.notice, told.purchases, told.lifetime) == ("no_models", (), None)
    assert "too little" in told.text
    with pytest.raises(NoPredictions):
        empty.audience.predictions.bulk.run()


def test_what_was_trained_has_a_card_with_figures_of_days_it_could_not_know(
    shop: Shop, trained: PredictionTraining
) -> None:
    assert {card.kind for card in trained.cards} == {"buy_7", "buy_30", "lifetime", "next_category", "offers"}
    month = card_of(trained, "buy_30")
    assert (month.until_day, month.horizon_days, month.people) == ("2026-05-10", 30, CUSTOMERS)
    assert month.metrics["auc"] > 0.5
    assert sum(one.people for one in month.bins) == month.parameters["judged_people"]
    assert month.libraries["lightgbm"]
    assert [check.kind for check in trained.checks if not check.holds] == ["stay_90"]
    assert card_of(trained, "next_category").categories == ("普洱茶", "杯子", "绿茶")


def test_a_customer_is_told_calibrated_chances_with_reasons_in_words(shop: Shop, trained: PredictionTraining) -> None:
    serving = {card.kind for card in shop.audience.predictions.serving()}
    told = shop.audience.predictions.of("u7", language="en")
    chances = {chance.horizon_days: chance for chance in told.purchases}

    assert list(chances) == [7, 30, 90]
    assert chances[7].chance <= chances[90].chance
    for horizon, kind in ((7, "buy_7"), (30, "buy_30"), (90, "stay_90")):
        assert chances[horizon].basis == ("trees" if kind in serving else "lifetime")
        assert bool(chances[horizon].reasons) == (kind in serving)
    assert told.churn == pytest.approx(1 - chances[90].chance)
    assert told.lifetime is not None
    assert 0 <= told.lifetime.alive <= 1
    assert told.lifetime.value_minor == pytest.approx(told.lifetime.orders * told.lifetime.order_value_minor, abs=60)
    assert {one.category for one in told.next_categories} <= {"绿茶", "普洱茶", "杯子"}  # nothing of what is for health
    zh = shop.audience.predictions.of("u7", language="zh")
    assert all("：" in reason.text or "的" in reason.text for chance in zh.purchases for reason in chance.reasons)


def test_one_customer_live_is_told_what_the_job_tells_of_all(shop: Shop, trained: PredictionTraining) -> None:
    assert shop.audience.predictions.bulk.run() == len({order.customer_id for order in purchases()})
    number = number_of(shop, "u7")
    row, told = shop.audience.predictions.bulk.rows([number])[number], shop.audience.predictions.of("u7")

    chances = {chance.horizon_days: chance.chance for chance in told.purchases}
    assert told.lifetime is not None
    assert (row.buy_7, row.buy_30) == (pytest.approx(chances[7], abs=1e-4), pytest.approx(chances[30], abs=1e-4))
    assert row.churn == pytest.approx(told.churn, abs=1e-4)
    assert (row.alive, row.value_90_minor) == (pytest.approx(told.lifetime.alive, abs=1e-4), told.lifetime.value_minor)


def test_a_purchase_counts_in_the_very_next_answer(shop: Shop, trained: PredictionTraining, clock: FixedClock) -> None:
    before = shop.audience.predictions.of("u9").lifetime
    line = OrderLine(id="1", product_id="mug", quantity=1, unit_price_minor=5_000)
    shop.orders.put_orders([Order(id="now", customer_id="u9", at=clock(), lines=(line,))], CONTRACT)

    after = shop.audience.predictions.of("u9").lifetime

    assert before is not None
    assert after is not None
    assert after.alive != before.alive


def test_who_takes_consent_back_is_foretold_no_more_from_the_next_request_on(
    shop: Shop, trained: PredictionTraining
) -> None:
    number = number_of(shop, "u11")
    shop.audience.predictions.bulk.run()
    assert number in shop.audience.predictions.bulk.rows([number])

    shop.consents.set_personalization(number, on=False, actor="test")

    with pytest.raises(NoProfile):
        shop.audience.predictions.of("u11")
    assert shop.audience.predictions.bulk.rows([number]) == {}
    shop.audience.predictions.bulk.run()
    with shop.db.read() as db:
        assert tables.foretold_of(db, [number], purpose=Duty.RIGHTS) == {}


def test_what_a_shopper_had_forgotten_is_foretold_from_no_more(shop: Shop, trained: PredictionTraining) -> None:
    number = number_of(shop, "u15")
    shop.audience.predictions.bulk.run()
    assert number in shop.audience.predictions.bulk.rows([number])

    shop.audience.corrections.forget("u15", "u15")

    assert shop.audience.predictions.bulk.rows([number]) == {}
    assert shop.audience.predictions.of("u15").notice == "has_not_bought"
    shop.audience.predictions.bulk.run()
    assert shop.audience.predictions.bulk.rows([number]) == {}


def test_a_stranger_is_unknown_and_one_who_never_bought_is_told_so(shop: Shop, trained: PredictionTraining) -> None:
    with pytest.raises(UnknownShopper):
        shop.audience.predictions.of("nobody")

    told = shop.audience.predictions.of(f"u{CUSTOMERS}", language="en")

    assert (told.notice, told.purchases, told.churn) == ("has_not_bought", (), None)


def test_a_worse_model_does_not_take_the_place_of_the_one_that_serves(shop: Shop, trained: PredictionTraining) -> None:
    files, present = shop.audience.predictions.training.files, card_of(trained, "lifetime")
    refused = msgspec.structs.replace(present, id="01ZZZZZZZZZZZZZZZZZZZZZZZZ", state="refused", reason="miscalibrated")

    shop.db.write(lambda db: files.settle(db, refused))

    with shop.db.read() as db:
        assert tables.current_cards(db)["lifetime"].id == present.id
    models = shop.audience.predictions.models("en")
    assert next(card for card in models.cards if card.id == refused.id).reason == "miscalibrated"
    shop.db.write(lambda db: tables.models.forget(db, refused.id))


def test_every_card_carries_the_datasheet_of_what_it_learned_from(shop: Shop, trained: PredictionTraining) -> None:
    sheets = {card.kind: card.datasheet for card in trained.cards}

    month = sheets["buy_30"]
    assert month is not None
    assert {kind: sheet is not None and sheet.kind for kind, sheet in sheets.items()} == {kind: kind for kind in sheets}
    assert (month.people, month.rows, month.left_out) == (CUSTOMERS, len(purchases()), 0)
    assert month.by_basis == {"contract": month.rows}
    assert {one.state for one in month.checks} == {"pass"}


def test_a_training_set_that_does_not_pass_teaches_nothing_and_the_models_before_serve_on(
    shop: Shop, trained: PredictionTraining
) -> None:
    desk, serving = shop.audience.predictions, shop.audience.predictions.serving()
    withdrawn = Withdrawn(frozenset({number_of(shop, "u17")}))
    gate = TrainingGate(db=shop.db, clock=desk.training.clock, gate=withdrawn)

    refused = replace(desk.training, data_gate=gate).train().cards

    assert {(card.kind, card.state, card.reason) for card in refused} == {
        (kind, "refused", "training_data") for kind in KINDS
    }
    assert all(card.datasheet is not None and card.datasheet.reason == "consent" for card in refused)
    assert {card.id for card in desk.serving()} == {card.id for card in serving}
    assert not any((desk.training.files.folder / card.kind / card.id).exists() for card in refused)
    shop.db.write(lambda db: [tables.models.forget(db, card.id) for card in refused])


def test_what_was_foreseen_of_the_past_passes_the_gate_too_and_stays_empty_where_it_fails(shop: Shop) -> None:
    training, foretelling = shop.audience.predictions.training, shop.audience.predictions.foretelling
    persons = [number_of(shop, f"u{n}") for n in range(CUSTOMERS)]
    at_ms = to_ms(FIRST) + 100 * DAY_MS
    told = {}
    for name, people in (("all may", frozenset[int]()), ("one withdrew", frozenset(persons[:1]))):
        outlooks = Outlooks(
            db=shop.db,
            clock=training.clock,
            history=training.history,
            customers=training.customers,
            models=foretelling.models,
            ahead_of=foretelling.ahead_of,
            live=training.live,
            data_gate=TrainingGate(db=shop.db, clock=training.clock, gate=Withdrawn(people)),
        )
        then = outlooks.past()
        told[name] = sum(bool(then.then(person, at_ms)) for person in persons)

    assert told["all may"] > 0
    assert told["one withdrew"] == 0


def test_what_looks_like_manipulation_is_left_out_of_what_is_learned(shop: Shop) -> None:
    acts = Acts(
        person=np.array([9, *[7] * 150]),
        day=np.arange(151),
        act=np.full(151, Act.BROWSE, dtype=np.int8),
        product=np.full(151, 1),
        value=np.zeros(151),
    )
    past = Past(acts=acts, quantity=np.zeros(151, dtype=np.int64), at_ms=np.arange(151) * 86_400_000, until_seq=151)
    gate = TrainingGate(db=shop.db, clock=lambda: FIRST, gate=Withdrawn())
    with shop.db.read() as db:
        view = shop.audience.predictions.training.live.view(db)

    kept, sheet = passed(gate, past, view)
    searches = replace(past, acts=replace(acts, product=np.zeros(151, dtype=np.int64)))

    assert (kept.acts.person.tolist(), kept.acts.day.tolist(), len(kept.quantity)) == ([9], [0], 1)
    assert sheet.reason == "one_source"
    assert len(passed(gate, searches, view)[0].acts) == 151  # what is about no product speaks for none


def test_files_of_models_hold_arrays_and_json_and_nobody(shop: Shop, trained: PredictionTraining) -> None:
    files = [path for path in (shop.folder / "models" / "audience").rglob("*") if path.is_file()]

    assert {path.suffix for path in files} == {".npy", ".json"}
    ids = [b"u7", *(f'"u{number}"'.encode() for number in range(CUSTOMERS))]
    assert all(name not in path.read_bytes() for path in files if path.suffix == ".json" for name in ids)


def test_a_model_that_cannot_be_read_leaves_the_others_telling(shop: Shop, trained: PredictionTraining) -> None:
    card = card_of(trained, "next_category")
    files = shop.audience.predictions.training.files
    lost = msgspec.structs.replace(card, id="01YYYYYYYYYYYYYYYYYYYYYYYY")

    with pytest.raises(BrokenPrediction):
        files.read(lost)

    shop.db.write(lambda db: files.settle(db, lost))
    told = shop.audience.predictions.of("u7")
    shop.db.write(lambda db: (files.settle(db, card), tables.models.forget(db, lost.id)))
    assert told.next_categories == ()
    assert told.purchases
    assert shop.audience.predictions.of("u7").next_categories


def test_only_customers_are_learned_from_and_only_those_who_allow_it(shop: Shop, clock: FixedClock) -> None:
    guest = Order(
        id="guest", at=clock(), lines=(OrderLine(id="1", product_id="mug", quantity=1, unit_price_minor=5_000),)
    )
    shop.orders.put_orders([guest], CONTRACT)
    with shop.db.read() as db:
        known = CustomerNames().customers_among(db, range(1, 2_000))

    assert set(known.values()) == {f"u{number}" for number in range(CUSTOMERS + 1)}


def test_groups_answer_to_offers_without_person_or_price(shop: Shop, trained: PredictionTraining) -> None:
    groups = shop.audience.predictions.offers("en")

    assert {group.condition for group in groups} <= {"first_order", "few_orders", "regulars", "away_30", "away_90"}
    assert groups
    assert all(group.people >= 20 and group.low <= group.ratio <= group.high for group in groups)


def test_no_type_says_of_a_person_how_they_answer_to_prices() -> None:
    of_groups = set(OfferGroup.__struct_fields__)
    of_people = {*Foretold.__struct_fields__, *tables.StoredForetold.__struct_fields__}

    assert not of_groups & {"person", "customer_id", "visitor_id", "price_minor", "discount_minor"}
    assert not {name for name in of_people if any(word in name for word in ("discount", "price", "offer", "ratio"))}


def test_the_jobs_train_and_foretell_and_asking_twice_is_once(shop: Shop) -> None:
    assert request_training(shop.db) == request_training(shop.db)
    with shop.db.read() as db:
        waiting = [job.kind for job in jobs_in(db, states=(JobState.WAITING,), limit=50)]
    assert waiting.count(TRAIN) == 1
    assert FORETELL not in waiting


def test_the_commands_print_what_the_service_tells(
    shop: Shop, trained: PredictionTraining, capsys: pytest.CaptureFixture[str]
) -> None:
    app = commands(lambda _: nullcontext(shop))

    app(["predict", SHOP, "u7", "--json"], result_action="return_value")
    assert json.loads(capsys.readouterr().out)["customer_id"] == "u7"
    for line in (
        ["predict", SHOP, "u7"],
        ["card", SHOP, "buy_30"],
        ["card", SHOP, "lifetime"],
        ["offers", SHOP],
        ["foretell", SHOP, "--quiet"],
    ):
        app([*line], result_action="return_value")
        assert capsys.readouterr().out
    app(["card", SHOP, "lifetime", "--language", "en"], result_action="return_value")
    assert "A customer still" in capsys.readouterr().out


def test_erasure_takes_what_was_foretold(shop: Shop, trained: PredictionTraining) -> None:
    number = number_of(shop, "u13")
    shop.audience.predictions.bulk.run()
    with shop.db.read() as db:
        assert number in tables.foretold_of(db, [number], purpose=Purpose.SERVICE)

    shop.db.write(lambda db: tables.foretold.delete_people(db, [number]))

    with shop.db.read() as db:
        assert tables.foretold_of(db, [number], purpose=Purpose.SERVICE) == {}


def test_ranking_is_told_what_the_daily_job_foretold(shop: Shop, trained: PredictionTraining) -> None:
    number, profiles = number_of(shop, "u7"), shop.recommend.trainer.profiles
    shop.audience.predictions.bulk.run()

    with shop.db.read() as db:
        told, of_stranger = tuple(profiles.now(db, number)), tuple(profiles.now(db, 10**6))

    row = shop.audience.predictions.bulk.rows([number])[number]
    assert told[:2] == (math.log1p(row.value_90_minor or 0), row.alive)
    assert 0 < told[2] < 1
    assert of_stranger == ()


def test_a_training_of_rankings_is_told_of_who_may_be_learned_from_alone(
    shop: Shop, trained: PredictionTraining
) -> None:
    number, at_ms = number_of(shop, "u17"), to_ms(FIRST + timedelta(days=120))
    profiles = shop.recommend.trainer.profiles
    assert len(profiles.past().then(number, at_ms)) == 3

    shop.consents.record(number, Purpose.TRAINING, granted=False, actor="test")

    assert len(profiles.past().then(number, at_ms)) == 0


def test_what_is_told_of_a_lifetime_has_reasons_that_add_up_and_plots_of_days_it_could_not_know(
    shop: Shop, trained: PredictionTraining
) -> None:
    card, told = card_of(trained, "lifetime"), shop.audience.predictions.of("u7", language="en").lifetime
    assert told is not None
    serving = shop.audience.predictions.foretelling.models
    with shop.db.read() as db:
        typical, lifetime = serving.of(db).typical, serving.of(db).lifetime.purchases
    assert typical is not None
    assert lifetime is not None
    recency = max(typical.age - typical.idle, 0.0) if typical.frequency else 0.0
    usual = Histories(frequency=np.array([typical.frequency]), recency=np.array([recency]), age=np.array([typical.age]))
    for reasons, own, other in (
        (told.alive_reasons, told.alive, lifetime.alive(usual)[0]),
        (told.order_reasons, told.orders, lifetime.expected(usual, 90)[0]),
    ):
        assert sum(one.effect for one in reasons) == pytest.approx(own - other, abs=1e-3)
        assert all("middle customer" in one.text for one in reasons)
    assert told.value_reasons
    held_out = {name: sum(one.people for one in bins) for name, bins in card.plots.items()}
    assert set(held_out) == {"orders", "alive"}
    assert len(set(held_out.values())) == 1
    following = card_of(trained, "next_category")
    assert following.metrics["right"] <= following.metrics["right_3"] <= 1
    assert sum(one.people for one in following.plots["first_category"]) == following.metrics["people"]


def texts_of(told: Conclusions) -> list[str]:
    return [part for one in told.items for part in (one.text, *one.why)]


def test_a_shopper_is_told_what_is_concluded_of_them_in_round_words(shop: Shop, trained: PredictionTraining) -> None:
    segment = shop.audience.segments.add(NewSegment(name="回头客", rule="orders >= 1"), "test")

    told = shop.audience.concluding.of("u7")

    kinds = [one.kind for one in told.items]
    assert {"purchase", "churn", "alive", "orders", "value", "next_category", "segment"} <= set(kinds)
    assert [text for text in texts_of(told) if re.search(r"\d\.\d\d|\d{5}", text)] == []
    group = next(one for one in told.items if one.kind == "segment")
    assert (group.key, group.why, group.since) == (
        f"segment:{segment.id}",
        ("规则：累计下单至少 1 单",),
        segment.created_at,
    )
    assert all(one.why for one in told.items)
    week = next(one for one in told.items if one.kind == "purchase")
    assert "7 天内会来买" in week.text
    assert week.since == card_of(trained, "buy_7").at
    assert "within 7 days" in shop.audience.concluding.of("u7", language="en").items[0].text


def test_the_copy_that_a_person_gets_carries_the_same(shop: Shop, trained: PredictionTraining) -> None:
    told = shop.audience.concluding.of("u7")

    document = json.loads(json.dumps(shop.persons.export(customer_id="u7", actor="u7")))

    assert [one["text"] for one in document["profile"]["conclusions"]] == [one.text for one in told.items]


def test_what_a_shopper_stops_is_concluded_of_them_no_more(shop: Shop, trained: PredictionTraining) -> None:
    number, corrections = number_of(shop, "u19"), shop.audience.corrections
    segment = shop.audience.segments.add(NewSegment(name="买过的", rule="orders >= 1"), "test")
    shop.audience.predictions.bulk.run()
    category = shop.audience.predictions.of("u19").next_categories[0]

    for key in (category.key, f"segment:{segment.id}"):
        corrections.mute(key, "u19", "u19")
    told = shop.audience.concluding.of("u19")
    assert not {category.key, f"segment:{segment.id}"} & {one.key for one in told.items}
    assert len(shop.audience.predictions.of("u19").next_categories) == 2
    assert "u19" not in {one.customer_id for one in shop.audience.segments.people(segment.id, limit=400).items}

    said = corrections.mute("foretold", "u19", "u19")
    assert {one.kind for one in shop.audience.concluding.of("u19").items} <= {"segment"}
    assert shop.audience.predictions.of("u19").notice == "muted"
    assert shop.audience.predictions.bulk.rows([number]) == {}
    shop.audience.predictions.bulk.run()
    assert shop.audience.predictions.bulk.rows([number]) == {}
    corrections.undo(said.id, "u19", "u19")
    assert shop.audience.predictions.of("u19").lifetime is not None


def test_who_pauses_is_foretold_nothing(shop: Shop, trained: PredictionTraining, clock: FixedClock) -> None:
    said = shop.audience.corrections.pause(clock() + timedelta(days=7), "u21", "u21")

    with pytest.raises(NoProfile):
        shop.audience.predictions.of("u21")
    with pytest.raises(NoProfile):
        shop.audience.concluding.of("u21")
    document = shop.persons.export(customer_id="u21", actor="u21")
    assert document["profile"]["conclusions"] == []  # type: ignore[index]
    shop.audience.corrections.undo(said.id, "u21", "u21")


def test_a_plan_is_told_while_its_channel_is_allowed_and_stopped_by_its_shopper(
    shop: Shop, trained: PredictionTraining, clock: FixedClock
) -> None:
    number = number_of(shop, "u23")
    shop.consents.record(number, Purpose.MARKETING, granted=True, actor="test", channel=Channel.EMAIL)
    terms = PlanTerms(rule="orders >= 1", channel="email", words="看看", goods=("mug",))
    plan = RunningPlan(run="01J00000000000000000000000", terms=terms, started_ms=to_ms(clock()))
    member = StoredMember(run=plan.run, person=number, arm="reached", batch=1, at_ms=to_ms(clock()))
    shop.db.write(lambda db: (put_running(db, "retain", plan), put_members(db, [member])))

    def plans() -> list[tuple[str, ...]]:
        return [one.products for one in shop.audience.concluding.of("u23").items if one.kind == "plan"]

    assert plans() == [("mug",)]
    said = shop.audience.corrections.mute("plans", "u23", "u23")
    assert plans() == []
    assert shop.audience.plans.planning.reaching.allowed([number], "email") == set()
    shop.audience.corrections.undo(said.id, "u23", "u23")
    shop.consents.record(number, Purpose.MARKETING, granted=False, actor="test", channel=Channel.EMAIL)
    assert plans() == []


@pytest.mark.parametrize(("share", "said"), [(0.0, "几乎不会（不到半成）"), (0.05, "不太可能（约 1 成）"),
                                             (0.5, "一半一半（约 5 成）"), (0.74, "比较可能（约 7 成）"),
                                             (0.949, "很可能（约 9 成）"),
                                             (1.0, "几乎肯定（九成半以上）")])  # fmt: skip
def test_a_chance_is_said_in_tenths(share: float, said: str) -> None:
    assert likely(share, "zh") == said


@pytest.mark.parametrize(("minor", "band"), [(0, "less than ¥10"), (999, "less than ¥10"),
                                             (1_000, "between ¥10 and ¥20"), (4_999, "between ¥20 and ¥50"),
                                             (12_345, "between ¥100 and ¥200")])  # fmt: skip
def test_an_amount_is_said_as_a_band(minor: int, band: str) -> None:
    figures = Formats("en", ZoneInfo("UTC"), "CNY", FIRST)

    assert value_band(minor, "CNY", figures, "en") == band
