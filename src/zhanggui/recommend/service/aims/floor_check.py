"""Whether lists that were served held the floors that were decided, by day and by week."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from zhanggui.kernel.clock import to_ms
from zhanggui.recommend.engines.aims.floors import NEAR, Reals, exposures_of_places, share_over
from zhanggui.recommend.engines.interactions import Ints
from zhanggui.recommend.service.live_state import Snapshot
from zhanggui.recommend.types.floors import DecidedFloor, FloorCheck, Measured, ServedShare

from .floored import about, is_of_group
from .served_places import ServedPlaces

WEEK = 7
TO_LAST_DAY = timedelta(days=WEEK - 1)
"""From the first day of a week to its last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FloorChecking:
    """Counts what served lists gave to the groups of floors.

    Attributes:
        snapshot: which goods are of which group.
        places: of the lists, of products that the snapshot knows.
        midnight: the last one, in the shop's zone.
        days: how far back it is looked.
        fewest: people below whom nothing is told.
    """

    snapshot: Snapshot
    places: ServedPlaces
    midnight: datetime
    days: int
    fewest: int

    def check(self, decided: DecidedFloor) -> FloorCheck:
        """One floor against the lists since it was decided."""
        floor = decided.report.floor
        since = self.places.where((self.places.at_ms >= decided.decided_at_ms) & (self.places.product > 0))
        group = is_of_group(floor, self.snapshot, since.product, since.at_ms, to_ms(self.midnight))
        part, whole = exposures_of_places(since.lists, since.place, group)
        weeks = tuple(self._spans(since, part, whole, floor.share, WEEK))
        begun = (self.midnight - timedelta(days=WEEK)).date().isoformat()
        last_week = next((week for week in weeks if week.since == begun), None)
        return FloorCheck(
            rule_id=decided.rule_id,
            about=about(floor),
            floor=floor.share,
            decided_at_ms=decided.decided_at_ms,
            weeks=weeks,
            days=tuple(self._spans(since, part, whole, floor.share, 1)),
            last_week=last_week,
            is_below=last_week is not None and last_week.share.high < floor.share - NEAR,
        )

    def _spans(self, since: ServedPlaces, part: Reals, whole: Reals, floor: float, days: int) -> Iterator[ServedShare]:
        """Spans of so many days back from last midnight, the oldest first."""
        for back in range(self.days // days * days, 0, -days):
            first = self.midnight - timedelta(days=back)
            of = (since.at_ms >= to_ms(first)) & (since.at_ms < to_ms(first + timedelta(days=days)))
            span = since.where(of)
            if span.people >= self.fewest:
                lists, at = np.unique(span.lists, return_index=True)
                yield _share(first, _cases(span.person[at], lists), part[lists], whole[lists], floor)


def _cases(person: Ints, lists: Ints) -> Ints:
    """A number for whose each list is: a person's own, or one for a stranger's list alone."""
    return np.where(person > 0, person, -1 - lists)


def _share(first: datetime, case: Ints, part: Reals, whole: Reals, floor: float) -> ServedShare:
    found = share_over(case, part, whole)
    return ServedShare(
        since=first.date().isoformat(),
        lists=len(case),
        below=int((part < (floor - NEAR) * whole).sum()),
        share=Measured(value=round(found.value, 4), low=round(found.low, 4), high=round(found.high, 4)),
    )
