"""Versions of notices, what was said of channels, and contests as parts of an export: see `ExportPart` of shop."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.changes import announce
from zhanggui.kernel.clock import from_ms, to_ms
from zhanggui.kernel.privacy import Channel, Purpose
from zhanggui.shop import PutReport
from zhanggui.trust.tables import consenting, contests
from zhanggui.trust.tables.consenting import HeldChannel
from zhanggui.trust.types.contests import ContestAnswer, Decision, HeldContest
from zhanggui.trust.types.notices import NoticeVersion

from .consent_parts import RESTORER, PersonNames
from .consents import ConsentRecorded
from .contesting import noted
from .ledger import Ledger, LedgerDraft

PAGE = 1_000


class ChannelRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What one person said about one way to reach them."""

    at: datetime
    customer_id: str | None = None
    visitor_id: str | None = None
    purpose: Purpose
    channel: Channel
    is_granted: bool
    notice: str = ""


class ContestRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A contest with its answer. Numbers of ledger entries stay behind: in another shop they are of something else."""

    id: str
    at: datetime
    due_at: datetime
    customer_id: str | None = None
    visitor_id: str | None = None
    decision: Decision
    about: str = ""
    list_id: str = ""
    shown: str = ""
    words: str
    answer: ContestAnswer | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeVersionPart:
    """Versions of notices as they were published."""

    ledger: Ledger

    name = "notice-versions"
    holds = NoticeVersion

    def rows(self, db: sa.Connection) -> Iterator[list[NoticeVersion]]:
        """All versions, by name and number."""
        yield consenting.versions(db)

    def restore(self, db: sa.Connection, rows: Sequence[NoticeVersion], now_ms: int) -> PutReport:
        """Add versions that are not there; one that is there was agreed to as it stands."""
        del now_ms  # a version holds from the moment at which it was published
        there = {(one.notice, one.version) for one in consenting.versions(db)}
        new = [row for row in rows if (row.notice, row.version) not in there]
        consenting.add_versions(db, new, [to_ms(row.at) for row in new])
        for version in new:
            self.ledger.append(db, "consent.notice", version, RESTORER)
        if new:
            announce(db, "consent", ["notice"])
        return PutReport(len(new), 0, len(rows) - len(new))


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelPart:
    """What people said about single channels."""

    ledger: Ledger
    names: PersonNames

    name = "channel-consents"
    holds = ChannelRow

    def rows(self, db: sa.Connection) -> Iterator[list[ChannelRow]]:
        """All of it by moment; of one moment by person, purpose and channel."""
        for _, group in itertools.groupby(consenting.channels_in_time(db), key=lambda held: held.at_ms):
            said = list(group)
            ids = self.names.people(db, {held.person for held in said})
            rows = [_channel_row(ids[held.person], held) for held in said if held.person in ids]
            yield sorted(rows, key=_place)

    def restore(self, db: sa.Connection, rows: Sequence[ChannelRow], now_ms: int) -> PutReport:
        """Take in what is not there, or is newer than what is there."""
        del now_ms  # it holds from the moment at which it was said
        numbers = self.names.people_numbers(db, [(row.customer_id, row.visitor_id) for row in rows])
        wanted = [
            HeldChannel(number, row.purpose.value, row.channel.value, row.is_granted, row.notice, to_ms(row.at))
            for number, row in zip(numbers, rows, strict=True)
        ]
        held = consenting.channels_of(db, {one.person for one in wanted})
        there = {(one.person, one.purpose, one.channel): one.at_ms for one in held}
        new = [one for one in wanted if one.at_ms > there.get((one.person, one.purpose, one.channel), -1)]
        consenting.store_channels(db, new)
        announce(db, "consent", (str(one.person) for one in new))
        self.ledger.append_many(db, map(_said, new))
        created = sum((one.person, one.purpose, one.channel) not in there for one in new)
        return PutReport(created, len(new) - created, len(rows) - len(new))


@dataclass(frozen=True, slots=True, kw_only=True)
class ContestPart:
    """What people contested, and what they were answered."""

    ledger: Ledger
    names: PersonNames

    name = "contests"
    holds = ContestRow

    def rows(self, db: sa.Connection) -> Iterator[list[ContestRow]]:
        """All contests, oldest first."""
        after = ""
        while page := contests.contests_page(db, state=None, late_before_ms=None, after=after, limit=PAGE):
            after = page[-1].id
            ids = self.names.people(db, {held.person for held in page})
            yield [_contest_row(ids[held.person], held) for held in page if held.person in ids]

    def restore(self, db: sa.Connection, rows: Sequence[ContestRow], now_ms: int) -> PutReport:
        """Add contests that are not there; one that is there stands as it was left."""
        del now_ms  # it is due when it was promised
        new = [row for row in rows if contests.contest(db, row.id) is None]
        numbers = self.names.people_numbers(db, [(row.customer_id, row.visitor_id) for row in new])
        for row, person in zip(new, numbers, strict=True):
            held = HeldContest(
                id=row.id,
                person=person,
                decision=row.decision,
                about=row.about,
                list_id=row.list_id,
                shown=row.shown,
                words=row.words,
                at=row.at,
                due_at=row.due_at,
                answer=row.answer,
            )
            contests.put_contest(db, held)
            kind = "contest.opened" if row.answer is None else "contest.answered"
            self.ledger.append(db, kind, noted(held), RESTORER, person=person, about=f"contest:{held.id}")
        return PutReport(len(new), 0, len(rows) - len(new))


def _place(row: ChannelRow) -> tuple[str, str, str, str]:
    return row.customer_id or "", row.visitor_id or "", row.purpose, row.channel


def _channel_row(person: tuple[str | None, str | None], held: HeldChannel) -> ChannelRow:
    customer_id, visitor_id = person
    return ChannelRow(
        at=from_ms(held.at_ms),
        customer_id=customer_id,
        visitor_id=visitor_id,
        purpose=Purpose(held.purpose),
        channel=Channel(held.channel),
        is_granted=held.granted,
        notice=held.notice,
    )


def _contest_row(person: tuple[str | None, str | None], held: HeldContest) -> ContestRow:
    customer_id, visitor_id = person
    return ContestRow(
        id=held.id,
        at=held.at,
        due_at=held.due_at,
        customer_id=customer_id,
        visitor_id=visitor_id,
        decision=held.decision,
        about=held.about,
        list_id=held.list_id,
        shown=held.shown,
        words=held.words,
        answer=held.answer,
    )


def _said(held: HeldChannel) -> LedgerDraft:
    entry = ConsentRecorded(
        person=held.person,
        purpose=held.purpose,
        is_granted=held.granted,
        basis="consent",
        notice=held.notice,
        channel=held.channel,
    )
    kind = "consent.granted" if held.granted else "consent.refused"
    return LedgerDraft(kind=kind, payload=entry, actor=RESTORER, person=held.person)
