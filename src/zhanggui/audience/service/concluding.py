"""What the shop concludes of one shopper, for themselves: predictions, groups and plans, worked out as it is asked.

Law: PIPL art. 24 (explanation of automated decisions), art. 44 and 45 (to know and to have a copy); not read here.
Nothing is worked out of whoever refuses personalization or pauses; a plan is told only while they allow its channel.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from zhanggui.audience.tables import plans as plan_tables
from zhanggui.audience.types.conclusions import Conclusion, Conclusions
from zhanggui.audience.types.plans import RunningPlan, Tier
from zhanggui.audience.types.predictions import LATENT_DAYS, Foretold, Kind
from zhanggui.audience.types.profiles import Profile
from zhanggui.audience.words import conclusions as say
from zhanggui.audience.words.learned import SHOWN_TRAITS
from zhanggui.audience.words.plans import CHANNEL_NAMES, tier_name
from zhanggui.audience.words.rules import RuleWords
from zhanggui.kernel.clock import Clock, from_ms
from zhanggui.kernel.db import Database
from zhanggui.kernel.privacy import Purpose
from zhanggui.kernel.words import named

from .learned.desk import LearnedDesk
from .plans.reaching import PlanReaching
from .predictions.desk import Predictions
from .segments.looking import Look, Looking
from .segments.segments import Segments
from .shoppers import Shoppers

MODEL_OF_DAYS: dict[int, Kind] = {7: "buy_7", 30: "buy_30", 90: "stay_90"}
"""Days ahead → the model that foretells a purchase within them."""
AWAY_DAYS = 90
"""Without a purchase for so long somebody stays away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Concluding:
    """Tells a shopper what is concluded of them.

    Args:
        shoppers: closed to whoever pauses.
        figures: how a reader of a language writes amounts and shares.
        currency: the shop's.
    """

    db: Database
    clock: Clock
    shoppers: Shoppers
    looking: Looking
    predictions: Predictions
    segments: Segments
    learned: LearnedDesk
    reaching: PlanReaching
    figures: Callable[[str], say.Figures]
    currency: str

    def of(self, customer_id: str | None = None, visitor_id: str | None = None, *, language: str = "zh") -> Conclusions:
        """All of it; of a browser that is nobody's customer nothing is concluded.

        Raises:
            UnknownShopper: the shop knows nobody of that id.
            NoProfile: they have not allowed personalization, took it back, or pause it.
        """
        with self.db.read() as db:
            subject = self.shoppers.profiled(db, customer_id, visitor_id)
        if customer_id is None:
            return Conclusions(at=self.clock(), items=())
        look = next(self.looking.looks((), among=[subject.number]), None)
        foretold = self.predictions.of(customer_id, language=language)
        items = list(self._foretold(foretold, look.profile, language)) if look is not None else []
        if look is not None:
            items += [*self._ruled(look, language), *self._learned(look, language)]
        items += self._plans(subject.numbers, language)
        return Conclusions(at=self.clock(), items=tuple(items))

    def _foretold(self, told: Foretold, profile: Profile, language: str) -> Iterator[Conclusion]:
        learned_at = {card.kind: card.at for card in self.predictions.serving()}
        within = {one.horizon_days: one for one in told.purchases}
        for days, chance in within.items():
            yield Conclusion(
                kind="purchase",
                key="foretold",
                text=say.said(language, say.PURCHASE, days=days, likely=say.likely(chance.chance, language)),
                why=say.weighed(chance.reasons, language) or _bought(profile, language),
                since=learned_at.get(MODEL_OF_DAYS[days]) or learned_at.get("lifetime"),
            )
        if told.churn is not None and AWAY_DAYS in within:
            yield Conclusion(
                kind="churn",
                key="foretold",
                text=say.said(language, say.CHURN, days=AWAY_DAYS, likely=say.likely(told.churn, language)),
                why=say.weighed(within[AWAY_DAYS].reasons, language, is_turned=True) or _bought(profile, language),
                since=learned_at.get(MODEL_OF_DAYS[AWAY_DAYS]) or learned_at.get("lifetime"),
            )
        yield from self._lifetime(told, profile, language, learned_at.get("lifetime"))
        yield from _categories(told, profile, language, learned_at.get("next_category"))

    def _lifetime(
        self, told: Foretold, profile: Profile, language: str, since: datetime | None
    ) -> Iterator[Conclusion]:
        held, bought = told.lifetime, _bought(profile, language)
        if held is None:
            return
        alive = say.said(language, say.ALIVE, likely=say.likely(held.alive, language))
        yield Conclusion(
            kind="alive",
            key="foretold",
            text=alive,
            why=say.weighed(held.alive_reasons, language) or bought,
            since=since,
        )
        band = say.orders_band(held.orders, language)
        orders = say.said(language, say.ORDERS, days=held.days, band=band)
        yield Conclusion(
            kind="orders",
            key="foretold",
            text=orders,
            why=say.weighed(held.order_reasons, language) or bought,
            since=since,
        )
        if held.value_minor is not None:
            band = say.value_band(held.value_minor, self.currency, self.figures(language), language)
            value = say.said(language, say.VALUE, band=band)
            yield Conclusion(
                kind="value",
                key="foretold",
                text=value,
                why=say.weighed(held.value_reasons, language) or bought,
                since=since,
            )

    def _ruled(self, look: Look, language: str) -> Iterator[Conclusion]:
        rules = RuleWords(language, self.figures(language))
        for segment in self.segments.all():
            if self.segments.is_in(segment, look):
                yield Conclusion(
                    kind="segment",
                    key=f"segment:{segment.id}",
                    name=segment.name,
                    text=say.said(language, say.SEGMENT, name=segment.name),
                    why=(say.said(language, say.RULE, rule=rules.say(segment.rule)),),
                    since=segment.created_at,
                )

    def _learned(self, look: Look, language: str) -> Iterator[Conclusion]:
        found = next((id_ for id_, meant in self.learned.tests().items() if meant(look)), None)
        if found is None:
            return
        segment = self.learned.get(found, language, is_counted=False)
        traits = "、" if language.startswith("zh") else ", "
        common = traits.join(one.text for one in segment.portrait.common[:SHOWN_TRAITS])
        yield Conclusion(
            kind="learned_segment",
            key=f"segment:{found}",
            name=segment.name,
            text=say.said(language, say.LEARNED, name=segment.name),
            why=(say.said(language, say.COMMON, traits=common),) if common else (),
            since=segment.since,
        )

    def _plans(self, numbers: tuple[int, ...], language: str) -> Iterator[Conclusion]:
        with self.db.read() as db:
            plans = {plan.run: (tier, plan) for tier, plan in plan_tables.all_running(db).items()}
            rows = plan_tables.memberships(db, numbers, purpose=Purpose.PERSONALIZATION) if plans else []
        for row in rows:
            if row.run in plans:
                tier, plan = plans[row.run]
                if self.reaching.allowed([row.person], plan.terms.channel):
                    yield self._plan(tier, plan, language, is_reached=row.arm == "reached", at=from_ms(row.at_ms))

    def _plan(self, tier: Tier, plan: RunningPlan, language: str, *, is_reached: bool, at: datetime) -> Conclusion:
        name = tier_name(tier, language)
        channel = say.said(language, CHANNEL_NAMES[plan.terms.channel])
        rule = RuleWords(language, self.figures(language)).say(plan.terms.rule)
        return Conclusion(
            kind="plan",
            key="plans",
            name=name,
            text=say.said(language, say.REACHED if is_reached else say.HELD, name=name, channel=channel),
            why=(say.said(language, say.RULE, rule=rule), say.said(language, say.SAME_PRICE)),
            products=plan.terms.goods if is_reached else (),
            since=at,
        )


