"""Plans that run, who is in them and what plans brought, as parts of a shop's export: see `ExportPart` of shop."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
import sqlalchemy as sa

from zhanggui.audience.ports import PersonNames, Record
from zhanggui.audience.tables import plans as tables
from zhanggui.audience.tables.plans import StoredMember
from zhanggui.audience.types.plans import Arm, PlanResult, PlanTerms, RunningPlan, Tier
from zhanggui.kernel.clock import from_ms, to_ms
from zhanggui.kernel.ids import Ulid
from zhanggui.kernel.privacy import Purpose
from zhanggui.shop import PutReport

RESTORER = "restore"


class PlanRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The plan that runs for a tier."""

    tier: Tier
    run: Ulid
    at: datetime
    terms: PlanTerms


class PlanPersonRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One customer in a run: written to, or left alone."""

    run: Ulid
    batch: int
    customer_id: str
    arm: Arm
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanPart:
    """Plans that run; what ran before stands in `plan-results`."""

    record: Record

    name = "plans"
    holds = PlanRow

    def rows(self, db: sa.Connection) -> Iterator[list[PlanRow]]:
        """By tier."""
        yield [
            PlanRow(tier=tier, run=one.run, at=from_ms(one.started_ms), terms=one.terms)
            for tier, one in tables.all_running(db).items()
        ]

    def restore(self, db: sa.Connection, rows: Sequence[PlanRow], now_ms: int) -> PutReport:
        """Let them run on for tiers without a plan; they end when they would have ended."""
        del now_ms  # it runs since it was approved
        new = [row for row in rows if tables.running(db, row.tier) is None]
        for row in new:
            plan = RunningPlan(run=row.run, terms=row.terms, started_ms=to_ms(row.at))
            tables.put_running(db, row.tier, plan)
            self.record.append(db, "audience.plan_restored", row, RESTORER)
        return PutReport(len(new), 0, len(rows) - len(new))


class PlanResultPart:
    """What plans brought."""

    name = "plan-results"
    holds = PlanResult

    def rows(self, db: sa.Connection) -> Iterator[list[PlanResult]]:
        """By run, oldest first."""
        yield tables.all_results(db)

    def restore(self, db: sa.Connection, rows: Sequence[PlanResult], now_ms: int) -> PutReport:
        """Add those that are not there."""
        del now_ms  # it was judged when it says
        there = {held.run for held in tables.all_results(db)}
        new = [row for row in rows if row.run not in there]
        for row in new:
            tables.put_result(db, row)
        return PutReport(len(new), 0, len(rows) - len(new))


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanPersonPart:
    """Who is in which arm of a run: whoever was written to gets no second message in another shop either."""

    names: PersonNames

    name = "plan-people"
    holds = PlanPersonRow

    def rows(self, db: sa.Connection) -> Iterator[list[PlanPersonRow]]:
        """By run and batch; in a batch by customer."""
        for run in tables.runs(db, purpose=Purpose.SERVICE):
            members = tables.members_of(db, run, purpose=Purpose.SERVICE)
            ids = self.names.people(db, {one.person for one in members})
            named = [(ids.get(one.person, (None, None))[0], one) for one in members]
            rows = [_person_row(customer, one) for customer, one in named if customer is not None]
            yield sorted(rows, key=lambda row: (row.batch, row.customer_id))

    def restore(self, db: sa.Connection, rows: Sequence[PlanPersonRow], now_ms: int) -> PutReport:
        """Add whoever is not in the run."""
        del now_ms  # they were taken in when it says
        numbers = self.names.people_numbers(db, [(row.customer_id, None) for row in rows])
        there = {
            (one.run, one.person)
            for run in {row.run for row in rows}
            for one in tables.members_of(db, run, purpose=Purpose.SERVICE)
        }
        new = [
            StoredMember(row.run, number, row.arm, row.batch, to_ms(row.at))
            for number, row in zip(numbers, rows, strict=True)
            if (row.run, number) not in there
        ]
        tables.put_members(db, new)
        return PutReport(len(new), 0, len(rows) - len(new))


def _person_row(customer_id: str, held: StoredMember) -> PlanPersonRow:
    return PlanPersonRow(run=held.run, batch=held.batch, customer_id=customer_id, arm=held.arm, at=from_ms(held.at_ms))
