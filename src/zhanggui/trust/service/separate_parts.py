"""Separate consents as parts of an export: see `ExportPart` of shop."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.clock import from_ms, to_ms
from zhanggui.shop import PutReport
from zhanggui.trust.tables import separate as tables
from zhanggui.trust.tables.separate import HeldSeparate
from zhanggui.trust.types.separate import AskName, SeparateAsk

from .consent_parts import RESTORER, PersonNames
from .consenting.separate import SeparateRecorded, kind_of
from .ledger import Ledger, LedgerDraft


class SeparateRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What one person said to one ask, and to which version."""

    at: datetime
    customer_id: str | None = None
    visitor_id: str | None = None
    name: AskName
    version: int
    is_granted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SeparateAskPart:
    """Versions of what is asked, as they were published."""

    ledger: Ledger

    name = "separate-asks"
    holds = SeparateAsk

    def rows(self, db: sa.Connection) -> Iterator[list[SeparateAsk]]:
        """All versions, by name and number."""
        yield tables.asks(db)

    def restore(self, db: sa.Connection, rows: Sequence[SeparateAsk], now_ms: int) -> PutReport:
        """Add versions that are not there; one that is there was agreed to as it stands."""
        del now_ms  # a version holds from the moment at which it was published
        there = {(one.name, one.version) for one in tables.asks(db)}
        new = [row for row in rows if (row.name, row.version) not in there]
        tables.add_asks(db, new, [to_ms(row.at) for row in new])
        for ask in new:
            self.ledger.append(db, "consent.separate_asked", ask, RESTORER)
        return PutReport(len(new), 0, len(rows) - len(new))


@dataclass(frozen=True, slots=True, kw_only=True)
class SeparateConsentPart:
    """What people said to separate asks."""

    ledger: Ledger
    names: PersonNames

    name = "separate-consents"
    holds = SeparateRow

    def rows(self, db: sa.Connection) -> Iterator[list[SeparateRow]]:
        """All of it by moment; of one moment by person and name."""
        for _, group in itertools.groupby(tables.separate_in_time(db), key=lambda held: held.at_ms):
            said = list(group)
            ids = self.names.people(db, {held.person for held in said})
            yield sorted((_row(ids[held.person], held) for held in said if held.person in ids), key=_place)

    def restore(self, db: sa.Connection, rows: Sequence[SeparateRow], now_ms: int) -> PutReport:
        """Take in what is not there, or is newer than what is there."""
        del now_ms  # it holds from the moment at which it was said
        numbers = self.names.people_numbers(db, [(row.customer_id, row.visitor_id) for row in rows])
        wanted = [
            HeldSeparate(number, row.name, row.version, row.is_granted, to_ms(row.at))
            for number, row in zip(numbers, rows, strict=True)
        ]
        held = tables.separate_of(db, {one.person for one in wanted})
        there = {(one.person, one.name): one.at_ms for one in held}
        new = [one for one in wanted if one.at_ms > there.get((one.person, one.name), -1)]
        tables.store_separate(db, new)
        acts = {(ask.name, ask.version): ask.act.value for ask in tables.asks(db)}
        self.ledger.append_many(db, (_draft(one, acts.get((one.name, one.version), "")) for one in new))
        created = sum((one.person, one.name) not in there for one in new)
        return PutReport(created, len(new) - created, len(rows) - len(new))


def _place(row: SeparateRow) -> tuple[str, str, str]:
    return row.customer_id or "", row.visitor_id or "", row.name


def _row(person: tuple[str | None, str | None], held: HeldSeparate) -> SeparateRow:
    customer_id, visitor_id = person
    return SeparateRow(
        at=from_ms(held.at_ms),
        customer_id=customer_id,
        visitor_id=visitor_id,
        name=held.name,
        version=held.version,
        is_granted=held.granted,
    )


def _draft(held: HeldSeparate, act: str) -> LedgerDraft:
    entry = SeparateRecorded(person=held.person, name=held.name, version=held.version, act=act, is_granted=held.granted)
    return LedgerDraft(kind=kind_of(granted=held.granted), payload=entry, actor=RESTORER, person=held.person)
