"""Plans that run, how tiers were last seen, what plans brought; and, personal, who is in which arm of a run."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import msgspec
import sqlalchemy as sa

from zhanggui.audience.types.plans import Arm, PlanResult, PlanTerms, RunningPlan, Seen, Tier
from zhanggui.kernel.db import shop_metadata, upsert
from zhanggui.kernel.personal import Personal, PersonalText
from zhanggui.kernel.privacy import Reason

plans = sa.Table(
    "audience_plans",
    shop_metadata,
    sa.Column("tier", sa.String(16), primary_key=True),
    sa.Column("run", sa.String(26), nullable=False),
    sa.Column("terms", sa.LargeBinary, nullable=False),  # JSON of PlanTerms
    sa.Column("started_ms", sa.BigInteger, nullable=False),
)

tiers = sa.Table(
    "audience_plan_tiers",
    shop_metadata,
    sa.Column("tier", sa.String(16), primary_key=True),
    sa.Column("seen", sa.LargeBinary, nullable=False),  # JSON of Seen
)

results = sa.Table(
    "audience_plan_results",
    shop_metadata,
    sa.Column("run", sa.String(26), primary_key=True),
    sa.Column("tier", sa.String(16), nullable=False, index=True),
    sa.Column("result", sa.LargeBinary, nullable=False),  # JSON of PlanResult
)

people = Personal(
    sa.Table(
        "audience_plan_people",
        shop_metadata,
        sa.Column("run", sa.String(26), primary_key=True),
        sa.Column("person", sa.BigInteger, primary_key=True, index=True),
        sa.Column("arm", sa.String(8), nullable=False),  # reached, held
        sa.Column("batch", sa.Integer, nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False, index=True),
    )
)


class StoredMember(msgspec.Struct, frozen=True):
    """One row of `audience_plan_people`."""

    run: str
    person: int
    arm: Arm
    batch: int
    at_ms: int


_COLUMNS = StoredMember.__struct_fields__


def running(db: sa.Connection, tier: str) -> RunningPlan | None:
    """The plan that runs for a tier."""
    row = db.execute(sa.select(plans.c.run, plans.c.terms, plans.c.started_ms).where(plans.c.tier == tier)).fetchone()
    if row is None:
        return None
    return RunningPlan(run=row[0], terms=msgspec.json.decode(row[1], type=PlanTerms), started_ms=row[2])


def put_running(db: sa.Connection, tier: str, plan: RunningPlan) -> None:
    """Let it be the one that runs."""
    row = {"tier": tier, "run": plan.run, "terms": msgspec.json.encode(plan.terms), "started_ms": plan.started_ms}
    upsert(db, plans, [row], keys=["tier"])


def drop_running(db: sa.Connection, tier: str) -> None:
    """Let none run."""
    db.execute(sa.delete(plans).where(plans.c.tier == tier))


def seen(db: sa.Connection, tier: str) -> Seen | None:
    """A tier as it was last looked at."""
    held = db.execute(sa.select(tiers.c.seen).where(tiers.c.tier == tier)).scalar()
    return None if held is None else msgspec.json.decode(held, type=Seen)


def put_seen(db: sa.Connection, found: Sequence[Seen]) -> None:
    """Keep how tiers look now."""
    rows = [{"tier": one.tier, "seen": msgspec.json.encode(one)} for one in found]
    upsert(db, tiers, rows, keys=["tier"])


def put_result(db: sa.Connection, result: PlanResult) -> None:
    """Keep what a run brought."""
    row = {"run": result.run, "tier": result.tier, "result": msgspec.json.encode(result)}
    upsert(db, results, [row], keys=["run"])


def result(db: sa.Connection, run: str) -> PlanResult | None:
    """What a run brought."""
    held = db.execute(sa.select(results.c.result).where(results.c.run == run)).scalar()
    return None if held is None else msgspec.json.decode(held, type=PlanResult)


def drop_result(db: sa.Connection, run: str) -> None:
    """Forget what a run brought."""
    db.execute(sa.delete(results).where(results.c.run == run))


def results_of(db: sa.Connection, tier: str, limit: int = 20) -> list[PlanResult]:
    """What runs of a tier brought, newest first."""
    asked = sa.select(results.c.result).where(results.c.tier == tier).order_by(results.c.run.desc()).limit(limit)
    return [msgspec.json.decode(row[0], type=PlanResult) for row in db.execute(asked)]


def all_results(db: sa.Connection) -> list[PlanResult]:
    """What all runs brought, by run, oldest first."""
    held = db.execute(sa.select(results.c.result).order_by(results.c.run))
    return [msgspec.json.decode(row[0], type=PlanResult) for row in held]


def put_members(db: sa.Connection, rows: Sequence[StoredMember]) -> None:
    """Write who is in which arm."""
    if rows:
        db.execute(people.insert(), [msgspec.structs.asdict(row) for row in rows])


def runs(db: sa.Connection, *, purpose: Reason) -> list[str]:
    """All runs that took somebody in, oldest first."""
    run = people.for_(purpose).c.run
    return [row[0] for row in db.execute(sa.select(run).distinct().order_by(run))]


def members_of(db: sa.Connection, run: str, *, purpose: Reason) -> list[StoredMember]:
    """Everybody in a run, by number upwards."""
    table = people.for_(purpose)
    return _members(db, table.c.run == run, table)


def members_since(db: sa.Connection, since_ms: int, *, purpose: Reason) -> list[StoredMember]:
    """Everybody who was taken into any run since a moment."""
    table = people.for_(purpose)
    return _members(db, table.c.at_ms >= since_ms, table)


def memberships(db: sa.Connection, persons: Collection[int], *, purpose: Reason) -> list[StoredMember]:
    """All runs that these persons are in."""
    table = people.for_(purpose)
    return _members(db, table.c.person.in_(list(persons)), table)


_REACHED = PersonalText("SELECT run, person, at_ms FROM audience_plan_people WHERE person = ? AND arm = 'reached'")


def reached_by(db: sa.Connection, persons: Sequence[int], *, purpose: Reason) -> dict[str, tuple[int, int]]:
    """By run (person, since when) of runs that reached one of these persons. Hot: the shop's first page asks."""
    return {row[0]: (row[1], row[2]) for one in persons for row in _REACHED.rows(db, purpose, (one,))}


def _members(db: sa.Connection, chosen: sa.ColumnElement[bool], table: sa.Table) -> list[StoredMember]:
    asked = sa.select(*(table.c[name] for name in _COLUMNS)).where(chosen).order_by(table.c.person, table.c.run)
    return [msgspec.convert(row, StoredMember, from_attributes=True) for row in db.execute(asked)]


def drop_members_before(db: sa.Connection, at_ms: int, but_runs: Collection[str]) -> int:
    """Forget who was in runs long ago, but for runs that are still to be judged."""
    return db.execute(people.delete(lambda c: (c.at_ms < at_ms) & c.run.not_in(list(but_runs)))).rowcount


def all_running(db: sa.Connection) -> Mapping[Tier, RunningPlan]:
    """All plans that run, by tier."""
    return {
        msgspec.convert(row.tier, Tier): RunningPlan(
            run=row.run, terms=msgspec.json.decode(row.terms, type=PlanTerms), started_ms=row.started_ms
        )
        for row in db.execute(sa.select(plans).order_by(plans.c.tier))
    }
