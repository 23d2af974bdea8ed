"""Whose rows may be read for what: implements `kernel.privacy.ConsentGate`."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.changes import announce, changes_since, last_seq
from zhanggui.kernel.clock import Clock, from_ms, to_ms
from zhanggui.kernel.db import Database
from zhanggui.kernel.privacy import Channel, Purpose
from zhanggui.shop import PersonBases, bases_of, bases_of_unlinked, person_of, subjects_of
from zhanggui.trust.engines.consent import SPOKEN_FOR, granted_by_default, newest, said_of
from zhanggui.trust.errors import UnknownPerson, VersionedNotice
from zhanggui.trust.tables import consenting
from zhanggui.trust.tables import consents as tables
from zhanggui.trust.tables.consents import HeldConsent
from zhanggui.trust.types.consents import Consent, Notice
from zhanggui.trust.types.notices import NoticeBook, parts_of

from .consenting.notices import stamped
from .consenting.reaching import ChannelWords, counting
from .ledger import Ledger

LARGEST_MEMORY = 200_000
_NOBODY = PersonBases(is_visitor=False)


class ConsentRecorded(msgspec.Struct, frozen=True, kw_only=True):
    """What the ledger keeps of a consent; erasure may take it, and leaves its receipt."""

    person: int
    purpose: str
    is_granted: bool
    basis: str
    notice: str
    channel: str = ""


@dataclass(frozen=True, slots=True)
class _Remembered:
    """Who was allowed what while the store stood at one change; replaced as a whole, for threads share it."""

    seq: int
    allowed: set[tuple[int, Purpose]]
    notices: NoticeBook


class Consents:
    """Records consent and answers for it. Consent follows the link between a visitor and a customer."""

    def __init__(self, *, db: Database, clock: Clock, ledger: Ledger) -> None:
        self._db = db
        self._clock = clock
        self._ledger = ledger
        self._remembered: _Remembered | None = None

    def allows(self, person: int, purpose: Purpose) -> bool:
        """Whether one person's data may be used for `purpose` now."""
        with self._db.read() as db:
            return self.allows_in(db, person, purpose)

    def allows_in(self, db: sa.Connection, person: int, purpose: Purpose) -> bool:
        """What `allows` says, as the connection sees it."""
        memory = self._memory(db)
        if (person, purpose) in memory.allowed:
            return True
        is_allowed = self._is_allowed(db, person, purpose, memory.notices)
        if is_allowed:  # a no is not remembered: a first order may turn it into a yes without a change of consent
            memory.allowed.add((person, purpose))
        return is_allowed

    def allowed_among(self, persons: Collection[int], purpose: Purpose) -> set[int]:
        """Those of `persons` whose data may be used for `purpose` now."""
        with self._db.read() as db:
            return self._allowed_among(db, persons, purpose, consenting.notice_book(db))

    def allowed_through(self, persons: Collection[int], purpose: Purpose, channel: Channel) -> set[int]:
        """Those of `persons` who may be reached by a channel for `purpose` now."""
        with self._db.read() as db:
            book = consenting.notice_book(db)
            allowed = self._allowed_among(db, persons, purpose, book)
            words = ChannelWords.of(db, persons, book)
        return {person for person in persons if words.may(person, purpose, channel, is_allowed=person in allowed)}

    def of(self, person: int) -> tuple[Consent, ...]:
        """What holds for each purpose, and why."""
        with self._db.read() as db:
            roots, members = subjects_of(db, [person])
            root = roots[person]
            records = tables.consents_of(db, members[root])
            held = bases_of(db, [root]).get(root, _NOBODY)
            book = consenting.notice_book(db)
            words = ChannelWords.of(db, [person], book)
        found = []
        for purpose in Purpose:
            said = _consent(purpose, records, held, book)
            channels = words.told(person, purpose, is_allowed=said.is_granted)
            found.append(msgspec.structs.replace(said, channels=channels) if channels else said)
        return tuple(found)

    def record(
        self,
        person: int,
        purpose: Purpose,
        *,
        granted: bool,
        actor: str,
        notice: str = "",
        channel: Channel | None = None,
    ) -> None:
        """Note that a person consents to a purpose, or refuses it; it holds from the next answer on.

        With `channel` it is said of that one way to reach them; a purpose that is refused is refused by all ways.

        Raises:
            UnknownNotice: the notice has versions, and none of the one named.
        """
        now_ms, way = to_ms(self._clock()), "" if channel is None else channel.value

        def work(db: sa.Connection) -> None:
            agreed = stamped(db, notice)
            if channel is None:
                tables.store_consent(db, HeldConsent(person, purpose.value, granted, "consent", agreed, now_ms))
            else:
                said = consenting.HeldChannel(person, purpose.value, channel.value, granted, agreed, now_ms)
                consenting.store_channels(db, [said])
            announce(db, "consent", [str(person)])
            entry = ConsentRecorded(
                person=person,
                purpose=purpose.value,
                is_granted=granted,
                basis="consent",
                notice=agreed,
                channel=way,
            )
            kind = "consent.granted" if granted else "consent.refused"
            self._ledger.append(db, kind, entry, actor, person=person)

        self._db.write(work)

    def set_personalization(self, person: int, *, on: bool, actor: str) -> None:
        """Turn personalization on or off (PIPL art. 24)."""
        self.record(person, Purpose.PERSONALIZATION, granted=on, actor=actor)

    def set_notice(self, notice: Notice, actor: str) -> None:
        """Say what agreeing to a notice grants; rows that were imported on it follow at once.

        Raises:
            VersionedNotice: it has versions, which people agreed to as they stand.
        """

        def work(db: sa.Connection) -> None:
            if consenting.versions(db, notice.notice):
                raise VersionedNotice.of(notice.notice)
            tables.store_notice(db, notice.notice, notice.purposes)
            announce(db, "consent", ["notice"])
            self._ledger.append(db, "consent.notice", notice, actor)

        self._db.write(work)

    def notices(self) -> Sequence[Notice]:
        """All notices by name."""
        with self._db.read() as db:
            held = tables.notices(db)
        return [Notice(notice=name, purposes=tuple(sorted(held[name]))) for name in sorted(held)]

    def person(self, *, customer_id: str | None = None, visitor_id: str | None = None) -> int:
        """The number of a customer or a visitor.

        Raises:
            UnknownPerson: the shop knows none of that id.
        """
        with self._db.read() as db:
            found = person_of(db, customer_id=customer_id, visitor_id=visitor_id)
        if found is None:
            what = f"customer {customer_id!r}" if customer_id is not None else f"visitor {visitor_id!r}"
            raise UnknownPerson(f"The shop knows no {what}.", hint="Import the customer, or post an event first.")
        return found

    def _is_allowed(self, db: sa.Connection, person: int, purpose: Purpose, book: NoticeBook) -> bool:
        held = None if purpose is Purpose.SERVICE else bases_of_unlinked(db, person)
        if held is None:
            return person in self._allowed_among(db, [person], purpose, book)
        records = counting(tables.consents_of(db, [person]), book)
        said = said_of(purpose, [(record.purpose, record.at_ms, record.granted) for record in records])
        if said is None:
            return granted_by_default(purpose, is_visitor=held.is_visitor, bases=held.bases, notices=book.grants)
        return said

    def _allowed_among(
        self, db: sa.Connection, persons: Collection[int], purpose: Purpose, book: NoticeBook
    ) -> set[int]:
        wanted = set(persons)
        if purpose is Purpose.SERVICE or not wanted:
            return wanted
        roots, members = subjects_of(db, wanted)
        root_of = {person: root for root, group in members.items() for person in group}
        records: dict[int, list[tuple[str, int, bool]]] = {}
        for record in counting(self._records(db, root_of, purpose), book):
            if record.person in root_of:
                records.setdefault(root_of[record.person], []).append((record.purpose, record.at_ms, record.granted))
        said = {root: said_of(purpose, of_root) for root, of_root in records.items()}
        silent = [root for root in members if said.get(root) is None]
        held = bases_of(db, silent)
        allowed = {root for root, is_granted in said.items() if is_granted}
        for root in silent:
            known = held.get(root, _NOBODY)
            if granted_by_default(purpose, is_visitor=known.is_visitor, bases=known.bases, notices=book.grants):
                allowed.add(root)
        return {person for person, root in roots.items() if root in allowed}

    def _records(self, db: sa.Connection, persons: Collection[int], purpose: Purpose) -> list[HeldConsent]:
        if len(persons) <= tables.FEW:
            return tables.consents_of(db, persons)
        return tables.consents_for(db, {purpose, SPOKEN_FOR.get(purpose, purpose)})

    def _memory(self, db: sa.Connection) -> _Remembered:
        seq, held = last_seq(db), self._remembered
        if held is not None and held.seq == seq and len(held.allowed) <= LARGEST_MEMORY:
            return held
        if held is None or _is_stale(db, held):
            memory = _Remembered(seq, set(), consenting.notice_book(db))
        else:
            is_full = len(held.allowed) > LARGEST_MEMORY
            memory = _Remembered(seq, set() if is_full else held.allowed, held.notices)
        self._remembered = memory
        return memory


