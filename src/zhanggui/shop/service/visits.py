"""Counts who came on which day, from behaviour, without a word to the events' own hot way.

A visit is a person with at least one event of their own on a day of the shop: purchases and returns that came by file
or by order are none, nor are messages sent to somebody. A visitor who has logged in counts as their customer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

import numpy as np
import sqlalchemy as sa

from zhanggui.kernel.clock import DAY_MS, Clock, date_of_day, local_day, to_ms
from zhanggui.kernel.db import Database
from zhanggui.kernel.privacy import Purpose
from zhanggui.shop.tables import events as event_tables
from zhanggui.shop.tables import visits as tables
from zhanggui.shop.tables.links import customers_of
from zhanggui.shop.types import EVENT_NUMBERS, EventName

from .day_files import DayFiles

KEPT_DAYS = 90
ROWS_AT_ONCE = 20_000
NO_VISIT = frozenset(
    EVENT_NUMBERS[name]
    for name in (EventName.PURCHASE, EventName.REFUND, EventName.MESSAGE_SENT, EventName.MESSAGE_OPENED)
)

Did = tuple[int, int, int]
"""(person, kind, at_ms) of one event."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visits:
    """The visits of one shop.

    Args:
        files: the archive, read once: when a shop is counted for the first time.
        zone: whose days count.
    """

    db: Database
    clock: Clock
    files: DayFiles
    zone: ZoneInfo

    def count(self) -> int:
        """Count the events that arrived since the last time, and forget days that are over 90 days old.

        It may stop anywhere: each part is one commit with the mark how far it got.

        Returns:
            How many events were looked at.
        """
        now_ms = to_ms(self.clock())
        oldest = self.day_of(now_ms) - KEPT_DAYS
        with self.db.read() as db:
            held = tables.counted_until(db)
        looked = self._count_archive(oldest) if held is None else 0
        seq = held[0] if held else 0
        while True:
            with self.db.read() as db:
                rows = event_tables.hot_rows(
                    db, after_seq=seq, until_seq=2**62, limit=ROWS_AT_ONCE, purpose=Purpose.SERVICE
                )
            seq = rows[-1][0] if rows else seq
            did = [(row[1], row[3], row[4]) for row in rows]
            self.db.write(lambda db, did=did, seq=seq: self._counted(db, did, seq, oldest, now_ms))  # type: ignore[misc]
            looked += len(rows)
            if len(rows) < ROWS_AT_ONCE:
                return looked

    def day_of(self, at_ms: int) -> int:
        """The shop's day of a moment, in days since 1970-01-01."""
        return local_day(at_ms, self.zone)

    def date_of(self, day: int) -> date:
        """The date of one of the shop's days."""
        return date_of_day(day)

    def _count_archive(self, oldest: int) -> int:
        with self.db.read() as db:
            days = [day for day in event_tables.archive_record(db).values() if day.day >= oldest - 1]
        for day in days:
            table = self.files.read(day, ["person", "kind", "at_ms"])
            did = np.stack([table[name].to_numpy() for name in ("person", "kind", "at_ms")], axis=1).tolist()
            self.db.write(lambda db, did=did: tables.add_visits(db, self._seen(db, did, oldest)))  # type: ignore[misc]
        return sum(day.rows for day in days)

    def _counted(self, db: sa.Connection, did: Iterable[Did], seq: int, oldest: int, now_ms: int) -> None:
        tables.add_visits(db, self._seen(db, did, oldest))
        tables.drop_visits(db, oldest)
        tables.set_counted(db, seq, now_ms)

    def _seen(self, db: sa.Connection, did: Iterable[Did], oldest: int) -> dict[tuple[int, int], int]:
        came = [(person, at_ms) for person, kind, at_ms in did if kind not in NO_VISIT]
        known = {visitor: link.customer for visitor, link in customers_of(db, {person for person, _ in came}).items()}
        days: dict[int, int] = {}
        seen: dict[tuple[int, int], int] = {}
        for person, at_ms in came:
            quarter = at_ms // (DAY_MS // 96)  # no zone changes its day within a quarter of an hour
            day = days.get(quarter)
            if day is None:
                day = days[quarter] = self.day_of(at_ms)
            if day >= oldest:
                key = (day, known.get(person, person))
                seen[key] = min(at_ms, seen.get(key, at_ms))
        return seen
