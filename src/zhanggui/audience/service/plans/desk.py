"""Everything about plans per tier that people ask for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from zhanggui.audience.engines.plans.tiers import RULES
from zhanggui.audience.errors import UnknownTier
from zhanggui.audience.service.segments.counting import floored
from zhanggui.audience.tables import plans as tables
from zhanggui.audience.types.plans import (
    TIERS,
    Batch,
    PlanResult,
    PlanState,
    RunningPlan,
    Seen,
    Tier,
    TierPlan,
)
from zhanggui.audience.types.segments import MemberPage
from zhanggui.kernel.clock import from_ms, to_ms
from zhanggui.kernel.db import Database
from zhanggui.kernel.privacy import Duty
from zhanggui.trust import Author, Proposal

from .planning import PlanPlanning
from .running import PlanRunning, end_of, judged_from
from .shelf import PlanShelf


class PlanDay(msgspec.Struct, frozen=True, kw_only=True):
    """What the daily work on plans did."""

    forgotten: int
    judged: tuple[PlanResult, ...]
    reached: int
    bids: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanDesk:
    """What `shop.audience.plans` holds.

    Attributes:
        planning: looks at tiers and proposes.
        running: takes people into what was approved, lets lists leave, judges.
        shelf: what it shows those who were reached.
    """

    db: Database
    planning: PlanPlanning
    running: PlanRunning
    shelf: PlanShelf

    def all(self) -> list[TierPlan]:
        """All tiers, in the order of a customer's life."""
        return [self.of(tier) for tier in TIERS]

    def of(self, name: str) -> TierPlan:
        """One tier.

        Raises:
            UnknownTier: there is none of that name.
        """
        tier = _known(name)
        with self.db.read() as db:
            plan, seen = tables.running(db, tier), tables.seen(db, tier)
            results = tuple(tables.results_of(db, tier))
            rows = [] if plan is None else tables.members_of(db, plan.run, purpose=Duty.UPKEEP)
        people = Counter(row.batch for row in rows if row.arm == "reached")
        begun = {row.batch: row.at_ms for row in rows}
        floor = self.planning.floor
        return TierPlan(
            tier=tier,
            state=_state(plan, results, to_ms(self.planning.clock())),
            rule=RULES[tier],
            reach={} if seen is None else {one: floored(count, floor) for one, count in seen.reach.items()},
            seen_at=None if seen is None else seen.at,
            running=plan,
            ends_at=None if plan is None else from_ms(end_of(plan)),
            judged_at=None if plan is None else from_ms(judged_from(plan)),
            batches=tuple(
                Batch(number=n, at=from_ms(begun[n]), people=floored(people[n], floor)) for n in sorted(people)
            ),
            results=results,
        )

    def seen(self, name: str) -> Seen | None:
        """A tier as it was last looked at; None where it never was."""
        with self.db.read() as db:
            return tables.seen(db, name)

    def propose(self, name: str) -> Proposal:
        """Propose a plan for a tier now.

        Raises:
            UnknownTier: there is none of that name.
            TooFewForPlan: too few of it may be written to.
        """
        return self.planning.propose(_known(name))

    def propose_stop(self, name: str, author: Author) -> Proposal:
        """Propose that the plan of a tier runs no longer; nothing stops before that is approved.

        Raises:
            UnknownTier: there is none of that name, or no plan runs for it.
        """
        return self.planning.propose_stop(_known(name), author)

    def people(self, name: str, batch: int, *, after: int = 0, limit: int = 50) -> MemberPage:
        """Whom a batch reaches, as far as they still allow it at this moment; for roles that may see persons.

        Raises:
            UnknownTier: there is none of that name, or no such batch.
        """
        held = self.of(name)
        if batch not in {one.number for one in held.batches}:
            raise UnknownTier(f"The plan for {name!r} has no batch {batch}.", hint="See which it has first.")
        return self.running.people(held.tier, batch, after, limit)

    def run_day(self) -> PlanDay:
        """The daily work: clean, judge what is over, take people in, bid for tiers without a plan."""
        forgotten, judged = self.running.clean(), self.running.judge_due()
        standing = self.planning.standing()
        taken = [self.running.enrol(tier, standing) for tier in TIERS]
        reached = sum(one.reached for one in taken if one is not None)
        return PlanDay(forgotten=forgotten, judged=tuple(judged), reached=reached, bids=self.planning.bid(standing))


def _state(plan: RunningPlan | None, results: Sequence[PlanResult], now_ms: int) -> PlanState:
    """How far the plan is that runs, or else how the last one ended."""
    if plan is not None and plan.run not in {one.run for one in results}:
        return "takes_in" if now_ms < end_of(plan) else "counts"
    return "none" if not results else "undone" if results[0].ended == "undone" else "judged"


def _known(name: str) -> Tier:
    for tier in TIERS:
        if tier == name:
            return tier
    raise UnknownTier(f"There is no tier {name!r}.", hint=f"It may be one of: {', '.join(TIERS)}.")
