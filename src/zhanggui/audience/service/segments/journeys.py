"""How customers stay and move between stages; aggregates of those who allow analytics, none below the floor."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from zhanggui.audience.engines.segments.journeys import Longs, moves, retention
from zhanggui.audience.ports import Customers, PastActs
from zhanggui.audience.service.predictions.reading import AheadOf
from zhanggui.audience.types.journeys import Cohort, Flow, Move
from zhanggui.kernel.clock import Clock, to_ms
from zhanggui.kernel.db import Database
from zhanggui.kernel.lately import AsOf, Lately
from zhanggui.kernel.privacy import Purpose
from zhanggui.shop import EVENT_NUMBERS, EventName

from .counting import floored

MOST_MONTHS = 24
KEPT_MS = 600_000
"""For so long a page tells the same figures: counting reads every purchase there is."""
_BOUGHT = EVENT_NUMBERS[EventName.PURCHASE]


@dataclass(frozen=True, slots=True, kw_only=True)
class Journeys:
    """Counts journeys from the history of purchases.

    Attributes:
        floor: fewer people than this are never counted out to anybody.
    """

    db: Database
    clock: Clock
    history: PastActs
    customers: Customers
    ahead_of: AheadOf
    floor: int
    _lately: Lately[tuple[list[Cohort], Flow]] = field(default_factory=lambda: Lately(KEPT_MS), init=False)

    def cohorts(self, months: int = 12) -> list[Cohort]:
        """By month of the first purchase: how many, and how many of them bought again in each month since."""
        return self._cohorts(self._purchases(), months)

    def flow(self) -> Flow:
        """From the beginning of this month on the shop's calendar back to that of the month before."""
        return self._flow(self._purchases())

    def lately(self) -> AsOf[tuple[list[Cohort], Flow]]:
        """Cohorts of a year and flow, of the same purchases; as of some minutes ago at most."""
        return self._lately.get(to_ms(self.clock()), self._both)

    def _both(self) -> tuple[list[Cohort], Flow]:
        purchases = self._purchases()
        return self._cohorts(purchases, 12), self._flow(purchases)

    def _cohorts(self, purchases: tuple[Longs, Longs], months: int) -> list[Cohort]:
        person, at_ms = purchases
        months, last = min(max(months, 1), MOST_MONTHS), _months(np.array([self._now_ms()], dtype=np.int64))[0]
        first = int(last) - months + 1
        table = retention(person, _months(at_ms), first, int(last))
        return [_cohort(table[place], first + place, months - place, self.floor) for place in range(months)]

    def _flow(self, purchases: tuple[Longs, Longs]) -> Flow:
        person, at_ms = purchases
        last = int(_months(np.array([self._now_ms()], dtype=np.int64))[0])
        since, until = _begin_ms(last - 1), _begin_ms(last)
        found = moves(person, at_ms, since, until)
        told = [
            Move(before=before, after=after, people=floored(people, self.floor))
            for (before, after), people in sorted(found.items(), key=lambda one: -one[1])
        ]
        return Flow(since=f"{_name(last - 1)}-01", until=f"{_name(last)}-01", moves=tuple(told))

    def _now_ms(self) -> int:
        now_ms = to_ms(self.clock())
        return now_ms + self.ahead_of(now_ms)

    def _purchases(self) -> tuple[Longs, Longs]:
        """(person, moment on the shop's clock) of all purchases of customers who allow it."""
        ahead = self.ahead_of(to_ms(self.clock()))
        persons, moments = [np.empty(0, dtype=np.int64)], [np.empty(0, dtype=np.int64)]
        for batch in self.history.history(Purpose.ANALYTICS, kind=_BOUGHT):
            persons.append(batch["person"].to_numpy().astype(np.int64))
            moments.append(batch["at_ms"].to_numpy().astype(np.int64) + ahead)
        person, at_ms = np.concatenate(persons), np.concatenate(moments)
        with self.db.read() as db:
            known = self.customers.customers_among(db, np.unique(person).tolist())
        chosen = np.isin(person, np.fromiter(known, dtype=np.int64, count=len(known)))
        return person[chosen], at_ms[chosen]


def _months(at_ms: Longs) -> Longs:
    """Months since 1970 of moments on the shop's clock."""
    return at_ms.astype("datetime64[ms]").astype("datetime64[M]").astype(np.int64)


def _begin_ms(month: int) -> int:
    return int(np.datetime64(month, "M").astype("datetime64[ms]").astype(np.int64))


def _name(month: int) -> str:
    return str(np.datetime64(month, "M"))


def _cohort(row: Longs, month: int, seen: int, floor: int) -> Cohort:
    people = floored(int(row[0]), floor)
    kept = () if people is None else tuple(floored(int(count), floor) for count in row[:seen])
    return Cohort(month=_name(month), people=people, kept=kept)
