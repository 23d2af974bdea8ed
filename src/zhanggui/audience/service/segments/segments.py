"""Segments: kept as rules, worked out from live profiles whenever they are asked, counted to nobody below the floor.

Law: PIPL art. 6 (least data), 13 and 24 (consent; no unreasonable differences); not read here. Who would be written to
is named only where they allow marketing; whoever counts, counts those who allow analytics.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import combinations, product
from typing import Protocol

import msgspec
import sqlalchemy as sa

from zhanggui.audience.engines.segments.rules import parse
from zhanggui.audience.errors import BadSegmentRule, UnknownSegment
from zhanggui.audience.ports import Record
from zhanggui.audience.service.shoppers import who_muted
from zhanggui.audience.tables import segments as tables
from zhanggui.audience.tables.corrections import SEGMENT
from zhanggui.audience.tables.segments import StoredSegment
from zhanggui.audience.types.segments import Count, DaySize, MemberPage, NewSegment, Overlap, OverlapTable, Segment
from zhanggui.kernel.clock import Clock, from_ms, to_ms
from zhanggui.kernel.db import Database
from zhanggui.kernel.ids import new_id
from zhanggui.kernel.privacy import Channel
from zhanggui.kernel.steps import OnStep, quiet

from .counting import SAMPLE, Counting, Meant, but_for, floored, rule_test
from .looking import Look, Looking

DAYS = 366
Shared = Mapping[tuple[str, str], int | None]
"""People by pair of segments; None below the floor."""


class Others(Protocol):
    """Segments that are no rules: the learned ones. Nobody is in two of them."""

    def tests(self) -> Mapping[str, Meant]:
        """By id whom each means."""


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
    others: Others
    record: Record
    floor: int

    @property
    def counting(self) -> Counting:
        """Counts whom a test means."""
        return Counting(looking=self.looking, floor=self.floor)

    def all(self) -> list[Segment]:
        """All segments, oldest first, without counts."""
        with self.db.read() as db:
            return [_told(one) for one in tables.all_segments(db)]

    def get(self, id_: str, *, is_counted: bool = True) -> Segment:
        """One segment, and, where that is asked, with its count of this moment.

        Raises:
            UnknownSegment: there is none of that id.
        """
        held = self._held(id_)
        return _told(held, self.counting.count(self._meant(held)) if is_counted else None)

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
        return self.counting.count(rule_test(rule))

    def people(
        self,
        id_: str,
        *,
        after: int = 0,
        limit: int = 50,
        for_messages: bool = False,
        channel: Channel | None = None,
    ) -> MemberPage:
        """Who is in a segment at this moment, by number upwards; for roles that may see persons.

        Args:
            id_: of the segment.
            after: the number that the page before ended with.
            limit: most people of a page.
            for_messages: only who may be written to by any channel.
            channel: only who may be written to by this one.

        Raises:
            UnknownSegment: there is none of that id.
        """
        meant = self._meant(self._held(id_))
        return self.counting.people(meant, after=after, limit=limit, for_messages=for_messages, channel=channel)

    def sizes(self, id_: str) -> list[DaySize]:
        """A segment day by day, as the job counted it, oldest first.

        Raises:
            UnknownSegment: there is none of that id.
        """
        self._held(id_)
        return days_of(self.db, id_, self.floor)

    def overlaps(self) -> list[Overlap]:
        """For any two segments how many are in both now, of at most `SAMPLE` people; rules first, then learned ones.

        Learned segments have nobody in common, so a pair of them is left out.
        """
        rules, others = self._tests()
        among = self.counting.among({**rules, **others}, SAMPLE)
        return _told_overlaps(self._shared(rules, others, among))

    def counted(self) -> OverlapTable:
        """What any two had in common when the daily job looked at everybody, by the floor of now."""
        with self.db.read() as db:
            day, shared = tables.last_overlaps(db)
            sizes = {} if day is None else tables.sizes_on(db, day)
        return OverlapTable(
            day=day,
            sizes={id_: floored(people or 0, self.floor) for id_, people in sizes.items()},
            overlaps=tuple(_told_overlaps({pair: floored(n or 0, self.floor) for pair, n in shared.items()})),
        )

    def members(self) -> Mapping[str, Collection[int]]:
        """By id of each kept rule, who is in it at this moment of all who allow counting; for figures, never told."""
        return self.counting.among(self._tests()[0], None)

    def count_all(self, on_step: OnStep = quiet) -> Mapping[str, int | None]:
        """Write how many are in each segment today, and in any two; the job's, over all who allow counting."""
        rules, others = self._tests()
        among = self.counting.among({**rules, **others}, None, on_step)
        people = {id_: floored(len(own), self.floor) for id_, own in among.items()}
        shared, day = self._shared(rules, others, among), self.today().isoformat()

        def work(db: sa.Connection) -> None:
            tables.put_sizes(db, day, people)
            tables.put_overlaps(db, day, shared)

        self.db.write(work)
        return people

    def _tests(self) -> tuple[dict[str, Meant], Mapping[str, Meant]]:
        return {one.id: self._meant(one) for one in self.all()}, self.others.tests()

    def is_in(self, segment: Segment, look: Look) -> bool:
        """Whether somebody is in a segment, as they are now."""
        return self._meant(segment)(look)

    def _meant(self, held: StoredSegment | Segment) -> Meant:
        """Whom it means, without those who asked not to be in it."""
        with self.db.read() as db:
            return but_for(_meant(held), who_muted(db, f"{SEGMENT}{held.id}"))

    def _shared(self, rules: Iterable[str], others: Iterable[str], among: Mapping[str, set[int]]) -> Shared:
        rules = list(rules)
        pairs = [*combinations(rules, 2), *product(rules, others)]
        return {(one, other): floored(len(among[one] & among[other]), self.floor) for one, other in pairs}

    def _held(self, id_: str) -> StoredSegment:
        with self.db.read() as db:
            found = tables.segment(db, id_)
        if found is None:
            raise UnknownSegment(f"There is no segment {id_!r}.", hint="List them first.")
        return found


def _told_overlaps(shared: Shared) -> list[Overlap]:
    return [Overlap(first=one, second=other, people=people) for (one, other), people in shared.items()]


def days_of(db: Database, id_: str, floor: int) -> list[DaySize]:
    """The sizes of a segment day by day, oldest first, by the floor of now."""
    with db.read() as connection:
        held = reversed(tables.sizes_of(connection, id_, DAYS))
    return [DaySize(day=day, people=floored(people or 0, floor)) for day, people in held]


def _meant(held: StoredSegment | Segment) -> Meant:
    """Whom a kept rule means; nobody, where what it asks has been denied since."""
    try:
        return rule_test(held.rule)
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
