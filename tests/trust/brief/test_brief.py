from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest
from tests.trust.builders import Time, a_draft, proposals_on, stock_the_shop

from zhanggui.kernel.db import Database
from zhanggui.kernel.jobs import JobRunner, JobState, jobs_in
from zhanggui.trust import BriefNotSent, Effect, Proposal, ProposalDraft, Proposals
from zhanggui.trust.jobs import brief as brief_jobs
from zhanggui.trust.jobs.brief import LOOK_KIND, SEND_KIND
from zhanggui.trust.service.brief import MorningBrief
from zhanggui.trust.service.inbox import Inbox
from zhanggui.trust.service.places import InboxPlaces
from zhanggui.trust.types.briefs import Brief, FactsAge, ModelHealth

SHANGHAI = ZoneInfo("Asia/Shanghai")
BEFORE_EIGHT = datetime(2026, 5, 1, 23, 50, tzinfo=UTC)  # 7:50 in Shanghai
NEWEST = datetime(2026, 5, 1, 12, tzinfo=UTC)


@dataclass
class Channel:
    """A way out that remembers what it was given, and fails as often as it is told."""

    name: str = "feishu"
    failures: int = 0
    got: list[tuple[Brief, tuple[Proposal, ...], str]] = field(default_factory=list)

    def send(self, brief: Brief, proposals: tuple[Proposal, ...], key: str) -> str:
        if self.failures:
            self.failures -= 1
            raise BriefNotSent("It is down.")
        self.got.append((brief, proposals, key))
        return ""


def worth(minor: int) -> Effect:
    return Effect(amount_minor=minor, low_minor=minor - 1, high_minor=minor + 1, currency="CNY")


def labelled(label: str, minor: int | None = None) -> ProposalDraft:
    more = {} if minor is None else {"effect": worth(minor)}
    return a_draft("shop.label_product", change={"labels": [{"label": label}]}, **more)


def brief_of(proposals: Proposals, clock: Time, *channels: Channel) -> MorningBrief:
    return MorningBrief(
        db=proposals.db,
        clock=clock,
        inbox=Inbox(db=proposals.db, kinds=proposals.kinds),
        shop="teahouse",
        zone=SHANGHAI,
        at=time(8, 30),
        address="https://shop.example",
        facts_age=lambda: FactsAge(order_at=NEWEST),
        channels=channels,
    )


def test_the_brief_tells_how_the_model_stands(proposals: Proposals, clock: Time) -> None:
    held = ModelHealth(trained_at=NEWEST, is_old=True, departs={"clicks": ""})

    assert replace(brief_of(proposals, clock), model_health=lambda: held).today().model == held
    assert brief_of(proposals, clock).today().model is None


def places_of(proposals: Proposals, clock: Time) -> InboxPlaces:
    return InboxPlaces(db=proposals.db, clock=clock, zone=SHANGHAI, proposals=proposals)


def runner_of(proposals: Proposals, clock: Time, brief: MorningBrief) -> JobRunner:
    handlers = brief_jobs.handlers(brief, places_of(proposals, clock))
    return JobRunner(proposals.db, handlers, clock, "test", schedules=[brief_jobs.schedule()])


@pytest.fixture
def clock() -> Time:
    return Time(BEFORE_EIGHT)


@pytest.fixture
def proposals(any_database: Database, clock: Time) -> Proposals:
    stock_the_shop(any_database)
    return proposals_on(any_database, clock=clock)


def test_the_brief_names_at_most_three_decisions_by_worth(proposals: Proposals, clock: Time) -> None:
    made = proposals.propose([labelled(f"l{n}", 1_000 * n) for n in range(1, 6)])

    brief = brief_of(proposals, clock).today()

    assert [one.id for one in brief.decisions] == [made[4].id, made[3].id, made[2].id]
    assert (brief.waiting, brief.facts.order_at, brief.day.isoformat()) == (5, NEWEST, "2026-05-02")
    assert brief.decisions[0].href == f"https://shop.example/console/teahouse/inbox/{made[4].id}"
    assert (brief.decisions[0].room, brief.decisions[0].worth_minor) == ("shop", 5_000)


def test_what_is_decided_stands_in_no_brief(proposals: Proposals, clock: Time) -> None:
    made = proposals.propose([labelled("a", 100)])
    proposals.approve(made[0].id, "merchant")

    assert brief_of(proposals, clock).today().decisions == ()


def test_the_brief_goes_out_once_a_day_by_each_channel(proposals: Proposals, clock: Time) -> None:
    proposals.propose([labelled("a", 100)])
    channels = (Channel("email"), Channel("feishu"))
    brief = brief_of(proposals, clock, *channels)

    first, again = brief.send(), brief.send()

    assert (first.sent, again.sent, again.already) == (("email", "feishu"), (), ("email", "feishu"))
    assert [len(channel.got) for channel in channels] == [1, 1]
    assert channels[0].got[0][2] == "teahouse-2026-05-02"
    clock.pass_(days=1)
    assert brief.send().sent == ("email", "feishu")


