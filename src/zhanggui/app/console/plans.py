"""Plans per tier: what runs for whom, whom it reaches, what earlier ones brought."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from zhanggui.audience import TooFewForPlan
from zhanggui.audience.types.plans import PlanState, TierPlan
from zhanggui.audience.words.plans import CHANNEL_NAMES, MEANINGS, OUTLET_NAMES, SHELF_NAMES, TIER_NAMES
from zhanggui.kernel.words import N_
from zhanggui.shop import OutboxEntry, OutboxState
from zhanggui.trust import Author, Proposal

from .group_words import people_words
from .member_pages import SHOWN_PEOPLE, begins_after
from .plan_tables import batch_table, result_table
from .rule_form import rule_words
from .shell import Console

DONE: Mapping[str, str] = {
    "few": N_("Too few of this tier agreed to be written to: nothing was proposed."),
    "proposed": N_("Proposed. It waits for a decision; nobody is written to before."),
    "sent": N_("Noted: they have been written to."),
}
STATES: Mapping[PlanState, tuple[str, str]] = {
    "takes_in": ("ok", N_("A plan runs")),
    "counts": ("ok", N_("Takes nobody in any more; waits to be judged")),
    "judged": ("", N_("The last plan was judged")),
    "undone": ("warn", N_("The last plan was undone: not judged")),
}
MEASURE = {"scope": "audience:measure"}


@dataclass(frozen=True, slots=True, kw_only=True)
class TierView:
    """One tier in a reader's words; `state` is (tone, words), empty where it never had a plan."""

    plan: TierPlan
    state: tuple[str, str]
    name: str
    meaning: str
    rule: str
    reach: tuple[tuple[str, str], ...]
    facts: tuple[tuple[str, str], ...]


@get("/console/{shop:str}/plans", include_in_schema=False, sync_to_thread=True, opt=MEASURE)
def plans(console: NamedDependency[Console]) -> Response[str]:
    """All tiers, whom their plans reached, and what earlier plans brought."""
    held = console.rooms.audience.plans.all()
    return console.page(
        "audience/plans.html",
        current="segments",
        tiers=[_tier(console, one) for one in held],
        batches=batch_table(console, held),
        results=result_table(console, held),
        may_propose=console.may("trust:propose"),
        may_see=console.may("audience:read"),
        done=DONE.get(console.view.query.get("done", ""), ""),
    )


@get("/console/{shop:str}/plans/batches.csv", include_in_schema=False, sync_to_thread=True, opt=MEASURE)
def batches_csv(console: NamedDependency[Console]) -> Response[bytes]:
    """How many each batch reached, as a file; empty where they are fewer than the floor now."""
    return batch_table(console, console.rooms.audience.plans.all()).file("plan-batches")


@get("/console/{shop:str}/plans/results.csv", include_in_schema=False, sync_to_thread=True, opt=MEASURE)
def results_csv(console: NamedDependency[Console]) -> Response[bytes]:
    """What earlier plans brought, as a file."""
    return result_table(console, console.rooms.audience.plans.all()).file("plan-results")


@post(
    "/console/{shop:str}/plans/{tier:str}/propose",
    include_in_schema=False,
    sync_to_thread=True,
    opt={"scope": "trust:propose", "has_form": True},
)
def propose_plan(console: NamedDependency[Console], form: NamedDependency[Any], tier: FromPath[str]) -> Redirect:
    """Propose a plan for a tier now, and lead to where it is decided."""
    del form  # its token has been verified
    try:
        made = console.rooms.audience.plans.propose(tier)
    except TooFewForPlan:
        return console.go("/plans", done="few")
    return _decided(console, made)


@post(
    "/console/{shop:str}/plans/{tier:str}/stop",
    include_in_schema=False,
    sync_to_thread=True,
    opt={"scope": "trust:propose", "has_form": True},
)
def propose_stop(console: NamedDependency[Console], form: NamedDependency[Any], tier: FromPath[str]) -> Redirect:
    """Propose that the plan of a tier runs no longer, and lead to where it is decided."""
    del form  # its token has been verified
    return _decided(console, console.rooms.audience.plans.propose_stop(tier, Author(name=console.actor)))


