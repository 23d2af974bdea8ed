"""Plans that run: people are taken in, lists leave with those who still allow it, and what a plan brought is judged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
import sqlalchemy as sa

from zhanggui.audience.engines.plans.arms import drawn
from zhanggui.audience.engines.plans.judging import gain
from zhanggui.audience.ports import Leaving, PastActs, Record
from zhanggui.audience.tables import plans as tables
from zhanggui.audience.tables.plans import StoredMember
from zhanggui.audience.types.plans import (
    Arm,
    ArmResult,
    Enrolled,
    PlanResult,
    PlanTerms,
    RunningPlan,
    Tier,
)
from zhanggui.audience.types.segments import Member, MemberPage
from zhanggui.kernel.clock import DAY_MS, Clock, from_ms, to_ms
from zhanggui.kernel.db import Database
from zhanggui.kernel.privacy import ConsentGate, Duty, Purpose
from zhanggui.shop import EVENT_NUMBERS, Card, EventName, OutboxDraft, OutboxEntry, OutboxQueue

from .reaching import PlanReaching, Standing

PEOPLE = "audience.plan_people"
"""The kind of the outbox entry that carries a batch."""
FORGOTTEN_DAYS = 365
_BOUGHT = EVENT_NUMBERS[EventName.PURCHASE]


class PlanReached(msgspec.Struct, frozen=True, kw_only=True):
    """What the ledger keeps of a batch: how many, nobody's name."""

    run: str
    tier: str
    batch: int
    reached: int
    held: int
    channel: str


