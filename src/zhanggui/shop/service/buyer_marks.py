"""When the buyers of a day changed last: whose orders on later days were their first rests on nothing else."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate
from operator import itemgetter

import sqlalchemy as sa

from zhanggui.kernel.clock import DAY_MS
from zhanggui.kernel.privacy import Purpose
from zhanggui.shop.tables import figures as tables

WATCHED_DAYS = 150


@dataclass(frozen=True, slots=True)
class Marks:
    """One mark for all buyers up to the end of each UTC day.

    Attributes:
        days: those with orders, ascending.
        marks: equal marks, equal buyers until then.
    """

    versions: Mapping[int, int]
    days: tuple[int, ...]
    marks: tuple[int, ...]

    def until(self, day: int) -> int:
        """The mark of the end of a day."""
        place = bisect_right(self.days, day)
        return self.marks[place - 1] if place else 0


class BuyerMarks:
    """Looks at who bought on each of the last days again when its version changes: most changes change no buyer.

    Of days long ago each version counts as a change.
    """

    def __init__(self) -> None:
        self._seen: dict[int, tuple[int, int, bytes]] = {}  # UTC day: its version, that of its last change, its buyers
        self._marks = Marks({}, (), ())

    def marks(self, db: sa.Connection, versions: Mapping[int, int], today: int) -> Marks:
        """The marks as of some versions.

        Args:
            db: sees those versions, or later ones.
            versions: of each UTC day, ascending.
            today: UTC day.
        """
        held = self._marks
        if held.versions == versions:
            return held
        first = today - WATCHED_DAYS
        changes = [
            (day, version if day < first else self._changed(db, day, version)) for day, version in versions.items()
        ]
        for day in [day for day in self._seen if day < first]:
            self._seen.pop(day, None)
        chained = accumulate(changes, lambda mark, change: hash((mark, change)), initial=0)
        self._marks = Marks(versions, tuple(map(itemgetter(0), changes)), tuple(chained)[1:])
        return self._marks

    def _changed(self, db: sa.Connection, day: int, version: int) -> int:
        seen = self._seen.get(day)
        if seen is not None and seen[0] >= version:
            return min(seen[1], version)  # another thread has seen more already
        rows = tables.buyers_of(db, day * DAY_MS, (day + 1) * DAY_MS, purpose=Purpose.SERVICE)
        buyers = hashlib.blake2b(repr(rows).encode(), digest_size=16).digest()
        change = seen[1] if seen is not None and seen[2] == buyers else version
        self._seen[day] = (version, change, buyers)
        return change
