"""What is foreseen of customers for who ranks goods: as they stand, and as they stood at moments of the past.

Three numbers each: the logarithm of 1 + what they may spend in 90 days, the chance that they are still a customer, and
where in the shop's prices they buy: the share of customers who usually spend less an order. All of them rest on what
was bought and when, and on nothing else.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import sqlalchemy as sa

from zhanggui.audience.engines.lifetime.gamma_gamma import GammaGamma
from zhanggui.audience.engines.lifetime.histories import Doubles, Ints, spending_of
from zhanggui.audience.engines.lifetime.lifetime_value import outlook
from zhanggui.audience.engines.propensity.acts import Act, Acts
from zhanggui.audience.engines.propensity.describing import Lifetime, fit_lifetime
from zhanggui.audience.ports import Customers, LiveView, PastActs
from zhanggui.audience.tables import predictions as tables
from zhanggui.kernel.clock import DAY_MS, Clock, to_ms
from zhanggui.kernel.datasheets import DataGate
from zhanggui.kernel.db import Database
from zhanggui.kernel.privacy import Purpose

from .bulk import OUTLOOK_DAYS
from .data_gate import passed
from .plain_models import LEAST_BACK, LEAST_CUSTOMERS
from .reading import AheadOf, past_of
from .serving import NOTHING, ServingModels

GATED = "outlooks"
"""The training set, as the gate calls it."""
WEEK, MONTH = 7, 28
"""Days: customers are looked at as of the end of a week, by models of the end of a month."""
Foreseen = tuple[float, float, float]


class Outlooks:
    """Foresees customers of one shop. Whether they may be known at all, the caller has asked.

    Args:
        db: the shop's store.
        clock: gives the present moment.
        history: behaviour that may be learned from.
        customers: who is one.
        models: those that serve.
        ahead_of: what the shop's clock shows more than UTC.
        live: the catalogue.
        data_gate: looks at what models of the past are fitted on; where it does not pass, nothing is foreseen of then.
    """

    def __init__(
        self,
        *,
        db: Database,
        clock: Clock,
        history: PastActs,
        customers: Customers,
        models: ServingModels,
        ahead_of: AheadOf,
        live: LiveView,
        data_gate: DataGate,
    ) -> None:
        self._db, self._clock, self._history, self._customers = db, clock, history, customers
        self._models, self._ahead_of = models, ahead_of
        self._live, self._data_gate = live, data_gate
        self._spending: tuple[int, GammaGamma | None] = (-1, None)

    def now(self, db: sa.Connection, person: int) -> Foreseen | tuple[()]:
        """As the last daily job foretold it; nothing where it did not."""
        row = tables.outlook_of(db, person, purpose=Purpose.PERSONALIZATION)
        if row is None or row.alive is None:
            return ()
        if self._spending[0] != row.at_ms:  # all rows of a job have its moment, and rest on the models of then
            self._spending = (row.at_ms, self._models.of(db).lifetime.values)
        value = row.value_90_minor or 0
        each = value / row.orders_90 if row.orders_90 else 0.0
        return math.log1p(max(value, 0)), row.alive, float(levels(self._spending[1], np.array([each]))[0])

    def past(self) -> PastOutlooks:
        """Everything that may be learned from, as it is at this moment; read when it is first asked."""
        ahead = self._ahead_of(to_ms(self._clock()))

        def bought() -> Acts:
            past = past_of(self._db, self._history, self._customers, Purpose.TRAINING, ahead)
            with self._db.read() as db:
                view = self._live.view(db)
            past, sheet = passed(self._data_gate, past, view, kind=GATED)
            acts = past.acts.of(Act.PURCHASE)
            return acts.where(np.zeros(len(acts.person), dtype=np.bool_)) if sheet.reason else acts

        return PastOutlooks(bought, ahead)


@dataclass(frozen=True, slots=True)
class _Week:
    """Customers as they stood at its beginning: (n,) ascending, and (n, 3)."""

    persons: Ints
    told: Doubles


class PastOutlooks:
    """Foresees from purchases before the week of a moment, by models fitted on what was before its month."""

    def __init__(self, bought: Callable[[], Acts], ahead_ms: int) -> None:
        self._read, self._ahead_ms = bought, ahead_ms
        self._bought: Acts | None = None
        self._weeks: dict[int, _Week] = {}
        self._models: dict[int, Lifetime] = {}

    def then(self, person: int, at_ms: int) -> Foreseen | tuple[()]:
        """As they stood at a moment; nothing where too few had come back by then, or they had not bought."""
        day = (at_ms + self._ahead_ms) // DAY_MS
        week = self._week(day // WEEK * WEEK - 1)
        place = int(np.searchsorted(week.persons, person))
        if place == len(week.persons) or week.persons[place] != person:
            return ()
        value, alive, level = week.told[place].tolist()
        return value, alive, level

    def _week(self, until_day: int) -> _Week:
        held = self._weeks.get(until_day)
        if held is None:
            held = self._weeks[until_day] = self._looked(until_day)
        return held

    def _looked(self, until_day: int) -> _Week:
        if self._bought is None:
            self._bought = self._read()
        bought = self._bought.until(until_day)
        models = self._models_of((until_day + 1) // MONTH * MONTH - 1)
        if models.purchases is None:
            return _Week(np.zeros(0, dtype=np.int64), np.zeros((0, 3)))
        spending = spending_of(bought.person, bought.day, bought.value, until_day)
        told = outlook(models.purchases, models.values, spending, OUTLOOK_DAYS)
        value = np.log1p(np.maximum(np.nan_to_num(told.value), 0.0))
        return _Week(
            spending.persons,
            np.column_stack([value, told.alive, levels(models.values, np.nan_to_num(told.order_value))]),
        )

    def _models_of(self, until_day: int) -> Lifetime:
        held = self._models.get(until_day)
        if held is None:
            assert self._bought is not None
            bought = self._bought.until(until_day)
            spending = spending_of(bought.person, bought.day, bought.value, until_day)
            came_back = int((spending.histories.frequency > 0).sum())
            is_enough = len(spending.persons) >= LEAST_CUSTOMERS and came_back >= LEAST_BACK
            held = self._models[until_day] = fit_lifetime(bought, until_day) if is_enough else NOTHING
        return held


def levels(values: GammaGamma | None, each: Doubles) -> Doubles:
    """(n,) the share of customers whose orders are usually worth less than `each` (n,) by the model; 0 for unknown."""
    from scipy.special import gammaincc

    told = np.zeros(len(each))
    known = each > 0
    if values is not None:
        told[known] = gammaincc(values.q, values.p * values.gamma / each[known])
    return told
