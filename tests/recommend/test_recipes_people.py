"""Recipes about people: what to do next, who would like a product, lists for everybody; nobody who did not agree."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow.parquet as pq
import pytest
from tests.conftest import FixedClock
from tests.recommend.builders import TestShop, ids, teas

from zhanggui.kernel.db import Database
from zhanggui.kernel.jobs import JobRunner, JobState
from zhanggui.kernel.privacy import Channel, Purpose
from zhanggui.recommend import CannotWrite, ExportNotReady, ShowLess
from zhanggui.recommend.jobs.exports import handlers
from zhanggui.recommend.service.recipes import batches
from zhanggui.recommend.service.recipes.batches import Stopped
from zhanggui.recommend.types.recipes import ExportLists
from zhanggui.shop import EventName, Review, UnknownProduct
from zhanggui.shop.service.words import Words


@pytest.fixture
def shop(sqlite: Database, tmp_path: Path, clock: FixedClock) -> TestShop:
    shop = TestShop(sqlite, tmp_path / "models", clock)
    goods = [*teas("绿茶", 6), *teas("花果茶", 6), *teas("茶具", 6)]
    shop.sells(*goods)
    for product in goods:
        shop.stocks(product.id, 5)
    return shop


def action(shop: TestShop, who: str = "v") -> tuple[str, str, list[str]]:
    suggested = shop.recommend.next_actions.suggest(visitor_id=who)
    return suggested.action, suggested.reason.code, [item.product_id for item in suggested.products]


def test_nothing_is_suggested_about_a_stranger_or_whoever_refused(shop: TestShop) -> None:
    shop.sees("v", "绿茶-0", name=EventName.ADD_TO_CART, days_ago=1)
    shop.gate.is_open = False

    assert action(shop, "nobody") == action(shop) == ("nothing", "nothing_known", [])


def test_a_basket_left_for_hours_is_to_be_reminded_of_until_it_is_bought(shop: TestShop) -> None:
    shop.sees("v", "绿茶-0", "花果茶-1", "茶具-0", name=EventName.ADD_TO_CART, days_ago=0.5)
    shop.sees("v", "茶具-0", name=EventName.REMOVE_FROM_CART, days_ago=0.4)

    assert action(shop) == ("remind_basket", "left_in_basket", ["花果茶-1", "绿茶-0"])

    shop.stocks("花果茶-1", 0)
    assert action(shop)[2] == ["绿茶-0"]
    shop.buys("v", "绿茶-0")
    assert action(shop)[0] != "remind_basket"


def test_somebody_who_is_filling_the_basket_is_left_alone(shop: TestShop) -> None:
    shop.sees("v", "绿茶-0", name=EventName.ADD_TO_CART)

    assert action(shop)[:2] != ("remind_basket", "left_in_basket")


def test_what_is_due_is_recommended_with_its_interval(shop: TestShop) -> None:
    for days_ago in (28, 18, 10):
        shop.buys("v", "绿茶-0", days_ago=days_ago)

    suggested = shop.recommend.next_actions.suggest(visitor_id="v", language="en")

    assert (suggested.action, suggested.reason.code) == ("recommend", "due_again")
    assert suggested.explanation == "You buy this about every 13 days; the last time was 10 days ago"


def test_a_purchase_without_a_word_is_asked_about_until_it_is_reviewed(shop: TestShop, clock: FixedClock) -> None:
    shop.buys("v", "茶具-1", days_ago=10)
    assert action(shop) == ("ask_review", "not_reviewed", ["茶具-1"])

    shop.people.identify("v", "ming")
    Words(db=shop.db, clock=clock).put_reviews(
        [Review(id="r1", product_id="茶具-1", customer_id="ming", stars=5, text="好", at=clock())]
    )

    assert action(shop)[0] != "ask_review"


def test_a_shopper_who_looks_around_is_recommended_the_best_fit_and_later_left_in_peace(
    shop: TestShop, clock: FixedClock
) -> None:
    shop.sees("v", "花果茶-0", "花果茶-1")
    suggested = shop.recommend.next_actions.suggest(visitor_id="v")
    assert (suggested.action, len(suggested.products)) == ("recommend", 1)
    assert suggested.products[0].product_id.startswith("花果茶")
    assert suggested.intent > 0.3

    clock.now += timedelta(days=9)

    assert action(shop) == ("nothing", "nothing_wanted", [])


def test_a_suggestion_is_never_logged_as_shown(shop: TestShop) -> None:
    shop.sees("v", "花果茶-0")
    shop.recommend.next_actions.suggest(visitor_id="v")
    shop.recommend.flush()

    with shop.db.read() as db:
        assert db.exec_driver_sql("SELECT count(*) FROM served_lists").scalar() == 0


def audience(shop: TestShop) -> TestShop:
    for n in range(7):
        shop.sees(f"fan{n}", "花果茶-0", "花果茶-1")
    for n in range(4):
        shop.sees(f"other{n}", "茶具-0", "茶具-1")
    return shop


def named(shop: TestShop, product: str, **more: bool) -> set[str | None]:
    return {one.visitor_id for one in shop.recommend.audiences.people(product, **more)}


def test_an_audience_is_counted_and_names_nobody(shop: TestShop) -> None:
    found = audience(shop).recommend.audiences.of("花果茶-2")

    assert (found.people, found.is_small) == (7, False)
    assert found.by_reason == {"same_keyword": 7}
    assert not any(isinstance(value, str) and value.startswith("fan") for value in found.by_reason)


def test_an_audience_of_few_shows_no_count(shop: TestShop) -> None:
    for n in range(4):
        shop.sees(f"other{n}", "茶具-0")

    found = shop.recommend.audiences.of("茶具-2")

    assert (found.people, found.first_five, found.possible, found.by_reason, found.is_small) == (0, 0, 0, {}, True)


def test_people_of_an_audience_are_those_whom_the_product_suits_and_may_be_shown_it(shop: TestShop) -> None:
    audience(shop)
    shop.recommend.show_less(ShowLess(product_id="花果茶-2", visitor_id="fan0", chips=()))
    shop.buys("fan1", "花果茶-2")

    assert named(shop, "花果茶-2") == {"fan2", "fan3", "fan4", "fan5", "fan6"}


def test_messages_go_only_to_who_agreed_to_marketing(shop: TestShop, monkeypatch: pytest.MonkeyPatch) -> None:
    audience(shop)
    with shop.db.read() as db:
        subject = shop.people.subject(db, visitor_id="fan3")
    assert subject is not None

    def allowed(persons: object, purpose: Purpose) -> set[int]:
        return {subject.number} if purpose is Purpose.MARKETING else set(persons)  # type: ignore[call-overload]

    monkeypatch.setattr(shop.gate, "allowed_among", allowed)

    assert named(shop, "花果茶-2", for_messages=True) == {"fan3"}
    assert len(named(shop, "花果茶-2")) == 7


def test_nobody_who_refused_is_of_an_audience(shop: TestShop) -> None:
    audience(shop)
    shop.gate.is_open = False

    assert named(shop, "花果茶-2") == set()


def test_a_page_counts_an_audience_once_in_a_while_and_asks_each_time_who_may_be_named(
    shop: TestShop, clock: FixedClock
) -> None:
    of = audience(shop).recommend.audiences.whole

    assert len(of("花果茶-2", named=50, language="zh").people) == 7
    shop.sees("fan7", "花果茶-0", "花果茶-1")
    shop.gate.is_open = False
    kept = of("花果茶-2", named=50, language="zh")

    assert (kept.counts.people, kept.people) == (7, ())
    shop.gate.is_open = True
    clock.advance(minutes=11)
    assert of("花果茶-2", named=50, language="zh").counts.people == 8


def test_a_page_asks_of_no_more_people_than_it_takes_to_name_so_many(
    shop: TestShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    of = audience(shop).recommend.audiences.whole
    everybody = [one.visitor_id for one in of("花果茶-2", named=50, language="zh").people]
    with shop.db.read() as db:
        refused = shop.people.subject(db, visitor_id=everybody[1])
    assert refused is not None
    asked: list[int] = []

    def allowed(persons: Collection[int], purpose: Purpose) -> set[int]:
        asked.extend(persons)
        return set(persons) - {refused.number}

    monkeypatch.setattr(shop.gate, "allowed_among", allowed)
    people = of("花果茶-2", named=2, language="zh").people

    assert [one.visitor_id for one in people] == [everybody[0], everybody[2]]
    assert len(asked) == 4


def test_a_visitor_who_logged_in_is_one_person_with_the_customer(shop: TestShop) -> None:
    audience(shop)
    for n in range(3):
        shop.people.identify(f"fan{n}", "ming")

    people = shop.recommend.audiences.people("花果茶-2")

    assert sum(one.customer_id == "ming" for one in people) == 1
    assert len(people) == 5


def test_an_audience_of_an_unknown_product_is_refused(shop: TestShop) -> None:
    with pytest.raises(UnknownProduct):
        shop.recommend.audiences.of("ghost")


ASK = ExportLists(k=3, surface="home")


def test_lists_of_everybody_are_those_that_each_would_get(shop: TestShop, tmp_path: Path) -> None:
    audience(shop)

    report = shop.recommend.batches.export(tmp_path / "lists.parquet", ASK)

    table = pq.read_table(tmp_path / "lists.parquet").to_pylist()
    assert (report.shoppers, report.rows, len(table)) == (11, 33, 33)
    own = [row for row in table if row["visitor_id"] == "fan2"]
    assert [row["position"] for row in own] == [1, 2, 3]
    assert [row["product_id"] for row in own] == ids(shop.recommend.for_shopper(visitor_id="fan2", k=3))
    shop.recommend.flush()
    shop.db.write(lambda _: None)
    logged = shop.served.served(own[0]["list_id"], purpose=Purpose.SERVICE)
    assert logged is not None
    assert len(logged.products) == 3
    assert not list(tmp_path.glob("*.parts"))


def test_an_export_that_was_killed_and_run_again_gives_the_same_file(
    shop: TestShop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "PART", 3)
    monkeypatch.setattr(batches, "new_id", lambda: "01J00000000000000000000000")
    audience(shop)
    shop.recommend.batches.export(tmp_path / "whole.parquet", ASK)
    steps: list[int] = []

    with pytest.raises(Stopped):
        shop.recommend.batches.export(
            tmp_path / "cut.parquet",
            ASK,
            on_step=lambda done, _: steps.append(done),
            should_stop=lambda: len(steps) > 1,
        )
    assert not (tmp_path / "cut.parquet").exists()
    shop.sees("fan6", "茶具-5", "茶具-4")  # after the export began
    shop.sees("newcomer", "茶具-5")
    shop.recommender().batches.export(tmp_path / "cut.parquet", ASK)

    assert steps == [3, 6]
    assert (tmp_path / "cut.parquet").read_bytes() == (tmp_path / "whole.parquet").read_bytes()


def test_a_job_that_died_in_the_middle_of_a_part_is_finished_by_its_next_try(
    shop: TestShop, monkeypatch: pytest.MonkeyPatch, clock: FixedClock
) -> None:
    monkeypatch.setattr(batches, "PART", 4)
    audience(shop)
    whole, calls = batches.Batches._write_part, count(1)

    def dies(self: batches.Batches, file: BinaryIO, *more: Any) -> None:
        if next(calls) == 2:
            file.write(b"half of a p")
            raise OSError("the disk was gone")
        whole(self, file, *more)

    monkeypatch.setattr(batches.Batches, "_write_part", dies)
    exports = shop.recommend.list_exports
    begun = exports.start(ASK)
    runner = JobRunner(shop.db, handlers(exports), clock, "w1")

    runner.drain()
    assert exports.progress(begun.id).state != JobState.DONE
    with pytest.raises(ExportNotReady):
        exports.file(begun.id)
    clock.now += timedelta(hours=1)
    runner.drain()

    assert exports.progress(begun.id).state == JobState.DONE
    assert pq.read_table(exports.file(begun.id)).num_rows == 33
    assert [path.name for path in exports.folder.iterdir()] == [f"{begun.id}.parquet"]


def test_a_place_where_nothing_can_be_written_is_named(shop: TestShop, tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    for target in (tmp_path, tmp_path / "file" / "lists.parquet"):
        with pytest.raises(CannotWrite) as refused:
            shop.recommend.batches.export(target, ASK)
        assert refused.value.hint


def test_another_wish_for_the_same_file_begins_anew(
    shop: TestShop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    audience(shop)
    with pytest.raises(Stopped):
        shop.recommend.batches.export(tmp_path / "lists.parquet", ASK, should_stop=lambda: True)

    report = shop.recommend.batches.export(tmp_path / "lists.parquet", ExportLists(k=2, surface="home"))

    assert report.rows == 22


def test_lists_for_e_mail_need_consent_to_marketing_by_e_mail_and_hold_back(
    shop: TestShop, tmp_path: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    audience(shop)
    clock.now += timedelta(days=8)
    shop.sees("fan1", "花果茶-3", name=EventName.ADD_TO_CART)

    report = shop.recommend.batches.export(tmp_path / "mail.parquet", ExportLists(k=4, surface="email"))
    asked: list[object] = []

    def refused(persons: object, purpose: Purpose, channel: Channel) -> set[int]:
        asked.append((purpose, channel))
        return set()

    monkeypatch.setattr(shop.gate, "allowed_through", refused)
    none = shop.recommend.batches.export(tmp_path / "none.parquet", ExportLists(k=4, surface="email"))

    assert report.shoppers == 1
    assert {row["visitor_id"] for row in pq.read_table(tmp_path / "mail.parquet").to_pylist()} == {"fan1"}
    assert (none.rows, pq.read_table(tmp_path / "none.parquet").num_rows) == (0, 0)
    assert asked == [(Purpose.MARKETING, Channel.EMAIL)]


def test_whoever_refuses_after_an_export_began_is_not_in_it(shop: TestShop, tmp_path: Path) -> None:
    audience(shop)
    with pytest.raises(Stopped):
        shop.recommend.batches.export(tmp_path / "lists.parquet", ASK, should_stop=lambda: True)

    shop.gate.is_open = False

    assert shop.recommender().batches.export(tmp_path / "lists.parquet", ASK).rows == 0
