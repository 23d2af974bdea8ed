"""Profiles over a real store: live, gated by consent, kept up by the fold, corrected by the shopper."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest
import sqlalchemy as sa
from tests.app.builders import SHOP, an_installation
from tests.conftest import FixedClock

from zhanggui.app.mcp.audience import AudienceTools
from zhanggui.app.shop import Shop
from zhanggui.audience import (
    AudienceStore,
    BadCorrection,
    Folded,
    NoProfile,
    UnknownCorrection,
    UnknownShopper,
    UnknownTrait,
)
from zhanggui.audience.commands.app import commands
from zhanggui.audience.service.profiles.keeping import FOLD
from zhanggui.kernel.clock import DAY_MS
from zhanggui.kernel.db import Database
from zhanggui.kernel.jobs import JobAsk, JobState, jobs_page
from zhanggui.kernel.persons import KnownPerson
from zhanggui.kernel.privacy import Purpose
from zhanggui.recommend import ShowLess
from zhanggui.shop import (
    Customer,
    Event,
    EventContext,
    EventName,
    LegalBasis,
    Offer,
    Order,
    OrderLine,
    Product,
    ProductText,
    Review,
)  # fmt: skip
from zhanggui.shop.service.naming import Naming

CONTRACT = LegalBasis(kind="contract")
GOODS = {
    "longjing": ("明前龙井", ("茶", "绿茶"), "大益"),
    "biluochun": ("碧螺春", ("茶", "绿茶"), "大益"),
    "mug": ("马克杯", ("器具",), "景德"),
    "pills": ("降压药", ("药品",), "同仁"),
}


@pytest.fixture
def shop(tmp_path: Path, clock: FixedClock) -> Iterator[Shop]:
    settings = an_installation(tmp_path, clock=clock)
    with Shop.open(SHOP, settings=settings, clock=clock) as opened:
        opened.catalogue.put_products(
            [
                Product(id=id_, texts={"zh": ProductText(title=title)}, category=category, brand=brand)
                for id_, (title, category, brand) in GOODS.items()
            ]
        )
        opened.catalogue.put_offers([Offer(product_id=id_, price_minor=5_000) for id_ in GOODS])
        opened.people.put_customers([Customer(id="u1", language="en")], CONTRACT)
        yield opened


def act(shop: Shop, name: str, product: str | None = None, *, id_: str, **fields: object) -> None:
    known = {"customer_id": "u1"} if "visitor_id" not in fields else {}
    event = Event(id=id_, name=EventName(name), product_id=product, **known, **fields)  # type: ignore[arg-type]
    assert shop.events.accept([event]).accepted == 1


def an_order(shop: Shop, clock: FixedClock, id_: str, *products: str, units: int = 1) -> None:
    lines = tuple(
        OrderLine(id=f"{n}", product_id=product, quantity=units, unit_price_minor=5_000)
        for n, product in enumerate(products)
    )
    shop.orders.put_orders([Order(id=id_, customer_id="u1", at=clock(), lines=lines)], CONTRACT)


def test_the_very_next_reading_knows_the_last_event(shop: Shop) -> None:
    with pytest.raises(UnknownShopper):
        shop.audience.profile("nobody")
    assert shop.audience.profile("u1").acts == 0

    act(shop, "view_item", "longjing", id_="e1", engagement_time_msec=30_000)

    told = shop.audience.profile("u1")
    assert [(one.level, one.key, one.views) for one in told.interests] == [
        ("product", "product:longjing", 1),
        ("category", "category:茶/绿茶", 1),
        ("brand", "brand:大益", 1),
        ("price", "price:CNY:50-100", 1),
    ]
    assert (told.stage.code, told.stage.name, told.language) == ("new", "新客", "en")


def test_orders_show_in_figures_and_as_evidence(shop: Shop, clock: FixedClock) -> None:
    for n in range(5):
        clock.now = clock.now.replace(hour=22) + timedelta(days=7)  # 6 in the morning of Shanghai
        an_order(shop, clock, f"o{n}", "longjing", "mug", units=4)
    shop.words.put_reviews(
        [Review(id=f"r{n}", product_id="mug", customer_id="u1", stars=5, text="好", at=clock()) for n in range(4)]
    )

    told = shop.audience.profile("u1", language="zh")

    tags = {tag.code: tag for tag in told.tags}
    assert tags["dawn_orders"].name == "清晨下单"
    assert (tags["dawn_orders"].evidence.hits, tags["dawn_orders"].evidence.total) == (5, 5)
    assert tags["dawn_orders"].evidence.orders == ("o4", "o3", "o2")
    assert tags["stocks_up"].evidence.products == ("longjing", "mug")
    assert {"steady_rhythm", "keeps_to_favourites"} <= set(tags)
    assert (told.stage.code, told.stage.usual_days, told.rfm.frequency) == ("loyal", 7.0, 5)
    assert told.rfm.monetary_minor == 5 * 2 * 4 * 5_000
    assert told.rhythm.peak_share == 1.0
    assert told.interests[0].orders == ("o4", "o3", "o2")


def test_a_fold_in_between_changes_nothing_that_is_told(shop: Shop, clock: FixedClock) -> None:
    for n in range(6):
        act(shop, "view_item", ["longjing", "mug", "pills"][n % 3], id_=f"e{n}", context=EventContext(channel="app"))
        if n == 3:
            an_order(shop, clock, "o1", "biluochun")
            assert shop.audience.keeping.catch_up().persons == 1
        if n == 4:
            shop.audience.keeping.catch_up()
    live = shop.audience.profile("u1", with_taste=True)

    folded = shop.audience.keeping.catch_up()
    assert (folded.events, folded.dropped) == (1, 0)
    assert shop.audience.profile("u1", with_taste=True) == live

    shop.audience.keeping.rebuild()
    assert shop.audience.profile("u1", with_taste=True) == live
    assert len(live.taste) == 64
    assert not [one for one in live.interests if "pills" in one.products]


def test_the_archive_takes_nothing_that_no_profile_has_counted(shop: Shop, clock: FixedClock) -> None:
    act(shop, "view_item", "longjing", id_="e1")
    clock.advance(days=200)

    assert shop.archive.archive_closed_days() == 1

    assert shop.audience.profile("u1").acts == 1
    shop.audience.keeping.rebuild()
    assert shop.audience.profile("u1").acts == 1


def test_logging_in_brings_what_the_browser_did_and_undoing_it_takes_it_away(shop: Shop) -> None:
    act(shop, "view_item", "mug", id_="e1", visitor_id="v1")
    assert shop.audience.profiles.of(visitor_id="v1").acts == 1

    link = shop.people.identify("v1", "u1")
    assert shop.audience.profile("u1").acts == 1

    shop.people.undo_identify(link)
    assert shop.audience.profile("u1").acts == 0


def test_a_refusal_leaves_no_profile_and_no_row_and_a_new_yes_starts_over(shop: Shop) -> None:
    act(shop, "view_item", "longjing", id_="e1")
    shop.audience.keeping.catch_up()
    person = shop.consents.person(customer_id="u1")

    shop.consents.set_personalization(person, on=False, actor="test")

    with pytest.raises(NoProfile):
        shop.audience.profile("u1")
    assert shop.audience.keeping.catch_up().dropped == 1

    shop.consents.set_personalization(person, on=True, actor="test")
    assert shop.audience.profile("u1").acts == 0
    act(shop, "view_item", "mug", id_="e2")
    assert shop.audience.profile("u1").acts == 1
    shop.audience.keeping.rebuild()
    assert shop.audience.profile("u1").acts == 1


def test_the_browser_of_who_refuses_loses_its_row_too(shop: Shop) -> None:
    act(shop, "view_item", "mug", id_="e1", visitor_id="v1")
    shop.audience.keeping.catch_up()
    shop.people.identify("v1", "u1")

    shop.consents.set_personalization(shop.consents.person(customer_id="u1"), on=False, actor="test")

    assert shop.audience.keeping.catch_up().dropped == 1
    act(shop, "view_item", "longjing", id_="e2", visitor_id="v1")
    assert shop.audience.keeping.catch_up() == Folded(1, 0, 0)


def test_sharing_counts_once_somebody_agreed_in_so_many_words(shop: Shop) -> None:
    for n in range(3):
        act(shop, "share", "mug", id_=f"e{n}")
    assert not shop.audience.profile("u1").interests

    shop.consents.record(shop.consents.person(customer_id="u1"), Purpose.PERSONALIZATION, granted=True, actor="test")

    told = shop.audience.profile("u1")
    assert told.interests[0].key == "product:mug"
    assert [tag.code for tag in told.tags] == ["shares"]


def test_what_is_muted_sinks_in_the_very_next_recommendation_until_that_is_undone(shop: Shop) -> None:
    act(shop, "view_item", "longjing", id_="e1")
    before = [one.product_id for one in shop.recommend.for_customer("u1", k=4).items]
    corrections = shop.audience.corrections

    muted = corrections.mute("category:茶/绿茶", "shopper", "u1")

    after = [one.product_id for one in shop.recommend.for_customer("u1", k=4).items]
    assert (before[0], after) == ("biluochun", ["mug", "pills", "biluochun", "longjing"])
    assert "category:茶/绿茶" not in [one.key for one in shop.audience.profile("u1").interests]
    assert "category:茶/绿茶" in [one.key for one in shop.audience.profiles.of("u1", is_own=True).interests]
    assert [one.act for one in corrections.of("u1")] == ["mute"]

    assert shop.recommend.preferences(customer_id="u1") == []  # it names no product, and is told on the profile

    corrections.undo(muted.id, "shopper", "u1")
    corrections.undo(muted.id, "shopper", "u1")
    assert [one.product_id for one in shop.recommend.for_customer("u1", k=4).items] == before
    assert corrections.of("u1") == []


def test_a_removed_product_is_gone_and_a_removed_tag_is_shown_to_nobody(shop: Shop, clock: FixedClock) -> None:
    for n in range(3):
        clock.now = clock.now.replace(hour=22) + timedelta(days=7)
        an_order(shop, clock, f"o{n}", "longjing")
    act(shop, "view_item", "mug", id_="e1")
    assert "dawn_orders" in [tag.code for tag in shop.audience.profile("u1").tags]

    shop.audience.corrections.remove("tag:dawn_orders", "shopper", "u1")
    shop.audience.corrections.remove("product:mug", "shopper", "u1")

    told = shop.audience.profiles.of("u1", is_own=True)
    assert "dawn_orders" not in [tag.code for tag in told.tags]
    assert "product:mug" not in [one.key for one in told.interests]
    assert "mug" not in [one.product_id for one in shop.recommend.for_customer("u1", k=4).items]


def test_more_and_less_weigh_and_the_language_is_theirs_to_say(shop: Shop) -> None:
    act(shop, "view_item", "longjing", id_="e1")
    act(shop, "view_item", "mug", id_="e2")
    corrections = shop.audience.corrections

    corrections.weigh("product:mug", "more", "shopper", "u1")
    corrections.set_language("zh", "shopper", "u1")

    told = shop.audience.profile("u1")
    assert told.interests[0].key == "product:mug"
    assert told.language == "zh"


def test_a_pause_stops_everything_personal_and_ends_by_itself(shop: Shop, clock: FixedClock) -> None:
    act(shop, "view_item", "longjing", id_="e1")
    assert shop.recommend.for_customer("u1").notice == ""

    shop.audience.corrections.pause(clock() + timedelta(days=2), "shopper", "u1")

    with pytest.raises(NoProfile, match="pauses"):
        shop.audience.profile("u1")
    assert shop.recommend.for_customer("u1").notice == "personalization_off"

    clock.advance(days=2)
    assert shop.audience.profile("u1").acts == 1
    assert shop.recommend.for_customer("u1").notice == ""


def test_a_forgotten_profile_starts_anew_and_undoing_brings_it_back(shop: Shop) -> None:
    act(shop, "view_item", "longjing", id_="e1")
    shop.audience.keeping.catch_up()

    forgotten = shop.audience.corrections.forget("shopper", "u1")

    assert shop.audience.profile("u1").acts == 0
    act(shop, "view_item", "mug", id_="e2")
    assert shop.audience.profile("u1").acts == 1

    shop.audience.corrections.undo(forgotten.id, "shopper", "u1")
    assert shop.audience.profile("u1").acts == 2
    shop.audience.keeping.catch_up()
    assert shop.audience.profile("u1").acts == 2


def test_what_the_archive_holds_of_a_forgotten_profile_comes_back_in_the_background(
    shop: Shop, clock: FixedClock
) -> None:
    act(shop, "view_item", "longjing", id_="e1")
    clock.advance(days=200)
    shop.archive.archive_closed_days()
    act(shop, "view_item", "mug", id_="e2")
    forgotten = shop.audience.corrections.forget("shopper", "u1")

    shop.audience.corrections.undo(forgotten.id, "shopper", "u1")

    assert shop.audience.profile("u1").acts == 1  # what is at hand, at once
    with shop.db.read() as db:
        (waiting,) = [job for job in jobs_page(db, JobAsk())[0] if job.kind == FOLD]
    assert waiting.state is JobState.WAITING
    shop.audience.keeping.catch_up()
    assert shop.audience.profile("u1").acts == 2
    shop.audience.corrections.forget("shopper", "u1")
    shop.audience.keeping.catch_up()
    assert shop.audience.profile("u1").acts == 0


def test_two_undos_at_once_are_one_act(shop: Shop) -> None:
    corrections = shop.audience.corrections
    muted = corrections.mute("category:茶/绿茶", "shopper", "u1")

    class Raced:
        """The store, in which another undo comes between reading and writing."""

        read = shop.db.read

        def write(self, work: Callable[[sa.Connection], object]) -> object:
            corrections.undo(muted.id, "shopper", "u1")
            return shop.db.write(work)

    replace(corrections, db=cast("Database", Raced())).undo(muted.id, "shopper", "u1")

    assert len([one for one in shop.ledger.entries().items if one.kind == "audience.corrected"]) == 2


def test_corrections_stand_in_the_ledger_without_naming_anybody(shop: Shop) -> None:
    shop.audience.corrections.remove("tag:dawn_orders", "shopper", "u1")

    entries = [one for one in shop.ledger.entries().items if one.kind == "audience.corrected"]
    assert len(entries) == 1
    assert "u1" not in json.dumps(str(entries[0]))
    assert shop.ledger.verify().is_intact


def test_what_cannot_be_corrected_is_refused_with_what_may_be_meant(shop: Shop, clock: FixedClock) -> None:
    corrections = shop.audience.corrections

    with pytest.raises(UnknownTrait) as refusal:
        corrections.mute("tag:dawn_order", "shopper", "u1")
    assert "dawn_orders" in refusal.value.hint
    with pytest.raises(UnknownTrait):
        corrections.mute("category:咖啡", "shopper", "u1")
    with pytest.raises(BadCorrection):
        corrections.weigh("tag:dawn_orders", "more", "shopper", "u1")
    with pytest.raises(BadCorrection):
        corrections.pause(clock() - timedelta(milliseconds=DAY_MS), "shopper", "u1")
    with pytest.raises(UnknownCorrection):
        corrections.undo("01HZZZZZZZZZZZZZZZZZZZZZZZ", "shopper", "u1")


def test_an_assistant_asks_for_a_profile_and_is_refused_one_that_is_not_allowed(shop: Shop) -> None:
    act(shop, "view_item", "longjing", id_="e1")
    tools = AudienceTools(shop)

    assert tools.customer_profile("u1")["interests"][0]["key"] == "product:longjing"
    assert "interests" not in tools.customer_service_view("u1")

    shop.consents.set_personalization(shop.consents.person(customer_id="u1"), on=False, actor="test")
    with pytest.raises(NoProfile):
        tools.customer_profile("u1")


def test_the_command_line_tells_a_profile_with_its_evidence(
    shop: Shop, clock: FixedClock, capsys: pytest.CaptureFixture[str]
) -> None:
    for n in range(3):
        clock.now = clock.now.replace(hour=22) + timedelta(days=7)
        an_order(shop, clock, f"o{n}", "longjing")

    app = commands(lambda _: nullcontext(shop))
    app(["profile", SHOP, "u1", "--json"], result_action="return_value")
    told = json.loads(capsys.readouterr().out)
    app(["profile", SHOP, "u1"], result_action="return_value")
    app(["fold", SHOP], result_action="return_value")
    app(["rebuild", SHOP], result_action="return_value")
    shown = capsys.readouterr().out

    assert told["stage"]["orders"] == 3
    assert "清晨下单" in shown
    assert "3 events of 1 persons folded" in shown


def test_what_is_held_of_a_person_is_given_whole_and_erased_whole(shop: Shop, clock: FixedClock) -> None:
    act(shop, "view_item", "longjing", id_="e1")
    act(shop, "search", id_="e2", context=EventContext(query="绿茶"))
    shop.audience.keeping.catch_up()
    shop.audience.corrections.mute("product:mug", "shopper", "u1")
    number = shop.consents.person(customer_id="u1")
    person = KnownPerson(customer_id="u1", visitor_ids=(), numbers=(number,))
    store = AudienceStore(names=Naming(), concluding=shop.audience.concluding)

    with shop.db.read() as db:
        given = store.export(db, person)
    assert given["counted"][0]["products"][0]["product"] == "longjing"  # type: ignore[index]
    assert given["counted"][0]["searches"] == [{"words": "绿茶", "count": 1}]  # type: ignore[index]
    assert "mug" in str(given["corrections"])

    gone = shop.db.write(lambda db: store.erase(db, person, "receipt"))
    again = shop.db.write(lambda db: store.erase(db, person, "receipt"))

    assert {name: count for name, count in gone.items() if count} == {"audience_profiles": 1, "audience_corrections": 1}
    assert set(again.values()) == {0}


def test_inviting_somebody_counts_as_sharing_does_by_express_consent_alone(shop: Shop) -> None:
    for n, name in enumerate(("invite", "share", "invite")):
        act(shop, name, "mug", id_=f"e{n}")
    assert not shop.audience.profile("u1").tags

    shop.consents.record(shop.consents.person(customer_id="u1"), Purpose.PERSONALIZATION, granted=True, actor="test")

    told = shop.audience.profile("u1")
    assert told.interests[0].key == "product:mug"
    (tag,) = told.tags
    assert (tag.code, tag.evidence.hits) == ("shares", 3)


@pytest.mark.parametrize("is_folded", [False, True])
def test_a_wish_for_less_that_was_undone_is_avoided_no_more(shop: Shop, is_folded: bool) -> None:
    act(shop, "view_item", "mug", id_="e1")
    before = {one.key for one in shop.audience.profile("u1").interests}
    wishes = [shop.recommend.show_less(ShowLess(product_id="mug", customer_id="u1")) for _ in range(2)]
    assert "product:mug" in {one.key for one in shop.audience.profile("u1").avoided}
    if is_folded:
        shop.audience.keeping.catch_up()

    shop.recommend.undo_show_less(wishes[0].id, customer_id="u1")
    assert "product:mug" in {one.key for one in shop.audience.profile("u1").avoided}
    shop.recommend.undo_show_less(wishes[1].id, customer_id="u1")
    if is_folded:
        shop.audience.keeping.catch_up()

    told = shop.audience.profile("u1")
    assert (told.avoided, {one.key for one in told.interests}) == ((), before)
    person = KnownPerson(customer_id="u1", visitor_ids=(), numbers=(shop.consents.person(customer_id="u1"),))
    with shop.db.read() as db:
        given = AudienceStore(names=Naming(), concluding=shop.audience.concluding).export(db, person)
    assert [one["dismissed"] for held in given["counted"] for one in held["products"]] == [0] * is_folded  # type: ignore[attr-defined,index]


def test_a_wish_of_a_browser_is_undone_by_the_customer_who_logged_in(shop: Shop) -> None:
    wish = shop.recommend.show_less(ShowLess(product_id="mug", visitor_id="v1"))
    shop.people.identify("v1", "u1")
    assert shop.audience.profile("u1").avoided

    shop.recommend.undo_show_less(wish.id, customer_id="u1")

    assert shop.audience.profile("u1").avoided == ()
