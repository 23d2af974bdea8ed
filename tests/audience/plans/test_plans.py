"""Plans per tier over a real store: proposed, checked, approved, taken in, sent, judged, undone."""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa
from litestar.testing import TestClient
from tests.app.builders import SHOP, an_installation
from tests.conftest import FixedClock

from zhanggui.app.build import open_control, open_rooms
from zhanggui.app.jobs import handlers
from zhanggui.app.rooms import Rooms
from zhanggui.app.site import create_app
from zhanggui.audience import TooFewForPlan, UnknownTier
from zhanggui.audience.engines.plans.arms import drawn
from zhanggui.audience.service.plans.parts import PlanPart, PlanRow
from zhanggui.audience.service.plans.running import PEOPLE as PEOPLE_KIND
from zhanggui.audience.tables.plans import drop_running
from zhanggui.audience.types.plans import RunPlan
from zhanggui.kernel.clock import from_ms
from zhanggui.kernel.db import shop_metadata
from zhanggui.kernel.privacy import Channel, Purpose
from zhanggui.kernel.settings import Settings
from zhanggui.recommend import ShowLess
from zhanggui.shop import Event, EventName, LegalBasis, Offer, Order, OrderLine, Product, ProductText
from zhanggui.shop.outbox import OutboxState, SendOutboxEntry
from zhanggui.shop.outbox.queue import SEND_KIND
from zhanggui.trust import (
    Author,
    CreateKey,
    Level,
    MintToken,
    Notice,
    Proposal,
    ProposalDraft,
    ProposalState,
    Rationale,
)
from zhanggui.trust.errors import Blocked
from zhanggui.trust.types.contests import Decision, OpenContest
from zhanggui.trust.types.persons import Ground
from zhanggui.trust.types.scopes import ROLES

BASIS = LegalBasis(kind="consent", notice="all")
PEOPLE = 60
TIER = "win_back"
RUN = "01J0000000000000000000"
DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
HELD_BACK = 0.4


@pytest.fixture(scope="module")
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory, clock: FixedClock) -> Settings:
    return an_installation(tmp_path_factory.mktemp("plans"), clock=clock)