def _is_stale(db: sa.Connection, held: _Remembered) -> bool:
    changed = changes_since(db, held.seq)
    return changed is None or any(change.kind in {"consent", "person"} for change in changed)


def _consent(purpose: Purpose, records: Sequence[HeldConsent], held: PersonBases, book: NoticeBook) -> Consent:
    """What holds for one purpose of a subject with these records and bases."""
    of_purpose = [record for record in records if record.purpose == purpose.value]
    counted = counting(of_purpose, book)
    said = newest((record.at_ms, record.granted) for record in counted)
    if said is not None:
        last = max(counted, key=lambda record: (record.at_ms, not record.granted))
        return Consent(
            purpose=purpose,
            is_granted=said,
            is_recorded=True,
            basis=last.basis,
            notice=last.notice,
            at=from_ms(last.at_ms),
            version=parts_of(last.notice)[1],
        )
    said = said_of(purpose, [(record.purpose, record.at_ms, record.granted) for record in counting(records, book)])
    default = said is None and granted_by_default(
        purpose, is_visitor=held.is_visitor, bases=held.bases, notices=book.grants
    )
    old = max(of_purpose, key=lambda record: record.at_ms, default=None)
    if old is None:
        return Consent(purpose=purpose, is_granted=default, is_recorded=False)
    return Consent(
        purpose=purpose,
        is_granted=default,
        is_recorded=False,
        notice=old.notice,
        at=from_ms(old.at_ms),
        version=parts_of(old.notice)[1],
        is_outdated=True,
    )
