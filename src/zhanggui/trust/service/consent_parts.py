"""Consents and notices as parts of a shop's export: see `ExportPart` of the shop room."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.changes import announce
from zhanggui.kernel.clock import from_ms, to_ms
from zhanggui.kernel.privacy import Purpose
from zhanggui.shop import PutReport
from zhanggui.trust.tables import consents as tables
from zhanggui.trust.tables.consents import HeldConsent
from zhanggui.trust.types.consents import Notice

from .consents import ConsentRecorded
from .ledger import Ledger, LedgerDraft

RESTORER = "restore"


class PersonNames(Protocol):
    """The merchant's ids of our numbers, and back: the shop room's."""

    def people(self, db: sa.Connection, numbers: Collection[int]) -> dict[int, tuple[str | None, str | None]]:
        """(customer id, visitor id) of these persons; numbers that are nobody's are left out."""

    def people_numbers(self, db: sa.Connection, people: Sequence[tuple[str | None, str | None]]) -> list[int]:
        """The number of each, in their order; who is not known yet gets one."""


class ConsentRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What one person said about one purpose."""

    at: datetime
    customer_id: str | None = None
    visitor_id: str | None = None
    purpose: Purpose
    is_granted: bool
    basis: str
    notice: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticePart:
    """What agreeing to each notice grants."""

    ledger: Ledger

    name = "notices"
    holds = Notice

    def rows(self, db: sa.Connection) -> Iterator[list[Notice]]:
        """All notices, by name."""
        held = tables.notices(db)
        yield [Notice(notice=name, purposes=tuple(sorted(held[name]))) for name in sorted(held)]

    def restore(self, db: sa.Connection, rows: Sequence[Notice], now_ms: int) -> PutReport:
        """Add notices that are not there; one that is there means what it means here."""
        del now_ms  # the ledger has the moment
        held = tables.notices(db)
        new = [row for row in rows if row.notice not in held]
        for notice in new:
            tables.store_notice(db, notice.notice, notice.purposes)
            self.ledger.append(db, "consent.notice", notice, RESTORER)
        if new:
            announce(db, "consent", ["notice"])
        return PutReport(len(new), 0, len(rows) - len(new))


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentPart:
    """What people consented to and refused."""

    ledger: Ledger
    names: PersonNames

    name = "consents"
    holds = ConsentRow

    def rows(self, db: sa.Connection) -> Iterator[list[ConsentRow]]:
        """All records by moment; of one moment by person and purpose."""
        for _, group in itertools.groupby(tables.consents_in_time(db), key=lambda held: held.at_ms):
            records = list(group)
            ids = self.names.people(db, {held.person for held in records})
            named = [(ids[held.person], held) for held in records if held.person in ids]
            yield [_row(*pair) for pair in sorted(named, key=_place)]

    def restore(self, db: sa.Connection, rows: Sequence[ConsentRow], now_ms: int) -> PutReport:
        """Take in what is not there, or is newer than what is there."""
        del now_ms  # a consent holds from the moment at which it was given
        numbers = self.names.people_numbers(db, [(row.customer_id, row.visitor_id) for row in rows])
        wanted = [_held(number, row) for number, row in zip(numbers, rows, strict=True)]
        there = {(held.person, held.purpose): held for held in tables.consents_of(db, {held.person for held in wanted})}
        new = [held for held in wanted if _is_newer(held, there.get((held.person, held.purpose)))]
        tables.store_consents(db, new)
        announce(db, "consent", (str(held.person) for held in new))
        self.ledger.append_many(db, map(_draft, new))
        created = sum((held.person, held.purpose) not in there for held in new)
        return PutReport(created, len(new) - created, len(rows) - len(new))


def _place(named: tuple[tuple[str | None, str | None], HeldConsent]) -> tuple[str, str, str]:
    (customer_id, visitor_id), held = named
    return customer_id or "", visitor_id or "", held.purpose


def _row(person: tuple[str | None, str | None], held: HeldConsent) -> ConsentRow:
    customer_id, visitor_id = person
    return ConsentRow(
        at=from_ms(held.at_ms),
        customer_id=customer_id,
        visitor_id=visitor_id,
        purpose=Purpose(held.purpose),
        is_granted=held.granted,
        basis=held.basis,
        notice=held.notice,
    )


def _held(person: int, row: ConsentRow) -> HeldConsent:
    return HeldConsent(person, row.purpose.value, row.is_granted, row.basis, row.notice, to_ms(row.at))


def _is_newer(held: HeldConsent, there: HeldConsent | None) -> bool:
    return there is None or held.at_ms > there.at_ms


def _draft(held: HeldConsent) -> LedgerDraft:
    entry = ConsentRecorded(
        person=held.person, purpose=held.purpose, is_granted=held.granted, basis=held.basis, notice=held.notice
    )
    kind = "consent.granted" if held.granted else "consent.refused"
    return LedgerDraft(kind=kind, payload=entry, actor=RESTORER, person=held.person)
