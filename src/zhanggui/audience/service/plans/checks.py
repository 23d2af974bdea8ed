"""What a plan must pass before anybody may approve it.

Law: PIPL art. 13 and 14 (consent, by channel), 24 (no price of one's own; marketing may be refused), 电子商务法
art. 18; cited by number, not read here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from zhanggui.audience.engines.denied import Shield
from zhanggui.audience.engines.plans.expecting import reachable
from zhanggui.audience.engines.plans.one_price import own_prices
from zhanggui.audience.engines.plans.planning import best_channel
from zhanggui.audience.types.plans import PlanResult, PlanTerms, RunningPlan, RunPlan, Seen
from zhanggui.trust import LISTED, CheckContext, Cure, Finding, Level

LEAST_REST_DAYS = 14
LEAST_HELD = 50
"""Fewer held back show only very large effects."""


class PlanGood(msgspec.Struct, frozen=True):
    """A product that a plan names: what it is called, whether it can be bought, how far its events may speak."""

    title: str
    is_sold: bool
    shield: Shield


class HeldPlan(msgspec.Struct, frozen=True, kw_only=True):
    """A tier as a proposal finds it: the plan that runs, how the tier was last seen, what earlier runs brought.

    `goods` are those that a plan names, by id, as far as the shop has them.
    """

    tier: str
    running: RunningPlan | None
    seen: Seen | None
    results: list[PlanResult]
    goods: dict[str, PlanGood] = {}


Context = CheckContext[RunPlan, HeldPlan]


def _with_terms(
    check: Callable[[RunPlan, PlanTerms, Seen], Sequence[Finding]],
) -> Callable[[Context], Sequence[Finding]]:
    """Checks look at a plan of a tier that was looked at; `is_counted` speaks of all others."""

    def run(context: Context) -> Sequence[Finding]:
        terms, seen = context.change.terms, context.before.seen
        return [] if terms is None or seen is None else check(context.change, terms, seen)

    return run


def mended(change: RunPlan, **values: object) -> dict[str, object]:
    """The change with some of its terms put right."""
    assert change.terms is not None
    terms = msgspec.structs.replace(change.terms, **values)
    return msgspec.to_builtins(msgspec.structs.replace(change, terms=terms))  # type: ignore[no-any-return]


def is_counted(context: Context) -> Sequence[Finding]:
    """The plan is for the tier itself, and the tier was looked at: nobody else's rule comes in by an edit."""
    terms, seen = context.change.terms, context.before.seen
    if terms is None:
        return []
    if seen is None:
        cure = Cure(code="look_at_the_tier")
        return [Finding(rule="plan.is_counted", level=Level.BLOCK, place="terms.rule", cure=cure)]
    if terms.rule == seen.rule:
        return [Finding(rule="plan.is_counted", level=Level.PASS, place="terms.rule")]
    cure = Cure(code="rule_of_the_tier", change=mended(context.change, rule=seen.rule))
    return [Finding(rule="plan.is_counted", level=Level.BLOCK, place="terms.rule", cure=cure)]


def _has_consent(change: RunPlan, terms: PlanTerms, seen: Seen) -> Sequence[Finding]:
    if seen.reach.get(terms.channel, 0) >= seen.floor:
        return [Finding(rule="plan.has_consent", level=Level.PASS, place="terms.channel")]
    best = best_channel(seen)
    is_better = best != terms.channel and seen.reach.get(best, 0) >= seen.floor
    cure = Cure(code="other_channel", change=mended(change, channel=best)) if is_better else Cure(code="ask_consent")
    params = {"floor": str(seen.floor)}
    return [Finding(rule="plan.has_consent", level=Level.BLOCK, place="terms.channel", params=params, cure=cure)]


def _has_enough(_change: RunPlan, terms: PlanTerms, seen: Seen) -> Sequence[Finding]:
    reach = seen.reach.get(terms.channel, 0)
    reached = reachable(reach, terms.held_back, terms.cost_each_minor, terms.budget_minor)
    params = {"floor": str(seen.floor)}
    level = Level.PASS if reached >= seen.floor else Level.BLOCK
    cure = None if level is Level.PASS else Cure(code="reach_more", params=params)
    return [Finding(rule="plan.has_enough", level=level, place="terms.held_back", params=params, cure=cure)]


