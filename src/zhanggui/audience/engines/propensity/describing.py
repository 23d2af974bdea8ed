"""From what people did until a day to the columns that trees look at; the same for a shop and for one person."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhanggui.audience.engines.lifetime.bg_nbd import BgNbd, fit_bg_nbd
from zhanggui.audience.engines.lifetime.gamma_gamma import GammaGamma, fit_gamma_gamma
from zhanggui.audience.engines.lifetime.histories import Doubles, Ints, Spending, spending_of, worth_by_day
from zhanggui.audience.engines.lifetime.lifetime_value import outlook

from .acts import Act, Acts
from .columns import NEVER

YEAR_DAYS = 365


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifetime:
    """The shop's models of coming back and of spending; None where nobody came back, or nobody spent."""

    purchases: BgNbd | None
    values: GammaGamma | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """Customers who bought by a day, as rows (n, columns) of `COLUMNS`; `persons` (n,) ascending."""

    persons: Ints
    rows: NDArray[np.float32]


def fit_lifetime(acts: Acts, until_day: int) -> Lifetime:
    """Both models of what was bought by the end of a day."""
    spending = _spending(acts.of(Act.PURCHASE), until_day)
    came_back = bool(np.any(spending.histories.frequency > 0))
    spent = bool(np.any((spending.histories.frequency > 0) & (spending.mean_value > 0)))
    return Lifetime(
        purchases=fit_bg_nbd(spending.histories).model if came_back else None,
        values=fit_gamma_gamma(spending.histories.frequency, spending.mean_value).model if spent else None,
    )


def describe(acts: Acts, until_day: int, lifetime: Lifetime, horizon_days: int) -> Described:
    """The columns of everyone who bought by the end of `until_day`; nothing later is looked at."""
    seen = acts.until(until_day)
    bought = seen.of(Act.PURCHASE)
    spending = _spending(bought, until_day)
    persons = spending.persons
    days = _Days.of(persons, bought)
    columns = [
        *_orders(days, spending, until_day),
        _distinct(persons, bought.person, bought.product),
        _distinct_days(persons, seen.of(Act.REFUND)),
        days.within(until_day - YEAR_DAYS, until_day - YEAR_DAYS + horizon_days),
        *_visits(persons, seen, until_day),
        *_lifetime(spending, lifetime, horizon_days),
    ]
    return Described(persons=persons, rows=np.column_stack(columns).astype(np.float32))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Days:
    """Days with a purchase, of persons one after another: place of the person, day, value."""

    place: Ints
    day: Ints
    value: Doubles
    size: int

    @classmethod
    def of(cls, persons: Ints, bought: Acts) -> _Days:
        owner, day, value = worth_by_day(bought.person, bought.day, bought.value)
        return cls(place=np.searchsorted(persons, owner), day=day, value=value, size=len(persons))

    def sums(self, weights: Doubles) -> Doubles:
        """(persons,) of `weights`, one a day with a purchase."""
        found: Doubles = np.bincount(self.place, weights=weights, minlength=self.size).astype(np.float64)
        return found

    def within(self, after_day: int, until_day: int) -> Doubles:
        """(persons,) days with a purchase after one day and until another."""
        return self.sums(((self.day > after_day) & (self.day <= until_day)).astype(np.float64))

    @property
    def last(self) -> NDArray[np.int64]:
        """(persons,) which of the days is each person's last."""
        return np.flatnonzero(np.diff(self.place, append=-1) != 0)

    def gap_spread(self) -> Doubles:
        """(persons,) the standard deviation of the gaps between purchases, in means."""
        same = np.diff(self.place, prepend=-1) == 0
        gap = np.where(same, np.diff(self.day, prepend=0), 0).astype(np.float64)
        count, total, squares = self.sums(same.astype(np.float64)), self.sums(gap), self.sums(gap**2)
        mean = total / np.maximum(count, 1)
        variance = np.maximum(squares / np.maximum(count, 1) - mean**2, 0)
        return np.where((count > 1) & (mean > 0), np.sqrt(variance) / np.maximum(mean, 1e-9), 0.0)


def _orders(days: _Days, spending: Spending, until_day: int) -> list[Doubles]:
    """From `idle_days` to `spent_90`."""
    past = spending.histories
    idle = past.age - past.recency
    gap = np.where(past.frequency > 0, past.recency / np.maximum(past.frequency, 1), 0.0)
    recent = (days.day > until_day - 90).astype(np.float64)
    return [
        idle,
        past.frequency + 1,
        days.within(until_day - 30, until_day),
        days.within(until_day - 90, until_day),
        past.age,
        gap,
        days.gap_spread(),
        np.where(gap > 0, idle / np.maximum(gap, 1.0), 0.0),
        days.sums(days.value) / (past.frequency + 1),
        days.value[days.last],
        days.sums(days.value * recent),
    ]


def _visits(persons: Ints, seen: Acts, until_day: int) -> list[Doubles]:
    other = seen.where((seen.act != Act.PURCHASE) & np.isin(seen.person, persons))
    last = np.full(len(persons), -NEVER)
    np.maximum.at(last, np.searchsorted(persons, other.person), other.day)
    idle = np.where(last > -NEVER, np.minimum(until_day - last, NEVER), NEVER)
    browsed = other.where(other.act != Act.REFUND)
    carted = other.of(Act.CART)
    return [
        idle,
        _distinct_days(persons, browsed.where(browsed.day > until_day - 7)),
        _distinct_days(persons, browsed.where(browsed.day > until_day - 30)),
        _distinct_days(persons, carted.where(carted.day > until_day - 7)),
    ]


def _lifetime(spending: Spending, lifetime: Lifetime, horizon_days: int) -> list[Doubles]:
    if lifetime.purchases is None:
        return [np.zeros(len(spending.persons))] * 4
    told = outlook(lifetime.purchases, lifetime.values, spending, horizon_days)
    chance = lifetime.purchases.any_purchase(spending.histories, horizon_days)
    return [told.alive, told.orders, chance, np.nan_to_num(told.order_value, nan=0.0)]


def _spending(bought: Acts, until_day: int) -> Spending:
    return spending_of(bought.person, bought.day, bought.value, until_day)


def _distinct_days(persons: Ints, acts: Acts) -> Doubles:
    return _distinct(persons, acts.person, acts.day)


def _distinct(persons: Ints, owner: Ints, what: Ints) -> Doubles:
    """(persons,) how many different things each has; owners who are none of `persons` are left out."""
    mine = np.isin(owner, persons)
    if not mine.any():
        return np.zeros(len(persons))
    span = int(what.max()) + 1
    pairs = np.unique(np.searchsorted(persons, owner[mine]) * span + what[mine])
    return np.bincount(pairs // span, minlength=len(persons)).astype(np.float64)