def _bought(profile: Profile, language: str) -> tuple[str, ...]:
    idle = round(profile.stage.idle_days)
    return (say.said(language, say.BOUGHT, orders=profile.stage.orders, idle=idle),)


def _categories(told: Foretold, profile: Profile, language: str, since: datetime | None) -> Iterator[Conclusion]:
    own = {one.key: one for one in profile.interests}
    for next_one in told.next_categories:
        interest, name = own.get(next_one.key), named(next_one.category, language)
        bought = interest.purchases if interest is not None else 0
        yield Conclusion(
            kind="next_category",
            key=next_one.key,
            name=name,
            text=say.said(language, say.NEXT, name=name, likely=say.likely(next_one.chance, language)),
            why=(say.said(language, say.OWN_CATEGORY, n=bought) if bought else say.said(language, say.USUAL_CATEGORY),),
            products=interest.products if interest is not None and bought else (),
            since=since,
        )
    for latent in told.latent:
        name = named(latent.category, language)
        yield Conclusion(
            kind="latent",
            key=latent.key,
            name=name,
            text=say.said(
                language, say.LATENT, name=name, days=LATENT_DAYS, likely=say.likely(latent.chance, language)
            ),
            why=(say.said(language, say.NEAR, n=round(latent.strength, 1)),),
            products=latent.because,
            since=since,
        )