class PeoplePayload(msgspec.Struct, frozen=True, kw_only=True):
    """What an entry of the outbox keeps: no person; who is meant is worked out when it leaves."""

    run: str
    tier: Tier
    batch: int
    channel: str
    words: str
    goods: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRunning:
    """The use cases of plans that were approved.

    Attributes:
        gate: whose purchases may be counted.
        floor: fewer people than this are never written to together.
        leaving: whose data may leave by an outlet (PIPL art. 23, 39).
        contest_at: the address at which whoever gets the message may contest that they were chosen (PIPL art. 24).
    """

    db: Database
    clock: Clock
    reaching: PlanReaching
    history: PastActs
    gate: ConsentGate
    queue: OutboxQueue
    record: Record
    floor: int
    leaving: Leaving
    contest_at: str

    def enrol(self, tier: Tier, standing: Standing | None = None) -> Enrolled | None:
        """Take everybody in who fits now and may be reached, and let the list leave; None where no plan takes people.

        Fewer than the floor wait until there are more. Whoever is held back is drawn from all of them alike.

        Args:
            tier: whose plan.
            standing: who stands in the tiers, where that was just looked at.
        """
        with self.db.read() as db:
            plan = tables.running(db, tier)
        if plan is None or self._now_ms() >= end_of(plan):
            return None
        found_now = standing or self.reaching.standing({tier: plan.terms.rule})
        people = found_now.people[tier]
        rested = self.reaching.rested(people, plan.terms.rest_days)
        found = self.reaching.allowed(rested, plan.terms.channel)
        return self.db.write(lambda db: self._take_in(db, tier, plan, found))

    def _take_in(self, db: sa.Connection, tier: Tier, plan: RunningPlan, found: set[int]) -> Enrolled:
        nobody = Enrolled(run=plan.run)
        held = tables.running(db, tier)
        if held is None or held.run != plan.run:
            return nobody
        before = tables.members_of(db, plan.run, purpose=Purpose.MARKETING)
        fresh = found - {row.person for row in before}
        arms = _arms(plan, fresh, sum(row.arm == "reached" for row in before))
        reached = [person for person, arm in arms.items() if arm == "reached"]
        if len(reached) < self.floor:
            return nobody
        batch, now_ms = 1 + max((row.batch for row in before), default=0), self._now_ms()
        rows = [StoredMember(plan.run, person, arm, batch, now_ms) for person, arm in arms.items()]
        tables.put_members(db, rows)
        self._send(db, tier, plan, batch)
        noted = PlanReached(
            run=plan.run,
            tier=tier,
            batch=batch,
            reached=len(reached),
            held=len(rows) - len(reached),
            channel=plan.terms.channel,
        )
        self.record.append(db, "audience.plan_reached", noted)
        return Enrolled(run=plan.run, reached=noted.reached, held=noted.held)

    def _send(self, db: sa.Connection, tier: Tier, plan: RunningPlan, batch: int) -> None:
        terms = plan.terms
        payload = PeoplePayload(
            run=plan.run, tier=tier, batch=batch, channel=terms.channel, words=terms.words, goods=terms.goods
        )
        self.queue.put(
            db,
            OutboxDraft(
                outlet=terms.outlet,
                kind=PEOPLE,
                payload=msgspec.to_builtins(payload),
                card=Card(code="send_plan", params={"tier": tier, "batch": str(batch), "channel": terms.channel}),
                reference=plan.run,
                idempotency_key=f"{plan.run}:{batch}",
            ),
        )

    def complete(self, entry: OutboxEntry) -> OutboxEntry | None:
        """An entry as it leaves: with the ids of those who still allow it; None where too few are left, or it ended.

        Entries of other kinds pass as they are.
        """
        if entry.kind != PEOPLE:
            return entry
        asked = msgspec.convert(entry.payload, PeoplePayload)
        people = dict(self._still(asked.tier, asked.run, asked.batch))
        agreed = self.leaving(entry.outlet, people.keys())
        if len(agreed) < self.floor:
            return None
        ids = [customer for number, customer in people.items() if number in agreed]
        return msgspec.structs.replace(entry, payload={**entry.payload, "people": ids, "contest": self.contest_at})

    def people(self, tier: Tier, batch: int, after: int, limit: int) -> MemberPage:
        """Whom a batch of the plan that runs reaches at this moment, by number upwards."""
        with self.db.read() as db:
            plan = tables.running(db, tier)
        found = [] if plan is None else self._still(tier, plan.run, batch)
        page = [one for one in found if one[0] > after]
        items = tuple(Member(customer_id=customer) for _, customer in page[:limit])
        return MemberPage(items=items, next=str(page[limit - 1][0]) if len(page) > limit else None)

    def _still(self, tier: str, run: str, batch: int) -> list[tuple[int, str]]:
        """(number, customer id) of a batch's people, as far as the plan runs, they stand in its tier and allow it."""
        with self.db.read() as db:
            plan = tables.running(db, tier)
            rows = tables.members_of(db, run, purpose=Purpose.MARKETING)
        if plan is None or plan.run != run:
            return []
        chosen = [row.person for row in rows if row.batch == batch and row.arm == "reached"]
        return self.reaching.named(
            self.reaching.still(plan.terms.rule, self.reaching.allowed(chosen, plan.terms.channel))
        )

    def clean(self) -> int:
        """Take out who no longer allows marketing, and forget old runs; returns how many rows went."""
        now_ms = self._now_ms()
        with self.db.read() as db:
            rows = tables.members_since(db, 0, purpose=Duty.RIGHTS)
            open_runs = {plan.run for plan in tables.all_running(db).values()}
        persons = {row.person for row in rows}
        gone = persons - self.gate.allowed_among(persons, Purpose.MARKETING)

        def work(db: sa.Connection) -> int:
            old = tables.drop_members_before(db, now_ms - FORGOTTEN_DAYS * DAY_MS, open_runs)
            return old + tables.people.delete_people(db, gone)

        return self.db.write(work)

    def judge_due(self) -> list[PlanResult]:
        """Judge the runs whose last people have had their days, once each."""
        now_ms, made = self._now_ms(), []
        with self.db.read() as db:
            held = tables.all_running(db)
            judged = {one.run for tier in held for one in tables.results_of(db, tier)}
        for tier, plan in held.items():
            if plan.run not in judged and judged_from(plan) <= now_ms:
                made.append(self._judge(tier, plan))
        return made

    def _judge(self, tier: Tier, plan: RunningPlan) -> PlanResult:
        with self.db.read() as db:
            rows = tables.members_of(db, plan.run, purpose=Purpose.ANALYTICS)
        counted = self.gate.allowed_among({row.person for row in rows}, Purpose.ANALYTICS)
        rows = [row for row in rows if row.person in counted]
        bought = self._buyers(rows, plan.terms)
        arms = {
            arm: ArmResult(people=len(own), buyers=len(own & bought))
            for arm in ("reached", "held")
            for own in [{row.person for row in rows if row.arm == arm}]
        }
        told = PlanResult(run=plan.run, tier=tier, at=self.clock(), channel=plan.terms.channel, reached=None, held=None)
        reached, held = arms["reached"], arms["held"]
        if min(reached.people, held.people) >= self.floor:
            difference, low, high = gain(reached.people, reached.buyers, held.people, held.buyers)
            told = msgspec.structs.replace(told, reached=reached, held=held, gain=difference, low=low, high=high)

        def work(db: sa.Connection) -> None:
            tables.put_result(db, told)
            self.record.append(db, "audience.plan_judged", told)

        self.db.write(work)
        return told

    def _buyers(self, rows: Sequence[StoredMember], terms: PlanTerms) -> set[int]:
        """Who of them bought within their days."""
        if not rows:
            return set()
        since = {row.person: row.at_ms for row in rows}
        found, first = set(), from_ms(min(since.values()))
        for batch in self.history.history(Purpose.ANALYTICS, first, kind=_BOUGHT):
            columns = (batch[name].to_numpy().tolist() for name in ("person", "at_ms"))
            for person, at_ms in zip(*columns, strict=True):
                begun = since.get(person)
                if begun is not None and begun <= at_ms < begun + terms.within_days * DAY_MS:
                    found.add(person)
        return found

    def _now_ms(self) -> int:
        return to_ms(self.clock())


def end_of(plan: RunningPlan) -> int:
    """Until when a plan takes people in, epoch ms."""
    return plan.started_ms + plan.terms.days * DAY_MS


def judged_from(plan: RunningPlan) -> int:
    """From when on all of its people have had their days, epoch ms."""
    return end_of(plan) + plan.terms.within_days * DAY_MS


def _arms(plan: RunningPlan, people: set[int], reached_before: int) -> dict[int, Arm]:
    """By person their arm; where the budget ends, the draw says who is reached, and the others are in neither."""
    terms = plan.terms
    places = {person: drawn(plan.run, person) for person in people}
    most = len(people) if terms.cost_each_minor == 0 else terms.budget_minor // terms.cost_each_minor - reached_before
    arms: dict[int, Arm] = {}
    taken = 0
    for person in sorted(people, key=lambda one: (places[one], one)):
        if places[person] < terms.held_back:
            arms[person] = "held"
        elif taken < most:
            arms[person], taken = "reached", taken + 1
    return arms
