"""The kind of proposal `audience.run_plan`: let a plan run for a tier, or none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
import sqlalchemy as sa

from zhanggui.audience.engines.denied import shield_of
from zhanggui.audience.engines.plans.expecting import expected, reachable
from zhanggui.audience.tables import plans as tables
from zhanggui.audience.types.plans import TIERS, Ending, PlanResult, PlanTerms, RunningPlan, RunPlan, Tier
from zhanggui.kernel.clock import from_ms
from zhanggui.kernel.jobs import enqueue
from zhanggui.kernel.privacy import Duty
from zhanggui.shop import Card, HeldProduct, held_product
from zhanggui.trust import Effect, ProposalKind, Rationale

from .checks import CHECKS, HeldPlan, PlanGood
from .showing import PAGE

NAME = "audience.run_plan"
ENROL = "audience.plans.enrol"


class EnrolPlan(msgspec.Struct, frozen=True):
    """Take people into the plan that runs for a tier."""

    tier: str


def _read(db: sa.Connection, subject: str) -> HeldPlan | None:
    if subject not in TIERS:
        return None
    return HeldPlan(
        tier=subject,
        running=tables.running(db, subject),
        seen=tables.seen(db, subject),
        results=tables.results_of(db, subject),
    )


def _look(db: sa.Connection, change: RunPlan, held: HeldPlan) -> HeldPlan:
    """With the goods that the plan names, as the shop has them now: an edit may have put in anything."""
    goods = () if change.terms is None else change.terms.goods
    found = {id_: held_product(db, id_) for id_ in goods}
    return msgspec.structs.replace(held, goods={id_: _good(one) for id_, one in found.items() if one is not None})


def _good(held: HeldProduct) -> PlanGood:
    product = held.product
    titles = [text.title for text in product.texts.values()]
    values = [value for text in product.texts.values() for value in text.attributes.values()]
    shield = shield_of(*titles, *product.category, product.brand, *product.keywords, *values)
    return PlanGood(titles[0] if titles else product.id, held.is_sold, shield)


def _watched(held: HeldPlan, _change: RunPlan) -> object:
    return None if held.running is None else [held.running.run, held.running.started_ms]


def _apply(db: sa.Connection, subject: str, change: RunPlan, now_ms: int) -> None:
    is_new, before = change.terms is not None and change.started_ms is None, tables.running(db, subject)
    if before is not None:
        _end(db, subject, before, now_ms, "replaced" if is_new else "undone")
    if change.terms is None:
        tables.drop_running(db, subject)
        return
    started_ms = now_ms if change.started_ms is None else change.started_ms
    tables.put_running(db, subject, RunningPlan(run=change.run, terms=change.terms, started_ms=started_ms))
    if is_new:
        enqueue(db, ENROL, EnrolPlan(subject), dedupe_key=subject)
        return
    held = tables.result(db, change.run)
    if held is not None and held.ended != "judged":  # it runs again, so it has its day after all
        tables.drop_result(db, change.run)


def _end(db: sa.Connection, tier: str, plan: RunningPlan, now_ms: int, ended: Ending) -> None:
    """Say of a run that took people in why it is not judged; one that was judged stays so."""
    if tables.result(db, plan.run) is None and tables.members_of(db, plan.run, purpose=Duty.UPKEEP):
        at, channel = from_ms(now_ms), plan.terms.channel
        told = PlanResult(run=plan.run, tier=msgspec.convert(tier, Tier), at=at, channel=channel, ended=ended)
        tables.put_result(db, told)


def _invert(before: HeldPlan, change: RunPlan, _now_ms: int) -> RunPlan:
    held = before.running
    if held is None:
        return RunPlan(run=change.run)
    return RunPlan(run=held.run, terms=held.terms, started_ms=held.started_ms)


def _card(subject: str, change: RunPlan) -> Card:
    return Card(code="stop_plan" if change.terms is None else "run_plan", params={"tier": subject})


def effect_of(held: HeldPlan, terms: PlanTerms) -> tuple[Effect, bool]:
    """What a plan should bring by the tier as it was last seen, and whether the gain in it was measured."""
    if held.seen is None:
        return Effect(why_unknown="plan_past_too_small"), False
    reach = held.seen.reach.get(terms.channel, 0)
    reached = reachable(reach, terms.held_back, terms.cost_each_minor, terms.budget_minor)
    found = expected(held.seen.past, held.results, reached, terms.cost_each_minor)
    if found is None:
        return Effect(why_unknown="plan_past_too_small"), False
    effect = Effect(
        amount_minor=found.likely_minor,
        low_minor=min(found.low_minor, found.likely_minor),
        high_minor=max(found.high_minor, found.likely_minor),
        currency=terms.currency,
    )
    return effect, found.is_measured


def _estimate(_reason: Rationale, change: RunPlan, before: HeldPlan) -> Effect | None:
    return None if change.terms is None else effect_of(before, change.terms)[0]


RUN_PLAN: ProposalKind[RunPlan, HeldPlan] = ProposalKind(
    name=NAME,
    change=RunPlan,
    read=_read,
    watched=_watched,
    apply=_apply,
    invert=_invert,
    card=_card,
    page=PAGE,
    estimate=_estimate,
    checks=CHECKS,
    look=_look,
)


def audience_kinds() -> Mapping[str, ProposalKind[Any, Any]]:
    """The kinds of this room by name, ready to be joined with those of others."""
    return {RUN_PLAN.name: RUN_PLAN}
