"""What was shown to each person and what they took of it, as counts: what figures about groups are added up from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zhanggui.kernel.clock import Clock, to_ms
from zhanggui.kernel.db import Database
from zhanggui.recommend.engines.interactions import Ints
from zhanggui.recommend.engines.quality import WITHIN_MS, places_taken
from zhanggui.recommend.ports import Reductions
from zhanggui.recommend.service.past_acts import Acts
from zhanggui.recommend.service.strengths import CARTED, PURCHASE

from .looking_back import CLICKS, Lists, LookBack

WANTED = (*CARTED, PURCHASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonCounts:
    """Columns of one length, a row for each person who did something or was shown something in 35 days.

    Attributes:
        person: subject.
        lists: shown to them.
        clicked: of these, lists with a click on a product of theirs within a day.
        places: shown to them.
        reduced: of these, places with a product that is offered below its list price.
        wanted: different products that they put in the cart or bought, a day or more ago.
        wanted_shown: of these, products that had stood in a list of theirs within the day before.
        uncounted: how many lists may not be counted.
    """

    person: Ints
    lists: Ints
    clicked: Ints
    places: Ints
    reduced: Ints
    wanted: Ints
    wanted_shown: Ints
    uncounted: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ByPerson:
    """Counts the last 35 days by person; a day old at least, so that what came of a list is known.

    Args:
        db: the shop's store.
        clock: gives the present moment.
        past: the last 35 days.
        reductions: which products are offered below their list price.
    """

    db: Database
    clock: Clock
    past: LookBack
    reductions: Reductions

    def counts(self) -> PersonCounts:
        """Of everybody who may be counted."""
        now_ms = to_ms(self.clock())
        acts, lists = self.past.acts(now_ms), self.past.lists(now_ms)
        with self.db.read() as db:
            reduced = self.reductions.reduced(db, now_ms)
        person = np.unique(np.concatenate([acts.person, lists.person]))
        size = len(person)

        def of(who: Ints) -> Ints:
            return np.bincount(np.searchsorted(person, who), minlength=size).astype(np.int64)

        wanted, found = _wanted(acts, lists, now_ms - WITHIN_MS)
        shown = lists.shown
        return PersonCounts(
            person=person,
            lists=of(lists.person),
            clicked=of(lists.person[lists.taken(acts, CLICKS)]),
            places=of(shown.person),
            reduced=of(shown.person[np.isin(shown.product, reduced)]),
            wanted=of(wanted),
            wanted_shown=of(found),
            uncounted=lists.uncounted,
        )


def _wanted(acts: Acts, lists: Lists, until_ms: int) -> tuple[Ints, Ints]:
    """The person of each product that somebody wanted, and of each that had been shown to them before."""
    of = np.isin(acts.kind, WANTED) & (acts.at_ms < until_ms)
    person, product, at_ms = acts.person[of], acts.product[of], acts.at_ms[of]
    pairs = np.unique(np.stack([person, product]), axis=1)
    shown = lists.shown
    taken = places_taken(shown, person, product, at_ms)
    found = np.unique(np.stack([shown.person[taken], shown.product[taken]]), axis=1)
    return pairs[0], found[0]