def _decided(console: Console, made: Proposal) -> Redirect:
    return console.go(f"/inbox/{made.id}") if console.may("trust:read") else console.go("/plans", done="proposed")


@get(
    "/console/{shop:str}/plans/{tier:str}/{batch:int}",
    include_in_schema=False,
    sync_to_thread=True,
    opt={"scope": "audience:read"},
)
def plan_people(console: NamedDependency[Console], tier: FromPath[str], batch: FromPath[int]) -> Response[str]:
    """Whom a batch reaches at this moment."""
    desk, after = console.rooms.audience.plans, begins_after(console)
    people, held = desk.people(tier, batch, after=after, limit=SHOWN_PEOPLE), desk.of(tier)
    page = console.page(
        "audience/plan_people.html",
        current="segments",
        tier=_tier(console, held),
        batch=batch,
        people=people,
        is_begun=after > 0,
        is_waiting=_waiting(console, held, batch) is not None and console.may("outbox:confirm"),
    )
    page.headers["cache-control"] = "no-store"
    return page


@post(
    "/console/{shop:str}/plans/{tier:str}/{batch:int}/sent",
    include_in_schema=False,
    sync_to_thread=True,
    opt={"scope": "outbox:confirm", "has_form": True},
)
def plan_sent(
    console: NamedDependency[Console], form: NamedDependency[Any], tier: FromPath[str], batch: FromPath[int]
) -> Redirect:
    """A person says that they have written to a batch by hand."""
    del form  # its token has been verified
    entry = _waiting(console, console.rooms.audience.plans.of(tier), batch)
    if entry is not None:
        console.rooms.outbox.confirm(entry.id, console.actor)
    return console.go("/plans", done="sent")


def _waiting(console: Console, held: TierPlan, batch: int) -> OutboxEntry | None:
    """The card of a batch that waits for a person."""
    if held.running is None:
        return None
    cards = console.rooms.outbox.list(limit=200, state=OutboxState.SENT, outlet="by-hand").items
    mine = (card for card in cards if card.reference == held.running.run)
    return next((card for card in mine if card.payload.get("batch") == batch), None)


def _tier(console: Console, plan: TierPlan) -> TierView:
    say = console.view._
    tone, state = STATES.get(plan.state, ("", ""))
    return TierView(
        plan=plan,
        state=(tone, say(state) if state else ""),
        name=say(TIER_NAMES[plan.tier]),
        meaning=say(MEANINGS[plan.tier]),
        rule=rule_words(console).say(plan.rule),
        reach=tuple((say(CHANNEL_NAMES[channel]), _counted(console, n)) for channel, n in plan.reach.items()),
        facts=tuple(_facts(console, plan)),
    )


def _facts(console: Console, plan: TierPlan) -> Iterator[tuple[str, str]]:
    """What runs, in words."""
    if plan.running is None:
        return
    say, f, terms = console.view._, console.view.formats, plan.running.terms
    yield say(N_("What they are told")), terms.words
    yield say(N_("Written to by")), f"{say(CHANNEL_NAMES[terms.channel])}, {say(OUTLET_NAMES[terms.outlet])}"
    if terms.goods:
        with console.rooms.db.read() as db:
            view = console.rooms.live.view(db)
        known = [view.numbers[id_] for id_ in terms.goods if id_ in view.numbers]
        yield say(N_("Goods that are shown")), " \N{MIDDLE DOT} ".join(view.titles(n, f.language) for n in known)
    yield say(N_("Shelf")), say(SHELF_NAMES[terms.shelf])
    yield say(N_("Left alone, to see the effect")), f.percent(terms.held_back, 0)
    yield say(N_("Takes people in until")), f.time(plan.ends_at)
    yield say(N_("Judged from")), f.time(plan.judged_at)


def _counted(console: Console, people: int | None) -> str:
    """With what is counted, where a figure stands in a sentence."""
    return console.view._(N_("%(people)s people")) % {"people": _people(console, people)}


def _people(console: Console, people: int | None) -> str:
    return people_words(console.view, people, console.rooms.audience.plans.planning.floor)


PLAN_ROUTES = (plans, batches_csv, results_csv, propose_plan, propose_stop, plan_people, plan_sent)
