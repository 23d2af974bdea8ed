"""Segments by rule, and the sizes of all segments, as parts of a shop's export: see `ExportPart` of the shop room."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

import msgspec
import sqlalchemy as sa

from zhanggui.audience.tables import segments as tables
from zhanggui.audience.tables.segments import StoredSegment
from zhanggui.audience.types.segments import Name, Origin, Rule
from zhanggui.kernel.clock import from_ms, to_ms
from zhanggui.kernel.ids import Ulid
from zhanggui.shop import PutReport


class SegmentRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A segment by rule; who is in it is worked out wherever it is asked."""

    id: Ulid
    at: datetime
    name: Name
    rule: Rule
    origin: Origin
    author: str


class SegmentSizeRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many were in a segment, by rule or learned, on a day of the shop; None below the floor of that day."""

    segment: Ulid
    day: str
    people: int | None = None


class SegmentPart:
    """Segments by rule."""

    name = "segments"
    holds = SegmentRow

    def rows(self, db: sa.Connection) -> Iterator[list[SegmentRow]]:
        """All of them, oldest first."""
        yield [_row(held) for held in tables.all_segments(db)]

    def restore(self, db: sa.Connection, rows: Sequence[SegmentRow], now_ms: int) -> PutReport:
        """Add those that are not there; one that is there stays as it is."""
        del now_ms  # it is as old as it says
        there = {held.id for held in tables.all_segments(db)}
        new = [row for row in rows if row.id not in there]
        for row in new:
            held = StoredSegment(row.id, row.name, row.rule, row.origin, row.author, to_ms(row.at))
            tables.put_segment(db, held)
        return PutReport(len(new), 0, len(rows) - len(new))


class SegmentSizePart:
    """Sizes by day, as they were counted."""

    name = "segment-sizes"
    holds = SegmentSizeRow

    def rows(self, db: sa.Connection) -> Iterator[list[SegmentSizeRow]]:
        """By segment, then by day."""
        for id_, days in tables.counted(db):
            yield [SegmentSizeRow(segment=id_, day=day, people=people) for day, people in days]

    def restore(self, db: sa.Connection, rows: Sequence[SegmentSizeRow], now_ms: int) -> PutReport:
        """Add the days that were not counted here."""
        del now_ms  # of the day that it says
        there = {(id_, day) for id_, days in tables.counted(db, {row.segment for row in rows}) for day, _ in days}
        new = [row for row in rows if (row.segment, row.day) not in there]
        for row in new:
            tables.put_sizes(db, row.day, {row.segment: row.people})
        return PutReport(len(new), 0, len(rows) - len(new))


def _row(held: StoredSegment) -> SegmentRow:
    return SegmentRow(
        id=held.id,
        at=from_ms(held.created_ms),
        name=held.name,
        rule=held.rule,
        origin=msgspec.convert(held.origin, Origin),
        author=held.author,
    )
