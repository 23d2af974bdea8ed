"""Tables of plans: whom the running ones reached, what earlier ones brought. None tells fewer than the floor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from zhanggui.app.web.listed import Field, Listed, figure, unseen
from zhanggui.app.web.tables import Column
from zhanggui.audience.types.plans import Batch, Ending, PlanResult, Tier, TierPlan
from zhanggui.audience.words.plans import CHANNEL_NAMES, TIER_NAMES
from zhanggui.kernel.words import N_

from .group_words import people_words
from .shell import Console

ENDED: Mapping[Ending, str] = {
    "undone": N_("Undone before its day: not judged"),
    "replaced": N_("Replaced before its day: not judged"),
}
PATH = "/plans"


@dataclass(frozen=True, slots=True)
class Reached:
    """A batch, with the tier that it belongs to."""

    tier: Tier
    batch: Batch


def batch_table(console: Console, plans: Sequence[TierPlan]) -> Listed[Reached]:
    """Who was reached by the plans that run, batch by batch."""
    say, f = console.view._, console.view.formats

    def people(one: Reached) -> str:
        return people_words(console.view, one.batch.people, console.rooms.audience.plans.planning.floor)

    def tier(one: Reached) -> str:
        return say(TIER_NAMES[one.tier])

    fields: tuple[Field[Reached], ...] = (
        Field(Column("plan", say(N_("Plan"))), lambda one: one.tier, tier, tier),
        figure("batch", say(N_("Batch")), lambda one: one.batch.number, lambda one: f.number(one.batch.number)),
        Field(Column("at", say(N_("When"))), lambda one: f.iso(one.batch.at), lambda one: f.time(one.batch.at)),
        figure("customers", say(N_("Customers")), lambda one: one.batch.people, people),
    )
    return console.table(PATH, "batch-").listed(
        [Reached(plan.tier, batch) for plan in plans for batch in plan.batches],
        fields,
        title=say(N_("Who was reached")),
        search=say(N_("Plan or day")),
        nothing=say(N_("Nobody yet: approve a plan, and those it takes in stand here.")),
        file=f"{console.base}{PATH}/batches.csv",
    )


def result_table(console: Console, plans: Sequence[TierPlan]) -> Listed[PlanResult]:
    """What plans brought that are over, newest first."""
    say, f = console.view._, console.view.formats

    def tier(one: PlanResult) -> str:
        return say(TIER_NAMES[one.tier])

    fields: tuple[Field[PlanResult], ...] = (
        Field(Column("plan", say(N_("Plan"))), lambda one: one.tier, tier, tier),
        Field(Column("at", say(N_("When"))), lambda one: f.iso(one.at), lambda one: f.time(one.at)),
        Field(
            Column("gain", say(N_("What it brought"))),
            lambda one: one.gain if _is_told(one) else None,
            lambda one: "\n".join(filter(None, told(console, one))),
        ),
        unseen("low", lambda one: one.low if _is_told(one) else None),
        unseen("high", lambda one: one.high if _is_told(one) else None),
        unseen("reached", lambda one: one.reached.people if one.reached else None),
        unseen("held_back", lambda one: one.held.people if one.held else None),
        unseen("channel", lambda one: one.channel),
        unseen("ended", lambda one: one.ended),
    )
    results = sorted((one for plan in plans for one in plan.results), key=lambda one: one.at, reverse=True)
    return console.table(PATH, "result-").listed(
        results,
        fields,
        title=say(N_("What earlier plans brought")),
        search=say(N_("Plan or day")),
        nothing=say(N_("No plan is over yet: each is judged once its days have passed.")),
        file=f"{console.base}{PATH}/results.csv",
        words=lambda one: (tier(one), f.time(one.at), *told(console, one), say(CHANNEL_NAMES[one.channel])),
    )


def _is_told(one: PlanResult) -> bool:
    return one.ended not in ENDED and one.reached is not None and one.held is not None


def told(console: Console, one: PlanResult) -> tuple[str, str]:
    """What a run brought, and how many people that rests on; the second is empty where nothing may be told."""
    say, f = console.view._, console.view.formats
    if one.ended in ENDED:
        return say(ENDED[one.ended]), ""
    if one.reached is None or one.held is None:
        return say(N_("Too few to tell")), ""
    gain = say(N_("%(gain)s points more buyers (95%%: %(low)s to %(high)s)"))
    points = {
        name: f.number(100 * value, 1) for name, value in (("gain", one.gain), ("low", one.low), ("high", one.high))
    }
    arms = say(N_("%(reached)s were written to, %(held)s were left alone"))
    counts = {"reached": f.number(one.reached.people), "held": f.number(one.held.people)}
    return gain % points, arms % counts