def test_a_channel_that_fails_keeps_no_other_waiting_and_is_tried_alone(proposals: Proposals, clock: Time) -> None:
    proposals.propose([labelled("a", 100)])
    broken, sound = Channel("wecom", failures=1), Channel("feishu")
    brief = brief_of(proposals, clock, broken, sound)

    first, second = brief.send(), brief.send()

    assert (first.sent, first.failed) == (("feishu",), {"wecom": "It is down."})
    assert (second.sent, second.already) == (("wecom",), ("feishu",))
    assert len(sound.got) == 1


def test_a_brief_without_decisions_is_sent_to_nobody(proposals: Proposals, clock: Time) -> None:
    channel = Channel()

    assert brief_of(proposals, clock, channel).send().sent == ()
    assert channel.got == []


def test_the_job_sends_at_the_hour_that_is_set_and_never_twice(proposals: Proposals, clock: Time) -> None:
    proposals.propose([labelled("a", 100)])
    channel = Channel()
    runner = runner_of(proposals, clock, brief_of(proposals, clock, channel))

    for _ in range(40):  # from 7:50 to 11:10
        runner.drain()
        if clock().astimezone(SHANGHAI).time() < time(8, 30):
            assert channel.got == []
        clock.pass_(minutes=5)

    assert len(channel.got) == 1
    assert channel.got[0][0].made_at.astimezone(SHANGHAI).time() < time(8, 40)


def test_the_job_tries_again_with_growing_waits(proposals: Proposals, clock: Time) -> None:
    proposals.propose([labelled("a", 100)])
    channel = Channel(failures=2)
    runner = runner_of(proposals, clock, brief_of(proposals, clock, channel))

    for _ in range(60):
        runner.drain()
        clock.pass_(minutes=1)

    assert len(channel.got) == 1
    with proposals.db.read() as db:
        sending = [job for job in jobs_in(db, limit=200) if job.kind == SEND_KIND]
    assert [(job.state, job.attempts) for job in sending] == [(JobState.DONE, 3)]


def test_the_brief_of_a_day_that_is_over_is_not_sent(proposals: Proposals, clock: Time) -> None:
    proposals.propose([labelled("a", 100)])
    channel = Channel(failures=1)
    runner = runner_of(proposals, clock, brief_of(proposals, clock, channel))
    clock.pass_(minutes=45)
    runner.drain()
    clock.pass_(minutes=5)
    runner.drain()

    clock.pass_(hours=16)  # past midnight, before the next morning's hour
    runner.drain()

    with proposals.db.read() as db:
        dead = [job.kind for job in jobs_in(db, [JobState.DEAD])]
    assert (dead, channel.got) == ([SEND_KIND], [])
    assert LOOK_KIND not in dead


def test_rooms_compete_for_five_places_a_day(proposals: Proposals, clock: Time) -> None:
    places = places_of(proposals, clock)
    places.bid([_about(proposals, n, 1_000 * n) for n in range(1, 8)])

    made = places.award()

    assert [proposal.effect.amount_minor for proposal in made] == [7_000, 6_000, 5_000, 4_000, 3_000]
    assert places.award() == []
    clock.pass_(days=1)
    assert [proposal.effect.amount_minor for proposal in places.award()] == [2_000, 1_000]


def test_a_newer_bid_about_the_same_takes_the_place_of_the_older(proposals: Proposals, clock: Time) -> None:
    places = places_of(proposals, clock)
    places.bid([labelled("old", 9_000)])
    places.bid([labelled("new", 100)])

    assert [proposal.change for proposal in places.award()] == [{"labels": [{"label": "new"}]}]


def test_a_bid_whose_subject_is_gone_takes_no_place(proposals: Proposals, clock: Time) -> None:
    places = places_of(proposals, clock)
    places.bid([a_draft(subject="nothing", effect=worth(9_000)), labelled("a", 100)])

    assert [proposal.kind for proposal in places.award()] == ["shop.label_product"]
    assert places.award() == []


def test_a_bid_waits_three_days_and_no_longer(proposals: Proposals, clock: Time) -> None:
    places = places_of(proposals, clock)
    places.bid([labelled("a", 100)])

    clock.pass_(days=3, minutes=1)

    assert places.award() == []


def _about(proposals: Proposals, number: int, minor: int) -> ProposalDraft:
    """A draft about a product of its own."""
    from zhanggui.shop.tables.products import store_products
    from zhanggui.shop.types import Product, ProductText

    product = Product(id=f"p{number}", texts={"zh": ProductText(title=f"茶 {number}")})
    proposals.db.write(lambda db: store_products(db, [product], 1_000))
    return a_draft("shop.label_product", f"p{number}", {"labels": [{"label": "新茶"}]}, effect=worth(minor))
