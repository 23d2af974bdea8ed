"""Looks at the tiers, and proposes a plan for those that have none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec
import numpy as np

from zhanggui.audience.engines.denied import Shield
from zhanggui.audience.engines.plans.past import Acts, goods_taken, past_case, stood_in, together
from zhanggui.audience.engines.plans.planning import best_channel, is_worth_planning, terms_of
from zhanggui.audience.engines.plans.tiers import LOOKED_DAYS, RULES, WITHIN_DAYS
from zhanggui.audience.engines.propensity.acts import Act
from zhanggui.audience.errors import TooFewForPlan, UnknownTier
from zhanggui.audience.ports import Customers, LiveView, PastActs, PlaceBids, ProposalDesk
from zhanggui.audience.service.predictions.reading import past_of
from zhanggui.audience.tables import plans as tables
from zhanggui.audience.types.plans import TIERS, PlanTerms, RunPlan, Seen, Tier
from zhanggui.kernel.clock import DAY_MS, Clock, to_ms
from zhanggui.kernel.db import Database
from zhanggui.kernel.ids import new_id
from zhanggui.kernel.privacy import Purpose
from zhanggui.shop import EVENT_NUMBERS, EventName
from zhanggui.trust import Author, Effect, FactRef, Proposal, ProposalDraft, ProposalState, Rationale

from .checks import HeldPlan
from .kind import NAME, effect_of
from .reaching import PlanReaching, Standing

AUTHOR = Author(kind="rules", name="tier_plans", version="1")
_BOUGHT = EVENT_NUMBERS[EventName.PURCHASE]
SAMPLE = 2_000
"""People that are looked at while somebody waits; the daily job looks at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanPlanning:
    """Makes plans.

    Attributes:
        history: what people did, of those who allow what it is read for.
        message: what people of a tier are told, in the shop's language.
        floor: fewer people than this are never counted out, nor written to.
    """

    db: Database
    clock: Clock
    live: LiveView
    reaching: PlanReaching
    history: PastActs
    customers: Customers
    desk: ProposalDesk
    places: PlaceBids
    message: Callable[[Tier], str]
    currency: str
    floor: int
    make_id: Callable[[], str] = new_id

    def standing(self, most: int | None = None, tiers: Sequence[Tier] = TIERS) -> Standing:
        """Who stands in each tier now.

        Args:
            most: look at so many people at most; None at all.
            tiers: which are asked for.
        """
        rules: dict[str, str] = {tier: RULES[tier] for tier in tiers}
        return self.reaching.standing(rules, most)

    def look(self, fitting: Standing, tiers: Sequence[Tier] = TIERS) -> list[Seen]:
        """Count who stands in these tiers and may be reached, and keep the counts."""
        now = self.clock()
        acts = self._acts(now, tiers)
        seen = []
        for tier in tiers:
            people, within = fitting.people[tier], WITHIN_DAYS[tier]
            until_ms = to_ms(now)
            since_ms = until_ms - within * DAY_MS
            stood = stood_in(acts, tier, since_ms)
            case = past_case(acts, stood, since_ms, until_ms) if len(stood) >= self.floor else None
            seen.append(
                Seen(
                    tier=tier,
                    rule=RULES[tier],
                    at=now,
                    reach=self.reaching.by_channel(people, within),
                    floor=self.floor,
                    is_sample=fitting.is_sample,
                    past=case,
                    goods=self._goods(acts, stood, since_ms, until_ms),
                )
            )
        self.db.write(lambda db: tables.put_seen(db, seen))
        return seen

    def propose(self, tier: Tier) -> Proposal:
        """Look at a tier, and propose a plan for it at once; somebody asked for it.

        Raises:
            TooFewForPlan: too few of the tier may be written to.
        """
        [seen] = self.look(self.standing(SAMPLE, (tier,)), (tier,))
        if not is_worth_planning(seen):
            raise TooFewForPlan(
                f"Fewer than {2 * self.floor} of this tier may be written to by any one channel.",
                hint="Ask more of them whether they agree to be written to; each way is asked for by itself.",
            )
        return self.desk.propose([self._draft(seen)])[0]

    def propose_stop(self, tier: Tier, author: Author) -> Proposal:
        """Propose that the plan of a tier runs no longer: the way back for one that was restored from an export.

        Raises:
            UnknownTier: none runs for it.
        """
        with self.db.read() as db:
            plan = tables.running(db, tier)
        if plan is None:
            raise UnknownTier(f"No plan runs for the tier {tier!r}.", hint="See which run first.")
        draft = ProposalDraft(
            kind=NAME,
            subject=tier,
            change=msgspec.to_builtins(RunPlan(run=plan.run)),
            reason=Rationale(code="tier_plan_stop"),
            author=author,
            evidence=(FactRef(kind="tier", ref=tier),),
            effect=Effect(why_unknown="plan_stops"),
        )
        return self.desk.propose([draft])[0]

    def bid(self, standing: Standing) -> int:
        """Let plans for tiers without one compete for a place in the inbox; returns how many."""
        wanted = [seen for seen in self.look(standing) if is_worth_planning(seen) and not self._is_busy(seen.tier)]
        drafts = [self._draft(seen) for seen in wanted]
        if drafts:
            self.places.bid(drafts)
        return len(drafts)

    def _is_busy(self, tier: Tier) -> bool:
        """Whether a plan runs, waits to be judged, or waits for a decision."""
        with self.db.read() as db:
            held = tables.running(db, tier)
            results = tables.results_of(db, tier)
        if held is not None and held.run not in {one.run for one in results}:
            return True
        return bool(self.desk.list(kind=NAME, subject=tier, state=ProposalState.PROPOSED, limit=1).items)

    def _draft(self, seen: Seen) -> ProposalDraft:
        terms = terms_of(seen, self.message(seen.tier), self.currency)
        with self.db.read() as db:
            held = HeldPlan(
                tier=seen.tier,
                running=tables.running(db, seen.tier),
                seen=seen,
                results=tables.results_of(db, seen.tier),
            )
        effect, is_measured = effect_of(held, terms)
        return ProposalDraft(
            kind=NAME,
            subject=seen.tier,
            change=msgspec.to_builtins(RunPlan(run=self.make_id(), terms=terms)),
            reason=_reason(seen, terms, is_measured=is_measured),
            author=AUTHOR,
            evidence=(FactRef(kind="tier", ref=seen.tier), *(FactRef(kind="product", ref=id_) for id_ in seen.goods)),
            effect=effect,
        )

    def _acts(self, now: datetime, tiers: Sequence[Tier]) -> Acts:
        """What customers who allow analytics did, as far as these tiers look at it: purchases, and lately all."""
        found = [self._read(kind=_BOUGHT)]
        if "convert" in tiers:
            lately = self._read(since=now - timedelta(days=WITHIN_DAYS["convert"] + LOOKED_DAYS))
            found.append(lately.only(~lately.is_purchase))
        return together(found)

    def _read(self, *, since: datetime | None = None, kind: int | None = None) -> Acts:
        past = past_of(self.db, self.history, self.customers, Purpose.ANALYTICS, 0, since=since, kind=kind)
        return Acts(
            person=past.acts.person,
            at_ms=past.at_ms,
            product=past.acts.product,
            value_minor=past.acts.value.astype(np.int64),
            is_purchase=past.acts.act == Act.PURCHASE,
        )

    def _goods(self, acts: Acts, people: set[int], since_ms: int, until_ms: int) -> tuple[str, ...]:
        """What buyers of a tier took, as far as it is sold now and says nothing that may not be said of people."""
        with self.db.read() as db:
            view = self.live.view(db)
        good = self.reaching.looking.profiles.goods.of(view)

        def is_shown(number: int) -> bool:
            found = good(number)
            return found is not None and found.shield is Shield.OPEN and bool(view.is_sellable[number])

        bought: Sequence[int] = np.unique(acts.product[acts.is_purchase & (acts.at_ms >= since_ms)]).tolist()
        hidden = {number for number in bought if not is_shown(number)}
        taken = goods_taken(acts, people, since_ms, until_ms, floor=self.floor, but=hidden)
        return tuple(view.ids[number] for number in taken)


def _reason(seen: Seen, terms: PlanTerms, *, is_measured: bool) -> Rationale:
    params = {
        "people": str(seen.reach[best_channel(seen)]),
        "held_back": f"{terms.held_back:.0%}",
        "within_days": str(terms.within_days),
        "cost_minor": str(terms.budget_minor),
        "currency": terms.currency,
    }
    if seen.past is not None and seen.past.buyers >= seen.floor:
        params["share"] = f"{seen.past.buyers / seen.past.people:.1%}"
        return Rationale(code="tier_plan_measured" if is_measured else "tier_plan", params=params)
    return Rationale(code="tier_plan_new", params=params)
