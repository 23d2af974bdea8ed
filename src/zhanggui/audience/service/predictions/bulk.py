"""Everybody at once: chances of all customers who allow personalization, one row each, for segments and lists."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from zhanggui.audience.engines.lifetime.histories import Doubles, spending_of
from zhanggui.audience.engines.lifetime.lifetime_value import outlook
from zhanggui.audience.engines.propensity.acts import Act, Acts
from zhanggui.audience.engines.propensity.describing import describe
from zhanggui.audience.engines.propensity.rules import lifetime_chances
from zhanggui.audience.errors import NoPredictions
from zhanggui.audience.ports import Customers, PastActs
from zhanggui.audience.service.shoppers import Shoppers, who_muted
from zhanggui.audience.tables import predictions as tables
from zhanggui.audience.tables.corrections import FORETOLD
from zhanggui.audience.tables.predictions import StoredForetold
from zhanggui.audience.types.predictions import HORIZONS, Kind
from zhanggui.kernel.clock import DAY_MS, Clock, to_ms
from zhanggui.kernel.db import Database
from zhanggui.kernel.privacy import Purpose
from zhanggui.kernel.steps import OnStep, quiet

from .reading import AheadOf, past_of
from .serving import Serving, ServingModels

OUTLOOK_DAYS = 90
ROWS = 5_000
_WHY = Purpose.PERSONALIZATION


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulk:
    """Foretells all customers of one shop, and gives the rows of those who still allow it."""

    db: Database
    clock: Clock
    history: PastActs
    customers: Customers
    shoppers: Shoppers
    models: ServingModels
    ahead_of: AheadOf

    def run(self, on_step: OnStep = quiet) -> int:
        """Write a row for everybody who bought and allows it, drop all others; returns how many.

        Raises:
            NoPredictions: no model serves.
        """
        now_ms = to_ms(self.clock())
        ahead = self.ahead_of(now_ms)
        with self.db.read() as db:
            serving, muted = self.models.of(db), who_muted(db, FORETOLD)
        if serving.is_empty:
            raise NoPredictions.yet()
        acts = past_of(self.db, self.history, self.customers, _WHY, ahead).acts
        acts = acts.where(~np.isin(acts.person, sorted(muted)))
        rows = rows_of(acts, (now_ms + ahead) // DAY_MS, serving, now_ms)
        for start in range(0, len(rows), ROWS):
            part = rows[start : start + ROWS]
            self.db.write(lambda db, part=part: tables.put_foretold(db, part))  # type: ignore[misc]
            on_step(start + len(part), len(rows))
        persons = {row.person for row in rows}
        self.db.write(lambda db: tables.drop_others(db, persons, purpose=_WHY))
        return len(rows)

    def rows(self, persons: Collection[int]) -> Mapping[int, StoredForetold]:
        """The last rows of those who allow it now."""
        allowed = self.shoppers.allowed_among(persons, _WHY)
        with self.db.read() as db:
            return tables.foretold_of(db, allowed, purpose=_WHY)


def rows_of(acts: Acts, today: int, serving: Serving, now_ms: int) -> list[StoredForetold]:
    """One row a customer who bought."""
    bought = acts.of(Act.PURCHASE)
    spending = spending_of(bought.person, bought.day, bought.value, today)
    persons = spending.persons
    chances = {kind: _chances(acts, today, serving, kind) for kind in HORIZONS}
    nothing = np.full(len(persons), np.nan)
    alive = orders = value = nothing
    if serving.lifetime.purchases is not None and len(persons):
        told = outlook(serving.lifetime.purchases, serving.lifetime.values, spending, OUTLOOK_DAYS)
        alive, orders, value = told.alive, told.orders, told.value
    churn = 1 - chances["stay_90"]
    return [
        StoredForetold(
            person=person,
            at_ms=now_ms,
            buy_7=_or_none(chances["buy_7"][place]),
            buy_30=_or_none(chances["buy_30"][place]),
            churn=_or_none(churn[place]),
            alive=_or_none(alive[place]),
            orders_90=_or_none(orders[place]),
            value_90_minor=round(float(value[place])) if np.isfinite(value[place]) else None,
        )
        for place, person in enumerate(persons.tolist())
    ]


def _chances(acts: Acts, today: int, serving: Serving, kind: Kind) -> Doubles:
    described = describe(acts, today, serving.lifetime, HORIZONS[kind])
    model = serving.propensities.get(kind)
    if model is not None:
        return model.chances(described.rows)
    if serving.lifetime.purchases is not None:
        return lifetime_chances(described.rows)
    return np.full(len(described.persons), np.nan)


def _or_none(value: float) -> float | None:
    return None if np.isnan(value) else round(float(value), 6)
