"""What is foretold of one customer, live: their acts of this moment through the models that serve, with reasons.

Only of people who allow personalization now (PIPL art. 24; the text was not read here). Nothing is foretold of how
somebody answers to prices: no type here could hold it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from zhanggui.audience.engines.lifetime.histories import spending_of
from zhanggui.audience.engines.lifetime.lifetime_value import outlook
from zhanggui.audience.engines.propensity.acts import Act, Acts
from zhanggui.audience.engines.propensity.columns import COLUMNS
from zhanggui.audience.engines.propensity.describing import Lifetime, describe
from zhanggui.audience.engines.propensity.latent import latent_interests
from zhanggui.audience.engines.propensity.learning import Propensity
from zhanggui.audience.engines.propensity.rules import lifetime_chances
from zhanggui.audience.ports import LiveView, Tails
from zhanggui.audience.service.profiles.reading import in_force
from zhanggui.audience.service.shoppers import Shoppers
from zhanggui.audience.tables.corrections import FORETOLD, HIDING, corrections_of
from zhanggui.audience.tables.profiles import starts_of
from zhanggui.audience.types.predictions import (
    HORIZONS,
    CategoryChance,
    Chance,
    Foretold,
    Kind,
    LatentInterest,
    LifetimeOutlook,
    Notice,
    PredictionReason,
)
from zhanggui.audience.words.predictions import notice_text, reason_text
from zhanggui.kernel.clock import DAY_MS, Clock, from_ms, to_ms
from zhanggui.kernel.db import Database
from zhanggui.kernel.privacy import Purpose
from zhanggui.kernel.trees import attribute
from zhanggui.shop import CatalogueView

from .categories import Categories, CategoryBook
from .lifetime_reasons import lifetime_reasons
from .plain_models import purchases_of
from .reading import AheadOf, acts_of
from .serving import Serving, ServingModels

LATEST_ACTS = 4_000
OUTLOOK_DAYS = 90
MOST_REASONS, MOST_CATEGORIES, MOST_LATENT = 4, 3, 3
_WHY = Purpose.PERSONALIZATION


@dataclass(frozen=True, slots=True, kw_only=True)
class Foretelling:
    """Foretells one customer at a time; the bulk job foretells all."""

    db: Database
    clock: Clock
    live: LiveView
    shoppers: Shoppers
    tails: Tails
    models: ServingModels
    ahead_of: AheadOf
    book: CategoryBook = field(default_factory=CategoryBook)

    def of(self, customer_id: str, *, language: str = "zh") -> Foretold:
        """Everything that is foretold of a customer now, strongest reasons first.

        Raises:
            UnknownShopper: the shop knows nobody of that id.
            NoProfile: they have not allowed personalization, took it back, or pause it.
        """
        now_ms = to_ms(self.clock())
        ahead = self.ahead_of(now_ms)
        with self.db.read() as db:
            subject = self.shoppers.profiled(db, customer_id)
            number = subject.number
            said = in_force(corrections_of(db, subject.numbers, purpose=_WHY), now_ms)
            hidden = frozenset(one.subject for one in said if one.act in HIDING)
            if FORETOLD in hidden:
                return _muted(customer_id, now_ms, language)
            serving, view = self.models.of(db), self.live.view(db)
            after = starts_of(db, [number], purpose=_WHY).get(number, 0)
            tail = self.tails.tail(db, [number], after, LATEST_ACTS, purpose=_WHY)
            acts = acts_of(number, tail, ahead)
            categories = self.book.of(view, serving.categories)
        today = (now_ms + ahead) // DAY_MS
        models = _Models(
            acts=acts, today=today, serving=serving, categories=categories, hidden=hidden, language=language
        )
        has_bought = bool(np.any(acts.act == Act.PURCHASE))
        notice: Notice = "no_models" if serving.is_empty else "" if has_bought else "has_not_bought"
        return Foretold(
            customer_id=customer_id,
            at=from_ms(now_ms),
            notice=notice,
            text=notice_text(notice, language),
            purchases=tuple(models.chances()) if has_bought else (),
            churn=models.churn() if has_bought else None,
            lifetime=models.outlook() if has_bought else None,
            next_categories=models.next_categories() if has_bought else (),
            latent=models.latent(view),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Models:
    """One customer before the models of one moment."""

    acts: Acts
    today: int
    serving: Serving
    categories: Categories
    hidden: frozenset[str]
    language: str

    def chances(self) -> list[Chance]:
        """Of purchases within each horizon that can be foretold."""
        found = (self._chance(kind, horizon) for kind, horizon in HORIZONS.items())
        return [one for one in found if one is not None]

    def churn(self) -> float | None:
        """The chance of no purchase within 90 days."""
        stay = self._chance("stay_90", HORIZONS["stay_90"])
        return None if stay is None else round(1 - stay.chance, 4)

    def _chance(self, kind: Kind, horizon: int) -> Chance | None:
        lifetime, model = self.serving.lifetime, self.serving.propensities.get(kind)
        row = describe(self.acts, self.today, lifetime, horizon).rows
        if model is None:
            return _by_lifetime(row, horizon, lifetime, self.serving)
        return Chance(
            horizon_days=horizon,
            chance=round(float(model.chances(row)[0]), 4),
            basis="trees",
            model=self.serving.ids[kind],
            reasons=reasons_of(model, row[0], self.language),
        )

    def outlook(self) -> LifetimeOutlook | None:
        """Whether they are still a customer, and what is expected of them."""
        lifetime, bought = self.serving.lifetime, self.acts.of(Act.PURCHASE)
        if lifetime.purchases is None:
            return None
        spending = spending_of(bought.person, bought.day, bought.value, self.today)
        told = outlook(lifetime.purchases, lifetime.values, spending, OUTLOOK_DAYS)
        is_valued = bool(np.isfinite(told.value[0]))
        alive, orders, value = lifetime_reasons(lifetime, self.serving.typical, spending, OUTLOOK_DAYS, self.language)
        return LifetimeOutlook(
            alive=round(float(told.alive[0]), 4),
            days=OUTLOOK_DAYS,
            orders=round(float(told.orders[0]), 4),
            order_value_minor=round(float(told.order_value[0])) if is_valued else None,
            value_minor=round(float(told.value[0])) if is_valued else None,
            alive_reasons=alive,
            order_reasons=orders,
            value_reasons=value if is_valued else (),
        )

    def next_categories(self) -> tuple[CategoryChance, ...]:
        """The likeliest categories of the next purchase."""
        if self.serving.category is None:
            return ()
        bought = purchases_of(self.acts.of(Act.PURCHASE), self.categories)
        chances = self.serving.category.chances(bought.category, bought.day, self.today)
        likeliest = np.argsort(-chances, kind="stable").tolist()
        shown = [place for place in likeliest if self.categories.keys[place] not in self.hidden]
        return tuple(
            CategoryChance(
                category=self.serving.categories[place],
                key=self.categories.keys[place],
                chance=round(float(chances[place]), 4),
            )
            for place in shown[:MOST_CATEGORIES]
        )

    def latent(self, view: CatalogueView) -> tuple[LatentInterest, ...]:
        """Categories they were never seen in, near to what they did."""
        if self.serving.space is None:
            return ()
        place = self.categories.of(self.acts.product)
        unnamed = {int(one) for one in place} | {n for n, key in enumerate(self.categories.keys) if key in self.hidden}
        return tuple(
            LatentInterest(
                category=self.serving.categories[one.category],
                key=self.categories.keys[one.category],
                chance=round(one.chance, 4),
                strength=round(one.strength, 2),
                because=tuple(view.ids[product] for product in one.because if product < view.size),
            )
            for one in latent_interests(self.serving.space, self.acts.product[place >= 0], unnamed, MOST_LATENT)
        )


def _muted(customer_id: str, now_ms: int, language: str) -> Foretold:
    """Of whoever asked that nothing be foretold of them."""
    text = notice_text("muted", language)
    return Foretold(customer_id=customer_id, at=from_ms(now_ms), notice="muted", text=text)


def _by_lifetime(row: np.ndarray, horizon: int, lifetime: Lifetime, serving: Serving) -> Chance | None:
    """BG/NBD alone, where no model of the horizon serves."""
    if lifetime.purchases is None:
        return None
    chance = float(lifetime_chances(row)[0])
    return Chance(horizon_days=horizon, chance=round(chance, 4), basis="lifetime", model=serving.ids["lifetime"])


def reasons_of(model: Propensity, row: np.ndarray, language: str) -> tuple[PredictionReason, ...]:
    """What moves the chance most: exact Shapley values of the trees, in log odds before calibration."""
    effect = attribute(model.trees, row)
    strongest = np.argsort(-np.abs(effect), kind="stable")[:MOST_REASONS].tolist()
    return tuple(
        PredictionReason(
            column=COLUMNS[column],
            value=round(float(row[column]), 4),
            effect=round(float(effect[column]), 4),
            text=reason_text(COLUMNS[column], float(row[column]), language),
        )
        for column in strongest
        if effect[column] != 0
    )
