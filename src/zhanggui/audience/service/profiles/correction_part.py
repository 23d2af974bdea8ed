"""What shoppers said of their profiles, as a part of a shop's export: see `ExportPart` of the shop room."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
import sqlalchemy as sa

from zhanggui.audience.ports import Followed, PersonNames
from zhanggui.audience.tables import corrections as tables
from zhanggui.audience.tables import profiles as profile_tables
from zhanggui.audience.tables.corrections import StoredCorrection
from zhanggui.kernel.changes import announce
from zhanggui.kernel.clock import from_ms, moment_or_none, ms_or_none, to_ms
from zhanggui.kernel.privacy import Duty, Purpose
from zhanggui.shop import PutReport, subjects_of

PAGE = 1_000
_ALL = 2**62


class CorrectionRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One thing that a shopper said of their profile; `wish` is the recommender's preference that carries it."""

    id: str
    at: datetime
    customer_id: str | None = None
    visitor_id: str | None = None
    act: str
    subject: str = ""
    value: str = ""
    until: datetime | None = None
    wish: str = ""
    undone: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionPart:
    """Muted, removed, corrected, paused, forgotten.

    Args:
        log: what people did; from what was forgotten no profile is made again.
        names: whose numbers are whose.
    """

    log: Followed
    names: PersonNames

    name = "profile-corrections"
    holds = CorrectionRow

    def rows(self, db: sa.Connection) -> Iterator[list[CorrectionRow]]:
        """All of it, oldest first; what was taken back too."""
        after = ""
        while page := tables.corrections_page(db, after=after, limit=PAGE, purpose=Purpose.SERVICE):
            after = page[-1].id
            ids = self.names.people(db, {one.person for one in page})
            yield [_row(one, ids[one.person]) for one in page if one.person in ids]

    def restore(self, db: sa.Connection, rows: Sequence[CorrectionRow], now_ms: int) -> PutReport:
        """Add what is not there; what is there stays as its shopper left it."""
        del now_ms  # it holds from the moment at which it was said
        new = [row for row in rows if tables.correction(db, row.id, purpose=Purpose.SERVICE) is None]
        numbers = self.names.people_numbers(db, [(row.customer_id, row.visitor_id) for row in new])
        for row, person in zip(new, numbers, strict=True):
            tables.add_correction(db, _stored(row, person))
            if row.act == "forget" and row.undone is None:
                self._forget(db, person, to_ms(row.at))
            announce(db, "consent" if row.act == "pause" else "audience", [str(person)])
        return PutReport(len(new), 0, len(rows) - len(new))

    def _forget(self, db: sa.Connection, person: int, at_ms: int) -> None:
        """What was done until then counts no more; events have other numbers here, so the moment tells."""
        (numbers,) = subjects_of(db, {person})[1].values()
        before = profile_tables.starts_of(db, numbers, purpose=Duty.UPKEEP)
        starts = {}
        for number in numbers:
            acts = self.log.after(db, number, 0, _ALL, purpose=Purpose.PERSONALIZATION)
            until = max((act[0] for act in acts if act[3] <= at_ms), default=0)
            starts[number] = max(until, before.get(number, 0))
        profile_tables.set_starts(db, starts)
        profile_tables.drop_profiles(db, numbers)


def _row(held: StoredCorrection, person: tuple[str | None, str | None]) -> CorrectionRow:
    customer_id, visitor_id = person
    return CorrectionRow(
        id=held.id,
        at=from_ms(held.at_ms),
        customer_id=customer_id,
        visitor_id=visitor_id,
        act=held.act,
        subject=held.subject,
        value=held.value,
        until=moment_or_none(held.until_ms),
        wish=held.wish,
        undone=moment_or_none(held.undone_ms),
    )


def _stored(row: CorrectionRow, person: int) -> StoredCorrection:
    return StoredCorrection(
        id=row.id,
        person=person,
        act=row.act,
        subject=row.subject,
        value=row.value,
        at_ms=to_ms(row.at),
        until_ms=ms_or_none(row.until),
        wish=row.wish,
        undone_ms=ms_or_none(row.undone),
    )