def _can_be_judged(change: RunPlan, terms: PlanTerms, seen: Seen) -> Sequence[Finding]:
    held = round(seen.reach.get(terms.channel, 0) * terms.held_back)
    level = Level.PASS if held >= LEAST_HELD else Level.WARN if held >= seen.floor else Level.BLOCK
    mend = mended(change, held_back=0.5) if terms.held_back < 0.5 else None
    cure = None if level is Level.PASS else Cure(code="hold_back_half", change=mend)
    return [Finding(rule="plan.can_be_judged", level=level, place="terms.held_back", cure=cure)]


def _has_one_price(_change: RunPlan, terms: PlanTerms, _seen: Seen) -> Sequence[Finding]:
    found = own_prices(terms.words)
    if not found:
        return [Finding(rule="plan.has_one_price", level=Level.PASS, place="terms.words")]
    params = {"words": found[0]}
    cure = Cure(code="say_no_price", params=params)
    return [Finding(rule="plan.has_one_price", level=Level.BLOCK, place="terms.words", params=params, cure=cure)]


def _keeps_to_budget(change: RunPlan, terms: PlanTerms, seen: Seen) -> Sequence[Finding]:
    wanted = reachable(seen.reach.get(terms.channel, 0), terms.held_back, 0, 0) * terms.cost_each_minor
    if wanted <= terms.budget_minor:
        return [Finding(rule="plan.keeps_to_budget", level=Level.PASS, place="terms.budget_minor")]
    params = {"wanted_minor": str(wanted), "budget_minor": str(terms.budget_minor), "currency": terms.currency}
    cure = Cure(code="raise_budget", params=params, change=mended(change, budget_minor=wanted))
    place = "terms.budget_minor"
    return [Finding(rule="plan.keeps_to_budget", level=Level.WARN, place=place, params=params, cure=cure)]


def _is_seldom(change: RunPlan, terms: PlanTerms, _seen: Seen) -> Sequence[Finding]:
    params = {"days": str(terms.rest_days), "least": str(LEAST_REST_DAYS)}
    if terms.rest_days >= LEAST_REST_DAYS:
        return [Finding(rule="plan.is_seldom", level=Level.PASS, place="terms.rest_days", params=params)]
    cure = Cure(code="rest_longer", params=params, change=mended(change, rest_days=LEAST_REST_DAYS))
    return [Finding(rule="plan.is_seldom", level=Level.BLOCK, place="terms.rest_days", params=params, cure=cure)]


def are_sold(context: Context) -> Sequence[Finding]:
    """What the plan shows can be bought: the shop has it, it is for sale, and not sold out."""

    def is_wrong(id_: str) -> bool:
        held = context.before.goods.get(id_)
        return held is None or not held.is_sold

    return _of_goods(context, "plan.goods_are_sold", is_wrong)


def tell_nothing(context: Context) -> Sequence[Finding]:
    """What the plan shows says nothing that may be inferred of nobody: a tier is no place for a child's food or a pill.

    Law: PIPL art. 28 to 31; cited by number, not read here.
    """

    def is_wrong(id_: str) -> bool:
        held = context.before.goods.get(id_)
        return held is not None and held.shield is not Shield.OPEN

    return _of_goods(context, "plan.goods_tell_nothing", is_wrong)


def _of_goods(context: Context, rule: str, is_wrong: Callable[[str], bool]) -> Sequence[Finding]:
    terms, goods = context.change.terms, context.before.goods
    if terms is None or not terms.goods:
        return []
    wrong = [id_ for id_ in terms.goods if is_wrong(id_)]
    if not wrong:
        return [Finding(rule=rule, level=Level.PASS, place="terms.goods")]
    left = tuple(id_ for id_ in terms.goods if id_ not in wrong)
    params = {"goods": LISTED.join(goods[id_].title if id_ in goods else id_ for id_ in wrong)}
    cure = Cure(code="leave_goods_out", params=params, change=mended(context.change, goods=left))
    return [Finding(rule=rule, level=Level.BLOCK, place="terms.goods", params=params, cure=cure)]


has_consent = _with_terms(_has_consent)
has_enough = _with_terms(_has_enough)
can_be_judged = _with_terms(_can_be_judged)
has_one_price = _with_terms(_has_one_price)
keeps_to_budget = _with_terms(_keeps_to_budget)
is_seldom = _with_terms(_is_seldom)
CHECKS = (
    is_counted,
    has_consent,
    has_enough,
    can_be_judged,
    has_one_price,
    are_sold,
    tell_nothing,
    keeps_to_budget,
    is_seldom,
)
"""All, in the order in which a person should look at them."""