@pytest.fixture(scope="module")
def rooms(settings: Settings, clock: FixedClock) -> Iterator[Rooms]:
    """Sixty customers who bought 190 days ago and are silent since; in the year before some like them came back."""
    with open_rooms(SHOP, settings, clock=clock) as opened:
        tea = Product(id="longjing", texts={"zh": ProductText(title="明前龙井")}, category=("茶", "绿茶"))
        rock = Product(id="yancha", texts={"zh": ProductText(title="武夷岩茶")}, category=("茶", "乌龙茶"))
        milk = Product(id="milk", texts={"zh": ProductText(title="婴儿奶粉")}, category=("食品",))
        gone = Product(id="gone", texts={"zh": ProductText(title="陈年普洱")}, category=("茶",))
        opened.catalogue.put_products([tea, rock, milk, gone])
        opened.catalogue.put_offers([Offer(product_id="gone", price_minor=9_900, on_hand=2, allocated=2)])
        opened.consents.set_notice(Notice(notice="all", purposes=tuple(Purpose)), "test")
        counted = tuple(one for one in Purpose if one is not Purpose.MARKETING)
        opened.consents.set_notice(Notice(notice="counted", purposes=counted), "test")
        opened.orders.put_orders([an_order(f"c{n}", clock() - timedelta(days=190)) for n in range(PEOPLE)], BASIS)
        came_back = [an_order(f"d{n}", clock() - timedelta(days=300)) for n in range(PEOPLE)]
        came_back += [an_order(f"d{n}", clock() - timedelta(days=20), n=2) for n in range(PEOPLE // 2)]
        opened.orders.put_orders(came_back, LegalBasis(kind="consent", notice="counted"))
        opened.audience.keeping.catch_up()
        yield opened


def an_order(customer: str, at: Any, *, n: int = 1) -> Order:
    line = OrderLine(id="1", product_id="longjing", quantity=1, unit_price_minor=5_000)
    return Order(id=f"{customer}-{n}", customer_id=customer, at=at, lines=(line,))


def number(rooms: Rooms, customer: str) -> int:
    with rooms.db.read() as db:
        subject = rooms.people.subject(db, customer)
    assert subject is not None
    return subject.number


def allow(
    rooms: Rooms, customer: str, purpose: Purpose, *, granted: bool = True, channel: Channel | None = None
) -> None:
    rooms.consents.record(number(rooms, customer), purpose, granted=granted, actor="test", channel=channel)


def propose(rooms: Rooms, run: str = "AAAA", **terms: Any) -> Proposal:
    """A plan for the silent ones under a run of these letters (each draws its own way), with terms that are named."""
    made = rooms.audience.plans.propose(TIER)
    change = msgspec.convert(made.change, RunPlan)
    assert change.terms is not None
    held = msgspec.structs.replace(change.terms, **{"held_back": HELD_BACK, **terms})
    edited = msgspec.structs.replace(change, run=RUN + run, terms=held)
    return rooms.proposals.edit(made.id, msgspec.to_builtins(edited), "test")


@pytest.fixture
def plan(rooms: Rooms, clock: FixedClock, request: pytest.FixtureRequest) -> Iterator[Proposal]:
    """One that runs, under a name of the test's own, and has taken people in; afterwards nobody is in one."""
    began, own = clock(), hashlib.blake2b(request.node.name.encode(), digest_size=4).digest()
    proposal = rooms.proposals.approve(propose(rooms, run="".join(DIGITS[one % 32] for one in own)).id, "test")
    rooms.audience.plans.running.enrol(TIER)
    yield proposal
    clock.now = began
    rooms.proposals.undo(proposal.id, "test")
    forget_runs(rooms)


def forget_runs(rooms: Rooms) -> None:
    for table in ("people", "results"):
        rooms.db.write(lambda db, name=table: db.execute(sa.text(f"DELETE FROM audience_plan_{name}")))  # type: ignore[misc]


def reached(rooms: Rooms, batch: int = 1) -> set[str]:
    return {one.customer_id for one in rooms.audience.plans.people(TIER, batch, limit=200).items}


def send(rooms: Rooms, kind: str = "audience.plan_people") -> Any:
    """Let the newest entry of that kind leave as the job does."""
    entry = next(one for one in rooms.outbox.list(limit=200).items if one.kind == kind)
    handler = next(one for one in handlers(rooms) if one.kind == SEND_KIND)
    effect = handler.run(SendOutboxEntry(entry.id), None)  # type: ignore[arg-type]
    if effect is not None:
        rooms.db.write(effect)
    return rooms.outbox.entry(entry.id)


def everything(rooms: Rooms, but: tuple[str, ...]) -> dict[str, list[Any]]:
    with rooms.db.read() as db:
        return {
            name: sorted(map(repr, db.execute(sa.select(table))))
            for name, table in shop_metadata.tables.items()
            if not name.startswith(but)
        }


def test_a_plan_says_whom_it_reaches_what_it_brings_and_when_that_is_judged(rooms: Rooms) -> None:
    proposal = rooms.audience.plans.propose(TIER)

    change = msgspec.convert(proposal.change, RunPlan)
    assert change.terms is not None
    assert change.terms.rule == "stage in (at_risk, dormant)"
    assert (change.terms.within_days, change.terms.held_back, change.terms.rest_days) == (45, 0.5, 45)
    assert change.terms.goods == ("longjing",)
    assert {one.level for one in proposal.findings} == {Level.PASS, Level.WARN}
    assert [one.rule for one in proposal.findings if one.level is Level.WARN] == ["plan.can_be_judged"]
    # Of the sixty who stood there 45 days ago thirty bought since, 50.00 each.
    assert proposal.reason.params["people"] == str(PEOPLE)
    effect = proposal.effect
    assert effect.low_minor == 0
    assert effect.amount_minor is not None
    assert effect.amount_minor > 0
    assert effect.high_minor is not None
    assert effect.high_minor > effect.amount_minor
    rooms.proposals.reject(proposal.id, Rationale(code="not_now"), "test")


def test_apply_then_undo_restores_the_database(rooms: Rooms) -> None:
    records = ("proposals", "ledger", "change", "jobs", "job_", "places", "autonomy")
    rooms.audience.plans.planning.look(rooms.audience.plans.planning.standing())
    proposal = propose(rooms)
    before = everything(rooms, records)

    rooms.proposals.approve(proposal.id, "test")
    running = rooms.audience.plans.of(TIER).running
    assert running is not None
    assert everything(rooms, records) != before
    second = propose(rooms, run="DDDD", days=3)
    between = everything(rooms, records)
    rooms.proposals.approve(second.id, "test")
    rooms.proposals.undo(second.id, "test")

    assert everything(rooms, records) == between
    assert rooms.audience.plans.of(TIER).running == running
    assert rooms.proposals.undo(proposal.id, "test").state is ProposalState.UNDONE
    after = everything(rooms, records)
    tiers = "audience_plan_tiers"  # when they were counted last
    assert {**after, tiers: []} == {**before, tiers: []}


@pytest.mark.parametrize(
    ("terms", "rule"),
    [
        ({"words": "回来吧，给您专享价"}, "plan.has_one_price"),
        ({"rule": "orders >= 1"}, "plan.is_counted"),
        ({"held_back": 0.0}, "plan.can_be_judged"),
        ({"rest_days": 3}, "plan.is_seldom"),
        ({"cost_each_minor": 100, "budget_minor": 500}, "plan.has_enough"),
        ({"goods": ("longjing", "milk")}, "plan.goods_tell_nothing"),
        ({"goods": ("longjing", "gone")}, "plan.goods_are_sold"),
        ({"goods": ("nothing",)}, "plan.goods_are_sold"),
    ],
)
def test_what_a_plan_may_not_do_is_blocked(rooms: Rooms, terms: dict[str, Any], rule: str) -> None:
    proposal = propose(rooms, **terms)

    assert rule in {one.rule for one in proposal.findings if one.level is Level.BLOCK}
    with pytest.raises(Blocked):
        rooms.proposals.approve(proposal.id, "test")


def test_goods_that_may_not_be_shown_are_named_and_left_out_by_the_cure(rooms: Rooms) -> None:
    proposal = propose(rooms, goods=("longjing", "milk"))

    [found] = [one for one in proposal.findings if one.rule == "plan.goods_tell_nothing"]
    assert found.params == {"goods": "婴儿奶粉"}
    assert found.cure is not None
    assert found.cure.change is not None
    mended = rooms.proposals.edit(proposal.id, found.cure.change, "test")
    assert msgspec.convert(mended.change, RunPlan).terms.goods == ("longjing",)  # type: ignore[union-attr]
    assert not [one for one in mended.findings if one.level is Level.BLOCK]


def test_a_plan_whose_goods_sold_out_since_is_not_approved(rooms: Rooms) -> None:
    proposal = propose(rooms, goods=("yancha",))
    assert not [one for one in proposal.findings if one.level is Level.BLOCK]
    rooms.catalogue.put_offers([Offer(product_id="yancha", price_minor=8_800, on_hand=0)])

    with pytest.raises(Blocked):
        rooms.proposals.approve(proposal.id, "test")
    rooms.catalogue.put_offers([Offer(product_id="yancha", price_minor=8_800)])


def test_a_plan_by_a_channel_that_people_refused_is_blocked_and_says_which_one_they_allow(rooms: Rooms) -> None:
    for n in range(PEOPLE - 5):
        allow(rooms, f"c{n}", Purpose.MARKETING, granted=False, channel=Channel.SMS)

    proposal = propose(rooms, channel="sms")

    found = next(one for one in proposal.findings if one.rule == "plan.has_consent")
    assert found.level is Level.BLOCK
    assert found.cure is not None
    assert found.cure.code == "other_channel"
    for n in range(PEOPLE - 5):
        allow(rooms, f"c{n}", Purpose.MARKETING, channel=Channel.SMS)


def test_a_price_cannot_even_be_written_into_a_plan(rooms: Rooms) -> None:
    made = rooms.audience.plans.propose(TIER)
    terms = {**made.change["terms"], "price_minor": 100}  # type: ignore[dict-item]
    draft = ProposalDraft(
        kind=made.kind,
        subject=TIER,
        change={"run": made.change["run"], "terms": terms},
        reason=made.reason,
        author=made.author,
    )

    with pytest.raises(Exception, match="price_minor"):
        rooms.proposals.propose([draft])


def test_a_tier_with_too_few_who_agreed_has_no_plan(rooms: Rooms) -> None:
    with pytest.raises(TooFewForPlan):
        rooms.audience.plans.propose("retain")
    with pytest.raises(UnknownTier):
        rooms.audience.plans.propose("everybody")


def test_those_held_back_are_drawn_by_the_hash_and_nobody_is_taken_in_twice(rooms: Rooms, plan: Proposal) -> None:
    run = str(plan.change["run"])
    held = {f"c{n}" for n in range(PEOPLE) if drawn(run, number(rooms, f"c{n}")) < HELD_BACK}

    assert reached(rooms) == {f"c{n}" for n in range(PEOPLE)} - held
    again = rooms.audience.plans.running.enrol(TIER)
    assert again is not None
    assert (again.reached, again.held) == (0, 0)


def test_who_withdraws_pauses_contests_or_is_erased_leaves_at_once(rooms: Rooms, plan: Proposal) -> None:
    del plan
    first, second, third, fourth = sorted(reached(rooms))[:4]

    allow(rooms, first, Purpose.MARKETING, granted=False)
    assert first not in reached(rooms)
    allow(rooms, second, Purpose.PERSONALIZATION, granted=False)
    assert second not in reached(rooms)
    contest = OpenContest(decision=Decision.OTHER, words="为什么给我发", customer_id=third)
    rooms.contests.open(contest, "test")
    assert third not in reached(rooms)
    pause = rooms.audience.corrections.pause(rooms.clock() + timedelta(days=7), "shopper", fourth)
    assert fourth not in reached(rooms)

    rooms.audience.plans.running.clean()
    with rooms.db.read() as db:
        rows = db.execute(
            sa.text("SELECT count(*) FROM audience_plan_people WHERE person = :n"), {"n": number(rooms, first)}
        )
        assert rows.scalar() == 0
    allow(rooms, first, Purpose.MARKETING)
    allow(rooms, second, Purpose.PERSONALIZATION)
    rooms.audience.corrections.undo(pause.id, "shopper", fourth)


def test_an_erased_person_leaves_no_row_and_no_list(rooms: Rooms, plan: Proposal) -> None:
    del plan
    gone = max(reached(rooms))
    rooms.persons.erase(customer_id=gone, actor="test", ground=Ground.ASKED)

    assert gone not in reached(rooms)
    assert gone.encode() not in msgspec.json.encode(rooms.outbox.list(limit=200).items)


def test_consent_is_asked_again_when_the_list_leaves_and_no_person_stands_in_the_outbox(
    rooms: Rooms, settings: Settings
) -> None:
    proposal = rooms.proposals.approve(propose(rooms, run="BBBB", outlet="file").id, "test")
    rooms.audience.plans.running.enrol(TIER)
    people = sorted(reached(rooms))
    allow(rooms, people[0], Purpose.MARKETING, granted=False)

    entry = send(rooms)

    assert entry.state is OutboxState.SENT
    assert "people" not in entry.payload
    [path] = list((rooms.folder / "outbox").glob("*.csv"))
    with path.open(encoding="utf-8-sig") as file:
        [row] = list(csv.DictReader(file))
    assert row["customer_ids"].split("; ") != people
    assert set(row["customer_ids"].split("; ")) == set(people[1:])
    path.unlink()
    allow(rooms, people[0], Purpose.MARKETING)
    rooms.proposals.undo(proposal.id, "test")
    assert send(rooms).state is OutboxState.SENT
    forget_runs(rooms)


def test_a_list_leaves_with_those_alone_whose_data_may_go_to_its_receiver(rooms: Rooms, plan: Proposal) -> None:
    del plan
    entry = next(one for one in rooms.outbox.list(limit=200).items if one.kind == PEOPLE_KIND)
    people = sorted(reached(rooms))
    kept_back = {number(rooms, customer) for customer in people[:2]}

    def sent(without: set[int]) -> list[str] | None:
        running = replace(rooms.audience.plans.running, leaving=lambda outlet, persons: {*persons} - without)
        whole = running.complete(entry)
        return None if whole is None else sorted(map(str, whole.payload["people"]))  # type: ignore[call-overload]

    whole = rooms.audience.plans.running.complete(entry)
    assert whole is not None
    assert str(whole.payload["contest"]).endswith(f"/shop/{SHOP}/contest?decision=offer")
    assert sent(set()) == people
    assert sent(kept_back) == people[2:]
    assert sent({number(rooms, customer) for customer in people}) is None


def test_an_undone_plan_sends_nothing_that_still_waits(rooms: Rooms) -> None:
    proposal = rooms.proposals.approve(propose(rooms, run="CCCC").id, "test")
    rooms.audience.plans.running.enrol(TIER)
    rooms.proposals.undo(proposal.id, "test")

    entry = send(rooms)

    assert (entry.state, entry.note) == (OutboxState.FAILED, "nothing is left to send")
    forget_runs(rooms)


def test_who_got_a_message_lately_gets_no_second_one(rooms: Rooms, clock: FixedClock) -> None:
    told = [Event(id=f"told{n}", name=EventName.MESSAGE_SENT, customer_id=f"c{n}", at=clock()) for n in range(8)]
    rooms.events.accept(told)
    persons = {number(rooms, f"c{n}") for n in range(10, 20)} | {number(rooms, "c3")}

    assert rooms.audience.plans.planning.reaching.rested(persons, 30) == persons - {number(rooms, "c3")}
    clock.advance(days=31)
    assert rooms.audience.plans.planning.reaching.rested(persons, 30) == persons
    clock.advance(days=-31)


def test_a_plan_is_judged_once_by_those_who_were_left_alone(rooms: Rooms, plan: Proposal, clock: FixedClock) -> None:
    assert rooms.audience.plans.running.judge_due() == []
    bought = sorted(reached(rooms))[:6]
    rooms.orders.put_orders([an_order(one, clock() + timedelta(days=9), n=7) for one in bought], BASIS)
    clock.advance(days=14 + 45)

    [result] = rooms.audience.plans.running.judge_due()

    assert result.run == plan.change["run"]
    assert result.reached is not None
    assert result.held is not None
    assert result.reached.buyers == 6
    assert result.held.buyers == 0
    assert result.gain == pytest.approx(6 / result.reached.people)
    assert result.low < result.gain < result.high
    assert rooms.audience.plans.running.judge_due() == []
    assert rooms.audience.plans.of(TIER).results == (result,)
    assert (result.ended, rooms.audience.plans.of(TIER).state) == ("judged", "judged")


def test_a_run_that_ends_before_its_day_is_not_judged_and_says_so(
    client: TestClient[Any], rooms: Rooms, settings: Settings, clock: FixedClock
) -> None:
    desk = rooms.audience.plans
    first = rooms.proposals.approve(propose(rooms, run="EEEE").id, "test")
    second = propose(rooms, run="FFFF")
    desk.running.enrol(TIER)
    assert desk.of(TIER).state == "takes_in"
    before = everything(rooms, ("proposals", "ledger", "change", "jobs", "job_"))

    rooms.proposals.approve(second.id, "test")
    assert [one.ended for one in desk.of(TIER).results] == ["replaced"]
    rooms.proposals.undo(second.id, "test")
    assert everything(rooms, ("proposals", "ledger", "change", "jobs", "job_")) == before
    rooms.proposals.undo(first.id, "test")

    clock.advance(days=14 + 45)
    assert desk.running.judge_due() == []
    told = desk.of(TIER)
    assert (told.state, told.results[0].ended, told.results[0].reached) == ("undone", "undone", None)
    assert told.results[0].run == first.change["run"]
    clock.advance(days=-14 - 45)
    log_in(client, settings, clock, "en")
    page = client.get(f"/console/{SHOP}/plans").text
    assert "Undone before its day: not judged" in page
    assert "The last plan was undone: not judged" in page
    forget_runs(rooms)


def test_who_asks_for_one_tier_has_one_looked_at(rooms: Rooms) -> None:
    rooms.db.write(lambda db: db.execute(sa.text("DELETE FROM audience_plan_tiers")))

    made = rooms.audience.plans.propose(TIER)

    assert [one.tier for one in rooms.audience.plans.all() if one.seen_at is not None] == [TIER]
    rooms.proposals.reject(made.id, Rationale(code="not_now"), "test")


def test_the_daily_work_lets_plans_compete_for_the_inbox_and_leaves_tiers_with_a_plan_alone(rooms: Rooms) -> None:
    for one in rooms.proposals.list(state=ProposalState.PROPOSED, limit=200).items:
        rooms.proposals.reject(one.id, Rationale(code="not_now"), "test")
    assert rooms.audience.plans.planning.bid(rooms.audience.plans.planning.standing()) == 1

    [made] = rooms.places.award()

    assert (made.kind, made.subject) == ("audience.run_plan", TIER)
    assert rooms.audience.plans.run_day().bids == 0


@pytest.fixture(scope="module")
def client(settings: Settings, clock: FixedClock, rooms: Rooms) -> Iterator[TestClient[Any]]:
    del rooms  # what it holds is there before the first request
    with TestClient(create_app(settings, clock=clock)) as opened:
        yield opened


def test_an_analyst_counts_and_is_refused_the_people(
    client: TestClient[Any], settings: Settings, clock: FixedClock, plan: Proposal
) -> None:
    del plan
    with open_control(settings, clock=clock) as control:
        made = {
            role: control.keys.create(SHOP, CreateKey(name=role, scopes=tuple(ROLES[role])))
            for role in ("operator", "analyst")
        }
    keys = {role: {"Authorization": f"Bearer {key.secret}"} for role, key in made.items()}
    api = f"/v1/{SHOP}/audience/plans"

    told = client.get(api, headers=keys["analyst"]).json()
    assert [one["tier"] for one in told] == ["acquire", "retain", "convert", "win_back"]
    assert told[3]["running"]["terms"]["rule"] == "stage in (at_risk, dormant)"
    assert told[0]["reach"]["sms"] is None
    people = f"{api}/{TIER}/batches/1/people"
    assert client.get(people, headers=keys["analyst"]).status_code == 403
    first = client.get(people, params={"limit": 7}, headers=keys["operator"]).json()
    assert len(first["items"]) == 7
    assert first["next"]
    assert client.get(f"{api}/{TIER}/batches/9/people", headers=keys["operator"]).status_code == 404
    refused = client.post(f"{api}/retain/proposals", headers=keys["operator"])
    assert (refused.status_code, refused.json()["code"]) == (409, "audience.too_few_for_plan")
    assert client.post(f"{api}/win_back/proposals", headers=keys["analyst"]).status_code == 403
    # All of them were just written to, or left alone: nobody is there for a second plan.
    assert client.post(f"{api}/win_back/proposals", headers=keys["operator"]).status_code == 409


def log_in(client: TestClient[Any], settings: Settings, clock: FixedClock, language: str) -> str:
    """An operator's session; returns what their forms carry."""
    with open_control(settings, clock=clock) as control:
        if "li" not in {user.account for user in control.users.list()}:
            control.users.add("li", roles={SHOP: "operator"})
        link = control.users.login_link("li")
    client.headers["accept-language"] = language
    client.post(f"/login/link/{link.rpartition('/')[2]}", follow_redirects=False)
    token = re.search(r'name="csrf" value="([^"]+)"', client.get(f"/console/{SHOP}/plans").text)
    assert token is not None
    return token[1]


def test_a_batch_is_listed_live_and_a_person_says_that_they_wrote_to_it(
    client: TestClient[Any], rooms: Rooms, settings: Settings, clock: FixedClock, plan: Proposal
) -> None:
    token = log_in(client, settings, clock, "en")
    entry = send(rooms)
    page = f"/console/{SHOP}/plans/{TIER}/1"

    listed = client.get(page)

    assert (listed.status_code, listed.headers["cache-control"]) == (200, "no-store")
    assert listed.text.count("profile?customer=") == len(reached(rooms))
    assert (entry.reference, entry.state) == (plan.change["run"], OutboxState.SENT)
    client.post(f"{page}/sent", data={"csrf": token})
    assert rooms.outbox.entry(entry.id).state is OutboxState.CONFIRMED
    assert "They have been written to" not in client.get(page).text
    assert client.get(f"/console/{SHOP}/plans/{TIER}/7").status_code == 404


def first_page(client: TestClient[Any], settings: Settings, clock: FixedClock, customer: str, query: str = "") -> str:
    """The shop's first page as a customer sees it who is logged in."""
    with open_control(settings, clock=clock) as control:
        key = control.keys.create(SHOP, CreateKey(name=customer, scopes=("tokens:mint",)))
        token = control.keys.mint(SHOP, key.key.id, MintToken(customer_id=customer)).token
    client.cookies.set("zg_customer", token, path=f"/shop/{SHOP}")
    page = client.get(f"/shop/{SHOP}{query}", headers={"accept-language": "en"}).text
    client.cookies.clear()
    return page


def test_who_was_reached_sees_the_goods_on_the_first_page_and_who_was_left_alone_never_does(
    client: TestClient[Any], rooms: Rooms, settings: Settings, clock: FixedClock
) -> None:
    proposal = rooms.proposals.approve(propose(rooms, run="GGGG", goods=("longjing", "yancha")).id, "test")
    rooms.audience.plans.running.enrol(TIER)
    somebody = min(reached(rooms))
    left_alone = min({f"c{n}" for n in range(PEOPLE)} - reached(rooms))
    heading = "Chosen for you"

    page = first_page(client, settings, clock, somebody)
    shelf = page[page.index('id="shelf-plan"') :].partition("</section>")[0]
    assert heading in shelf
    assert re.findall(r'name="product" value="([^"]+)"', shelf) == [
        "1:yancha"
    ]  # the other one they bought, and it rests as on every shelf
    assert page.count('value="1:yancha"') == 1  # not on the shelf above it as well
    assert heading not in first_page(client, settings, clock, left_alone)

    allow(rooms, somebody, Purpose.PERSONALIZATION, granted=False)
    assert heading not in first_page(client, settings, clock, somebody)
    allow(rooms, somebody, Purpose.PERSONALIZATION)
    wish = rooms.recommend.show_less(ShowLess(product_id="yancha", customer_id=somebody))
    assert heading not in first_page(client, settings, clock, somebody)
    just_now = first_page(client, settings, clock, somebody, f"?less={wish.id}&at=1&shelf=plan")
    above, _, own = just_now.partition('id="shelf-plan"')
    undo = f'action="/shop/{SHOP}/less/{wish.id}"'
    assert undo in own.partition("</section>")[0]
    assert undo not in above
    rooms.recommend.undo_show_less(wish.id)
    assert heading in first_page(client, settings, clock, somebody)
    rooms.proposals.undo(proposal.id, "test")
    assert heading not in first_page(client, settings, clock, somebody)
    forget_runs(rooms)


def test_a_shelf_goes_with_its_plan_and_with_the_days_of_each_person(
    rooms: Rooms, clock: FixedClock, plan: Proposal
) -> None:
    shelf, person = rooms.audience.plans.shelf, number(rooms, min(reached(rooms)))
    shown = shelf.of([person])
    assert shown is not None
    assert (shown.run, shown.tier, shown.goods) == (plan.change["run"], TIER, ("longjing",))

    clock.advance(days=45)
    assert shelf.of([person]) is None
    clock.advance(days=-45)
    stop = Rationale(code="not_now")
    rooms.proposals.reject(rooms.proposals.propose([a_stop(plan)])[0].id, stop, "test")
    assert shelf.of([person]) is not None
    stopped = rooms.proposals.approve(rooms.proposals.propose([a_stop(plan)])[0].id, "test")
    assert shelf.of([person]) is None
    rooms.proposals.undo(stopped.id, "test")
    assert shelf.of([person]) is not None


def test_who_has_come_back_leaves_the_list_and_sees_the_shelf_no_longer(
    rooms: Rooms, clock: FixedClock, plan: Proposal
) -> None:
    del plan
    back = max(reached(rooms))
    assert rooms.audience.plans.shelf.of([number(rooms, back)]) is not None

    rooms.orders.put_orders([an_order(back, clock(), n=8)], BASIS)

    assert rooms.audience.plans.shelf.of([number(rooms, back)]) is None
    assert back not in reached(rooms)


def test_a_restored_plan_is_stopped_by_a_proposal_and_runs_on_when_that_is_undone(rooms: Rooms, plan: Proposal) -> None:
    desk = rooms.audience.plans
    running = desk.of(TIER).running
    assert running is not None
    row = PlanRow(tier=TIER, run=running.run, at=from_ms(running.started_ms), terms=running.terms)
    rooms.db.write(lambda db: drop_running(db, TIER))  # as in a shop into which it is to be restored
    rooms.db.write(lambda db: PlanPart(record=rooms.ledger).restore(db, [row], 0))

    stop = rooms.proposals.approve(desk.propose_stop(TIER, Author(name="user:li")).id, "user:li")

    assert desk.of(TIER).running is None
    assert (stop.author.kind, stop.reason.code) == ("person", "tier_plan_stop")
    with pytest.raises(UnknownTier):
        desk.propose_stop(TIER, Author(name="user:li"))
    rooms.proposals.undo(stop.id, "user:li")
    assert desk.of(TIER).running == running
    assert running.run == plan.change["run"]


def a_stop(plan: Proposal) -> ProposalDraft:
    """Let none run: how a plan is ended without undoing its proposal, a restored one for example."""
    change = {"run": plan.change["run"]}
    return ProposalDraft(kind=plan.kind, subject=TIER, change=change, reason=plan.reason, author=plan.author)


@pytest.mark.parametrize(("language", "said"), [("zh", "唤醒：沉默客户"), ("en", "Wake: silent for longer than usual")])
def test_a_plan_is_proposed_in_the_console_and_said_in_words(
    client: TestClient[Any], settings: Settings, clock: FixedClock, language: str, said: str
) -> None:
    base = f"/console/{SHOP}"
    token = log_in(client, settings, clock, language)

    assert said in client.get(f"{base}/plans").text
    item = client.post(f"{base}/plans/{TIER}/propose", data={"csrf": token}).text
    assert "50%" in item
    assert re.search(r"tier_plan|plan\.[a-z_]+\.(passes|fails)|>plan_[a-z]+<", item) is None
    refused = client.post(f"{base}/plans/retain/propose", data={"csrf": token}, follow_redirects=False)
    assert refused.headers["location"].endswith("/plans?done=few")


def test_a_plan_that_runs_is_stopped_from_the_console_and_over_http_by_proposals(
    client: TestClient[Any], rooms: Rooms, settings: Settings, clock: FixedClock, plan: Proposal
) -> None:
    del plan
    base = f"/console/{SHOP}"
    token = log_in(client, settings, clock, "zh")
    assert "提议停用" in client.get(f"{base}/plans").text

    item = client.post(f"{base}/plans/{TIER}/stop", data={"csrf": token}).text

    assert "停用正在运行的计划" in item
    assert "阶段是流失风险或沉睡客户" in item
    assert re.search(r"tier_plan|plan_stops|at_risk|plan\.[a-z_]+\.(passes|fails)", item) is None
    with open_control(settings, clock=clock) as control:
        key = control.keys.create(SHOP, CreateKey(name="stops", scopes=("trust:propose",)))
    headers = {"Authorization": f"Bearer {key.secret}"}
    api = f"/v1/{SHOP}/audience/plans"
    made = client.post(f"{api}/{TIER}/stops", headers=headers)
    assert (made.status_code, "terms" in made.json()["change"]) == (201, False)
    refused = client.post(f"{api}/retain/stops", headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (404, "audience.unknown_tier")
    for one in rooms.proposals.list(state=ProposalState.PROPOSED, kind="audience.run_plan", limit=200).items:
        rooms.proposals.reject(one.id, Rationale(code="not_now"), "test")
