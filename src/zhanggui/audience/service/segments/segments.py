"""Segments: kept as rules, worked out from live profiles whenever they are asked, counted to nobody below the floor.

Law: PIPL art. 6 (least data), 13 and 24 (consent; no unreasonable differences); not read here. Who would be written to
is named only where they allow marketing; whoever counts, counts those who allow analytics.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import combinations

import msgspec
import sqlalchemy as sa

from zhanggui.audience.engines.segments.rules import Test, parse
from zhanggui.audience.errors import BadSegmentRule, UnknownSegment
from zhanggui.audience.ports import Record
from zhanggui.audience.tables import segments as tables
from zhanggui.audience.tables.segments import StoredSegment
from zhanggui.audience.types.segments import Count, DaySize, Member, MemberPage, NewSegment, Overlap, Segment
from zhanggui.kernel.clock import Clock, from_ms, to_ms
from zhanggui.kernel.db import Database
from zhanggui.kernel.ids import new_id
from zhanggui.kernel.privacy import Purpose

from .looking import Looking

SAMPLE = 2_000
"""People that a count looks at while somebody waits for it; the daily job looks at all."""
DAYS = 366
OnStep = Callable[[int, int], None]


def _quiet(_done: int, _of: int) -> None:
    return None


class SegmentChanged(msgspec.Struct, frozen=True, kw_only=True):
    """What the ledger keeps when a segment is made or dropped."""

    segment: str
    name: str
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Segments:
    """The use cases of segments.

    Attributes:
        floor: fewer people than this are never counted out to anybody.
    """

    db: Database
    clock: Clock
    today: Callable[[], date]
    looking: Looking
    record: Record
    floor: int

    def all(self) -> list[Segment]:
        """All segments, oldest first, without counts."""
        with self.db.read() as db:
            return [_told(one) for one in tables.all_segments(db)]

    def get(self, id_: str) -> Segment:
        """One segment with its count of this moment.

        Raises:
            UnknownSegment: there is none of that id.
        """
        held = self._held(id_)
        return _told(held, self._count(_test(held)))

    def add(self, ask: NewSegment, actor: str) -> Segment:
        """Keep a rule as a segment.

        Raises:
            BadSegmentRule: the rule cannot be understood.
        """
        parse(ask.rule)
        held = StoredSegment(new_id(), ask.name.strip(), ask.rule, "rule", actor, to_ms(self.clock()))
        change = SegmentChanged(segment=held.id, name=held.name, rule=held.rule)

        def work(db: sa.Connection) -> None:
            tables.put_segment(db, held)
            self.record.append(db, "audience.segment_kept", change, actor)

        self.db.write(work)
        return _told(held)

    def drop(self, id_: str, actor: str) -> None:
        """Delete a segment and its sizes; nobody in it is touched."""
        held = self._held(id_)
        change = SegmentChanged(segment=held.id, name=held.name, rule=held.rule)

        def work(db: sa.Connection) -> None:
            tables.drop_segment(db, id_)
            self.record.append(db, "audience.segment_dropped", change, actor)

        self.db.write(work)

    def count(self, rule: str) -> Count:
        """How many a rule means now, of at most `SAMPLE` people.

        Raises:
            BadSegmentRule: the rule cannot be understood.
        """
        return self._count(parse(rule))

    def _count(self, test: Test) -> Count:
        found, seen = list[int](), 0
        for number, _, facts in self.looking.facts((Purpose.ANALYTICS,), most=SAMPLE + 1):
            seen += 1
            if seen <= SAMPLE and test(facts):
                found.append(number)
        reachable = self.looking.allowing(found, (Purpose.MARKETING,))
        return Count(
            people=floored(len(found), self.floor),
            reachable=floored(len(reachable), self.floor),
            of=min(seen, SAMPLE),
            is_sample=seen > SAMPLE,
        )

    def people(self, id_: str, *, after: int = 0, limit: int = 50, for_messages: bool = False) -> MemberPage:
        """Who is in a segment at this moment, by number upwards; for roles that may see persons.

        Args:
            id_: of the segment.
            after: the number that the page before ended with.
            limit: most people of a page.
            for_messages: only who agreed to be written to.

        Raises:
            UnknownSegment: there is none of that id.
        """
        test, found, last = _test(self._held(id_)), list[Member](), after
        purposes = (Purpose.MARKETING,) if for_messages else ()
        for number, customer_id, facts in self.looking.facts(purposes, after=after):
            if not test(facts):
                continue
            if len(found) == limit:
                return MemberPage(items=tuple(found), next=str(last))
            found.append(Member(customer_id=customer_id))
            last = number
        return MemberPage(items=tuple(found))

    def sizes(self, id_: str) -> list[DaySize]:
        """A segment day by day, as the job counted it, oldest first.

        Raises:
            UnknownSegment: there is none of that id.
        """
        self._held(id_)
        with self.db.read() as db:
            held = reversed(tables.sizes_of(db, id_, DAYS))
        return [DaySize(day=day, people=floored(people or 0, self.floor)) for day, people in held]

    def overlaps(self) -> list[Overlap]:
        """For any two segments how many are in both, of at most `SAMPLE` people."""
        held = self.all()
        among = self._among({one.id: _test(one) for one in held}, SAMPLE)
        return [
            Overlap(first=one.id, second=other.id, people=floored(len(among[one.id] & among[other.id]), self.floor))
            for one, other in combinations(held, 2)
        ]

    def count_all(self, on_step: OnStep = _quiet) -> Mapping[str, int | None]:
        """Write how many are in each segment today; the job's. Everybody who allows counting is looked at."""
        tests = {one.id: _test(one) for one in self.all()}
        people = {id_: floored(len(found), self.floor) for id_, found in self._among(tests, None, on_step).items()}
        day = self.today().isoformat()
        self.db.write(lambda db: tables.put_sizes(db, day, people))
        return people

    def _among(self, tests: Mapping[str, Test], most: int | None, on_step: OnStep = _quiet) -> dict[str, set[int]]:
        found: dict[str, set[int]] = {id_: set() for id_ in tests}
        if not tests:
            return found
        total = len(self.looking.persons())
        for done, (number, _, facts) in enumerate(self.looking.facts((Purpose.ANALYTICS,), most=most)):
            on_step(done, total)
            for id_, test in tests.items():
                if test(facts):
                    found[id_].add(number)
        return found

    def _held(self, id_: str) -> StoredSegment:
        with self.db.read() as db:
            found = tables.segment(db, id_)
        if found is None:
            raise UnknownSegment(f"There is no segment {id_!r}.", hint="List them first.")
        return found


def floored(people: int, floor: int) -> int | None:
    """How many, where they are enough to be told."""
    return people if people >= floor else None


def _test(held: StoredSegment | Segment) -> Test:
    """Whom a kept rule means; nobody, where what it asks has been denied since."""
    try:
        return parse(held.rule)
    except BadSegmentRule:
        return lambda _: False


def _told(held: StoredSegment, count: Count | None = None) -> Segment:
    return Segment(
        id=held.id,
        name=held.name,
        rule=held.rule,
        origin="rule",
        author=held.author,
        created_at=from_ms(held.created_ms),
        count=count,
    )
