"""Separate consents: publishes what is asked, notes what people say to it, and says whose yes holds."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.clock import Clock, from_ms, to_ms
from zhanggui.kernel.db import Database
from zhanggui.shop import subjects_of
from zhanggui.trust.engines.separate import ARTICLES, is_agreed, is_placed, untold
from zhanggui.trust.errors import EndedSeparateAsk, OutdatedSeparateAsk, UnknownSeparateAsk, UntoldSeparateAsk
from zhanggui.trust.service.ledger import Ledger
from zhanggui.trust.tables import separate as tables
from zhanggui.trust.tables.separate import HeldSeparate
from zhanggui.trust.types.separate import (
    PublishSeparateAsk,
    RecordSeparate,
    SeparateAsk,
    SeparateConsent,
    SeparateCount,
)


class SeparateRecorded(msgspec.Struct, frozen=True, kw_only=True):
    """What the ledger keeps of a separate consent; erasure may take it, and leaves its receipt."""

    person: int
    name: str
    version: int
    act: str
    is_granted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SeparateConsents:
    """Keeps separate consents, beside the purposes and never drawn from them; they follow the link to a visitor."""

    db: Database
    clock: Clock
    ledger: Ledger

    def publish(self, name: str, draft: PublishSeparateAsk, actor: str) -> SeparateAsk:
        """Ask for something, or ask anew: a yes to an older version does not count from now on.

        Raises:
            UntoldSeparateAsk: it does not say what its article asks to be told, or names the wrong one for the country.
        """
        missing = untold(draft)
        if missing:
            raise UntoldSeparateAsk.of(ARTICLES[draft.act], missing)
        if not is_placed(draft):
            raise UntoldSeparateAsk.misplaced(draft.act, draft.country)
        now = self.clock()

        def work(db: sa.Connection) -> SeparateAsk:
            number = max((one.version for one in tables.asks(db, name)), default=0) + 1
            fields = msgspec.structs.asdict(draft)
            return self._add(db, SeparateAsk(name=name, version=number, at=now, by=actor, **fields))

        return self.db.write(work)

    def end(self, name: str, actor: str) -> SeparateAsk:
        """Ask no more; no yes to it counts from now on.

        Raises:
            UnknownSeparateAsk: nothing of that name was ever asked.
            EndedSeparateAsk: it is over already.
        """
        now = self.clock()

        def work(db: sa.Connection) -> SeparateAsk:
            ask = tables.newest_asks(db).get(name)
            if ask is None:
                raise UnknownSeparateAsk.of(name)
            if not ask.is_open:
                raise EndedSeparateAsk.of(name, ask.version)
            last = msgspec.structs.replace(ask, version=ask.version + 1, at=now, by=actor, is_open=False)
            return self._add(db, last)

        return self.db.write(work)

    def _add(self, db: sa.Connection, ask: SeparateAsk) -> SeparateAsk:
        tables.add_asks(db, [ask], [to_ms(ask.at)])
        self.ledger.append(db, "consent.separate_asked", ask, ask.by)
        return ask

    def asks(self) -> list[SeparateCount]:
        """The newest version of each, those that are over too, with how many people's yes holds."""
        with self.db.read() as db:
            return [SeparateCount(ask=ask, agreed=_agreed(db, ask)) for ask in tables.newest_asks(db).values()]

    def of(self, person: int | None) -> tuple[SeparateConsent, ...]:
        """What holds for a person, for each ask that is open; of nobody (None) nothing was said."""
        with self.db.read() as db:
            asks = [ask for ask in tables.newest_asks(db).values() if ask.is_open]
            held = [] if person is None or not asks else tables.separate_of(db, _members(db, person))
        return tuple(_told(ask, [one for one in held if one.name == ask.name]) for ask in asks)

    def record(self, person: int, said: RecordSeparate, actor: str) -> None:
        """Note a yes or a no; it holds for the very next call to a receiver.

        Raises:
            UnknownSeparateAsk: nothing of that name is asked, or not any more.
            OutdatedSeparateAsk: the yes is to a version that a newer one replaced; a no is taken whatever they saw.
        """
        now_ms = to_ms(self.clock())

        def work(db: sa.Connection) -> None:
            ask = tables.newest_asks(db).get(said.name)
            if ask is None or (said.is_granted and not ask.is_open):
                raise UnknownSeparateAsk.of(said.name)
            if said.is_granted and said.version not in (None, ask.version):
                raise OutdatedSeparateAsk.of(said.name, ask.version)
            tables.store_separate(db, [HeldSeparate(person, ask.name, ask.version, said.is_granted, now_ms)])
            self.ledger.append(db, kind_of(granted=said.is_granted), noted(ask, person, said), actor, person=person)

        self.db.write(work)


def kind_of(*, granted: bool) -> str:
    """The ledger's kind of a yes or a no."""
    return "consent.separate_granted" if granted else "consent.separate_refused"


def noted(ask: SeparateAsk, person: int, said: RecordSeparate) -> SeparateRecorded:
    """The ledger's word of a yes or a no."""
    return SeparateRecorded(
        person=person, name=ask.name, version=ask.version, act=ask.act.value, is_granted=said.is_granted
    )


def agreed_among(db: sa.Connection, ask: SeparateAsk, persons: Collection[int]) -> set[int]:
    """Those of `persons` whose yes to what is asked now holds, as the connection sees it."""
    roots, members = subjects_of(db, set(persons)) if persons else ({}, {})
    root_of = {person: root for root, group in members.items() for person in group}
    words: dict[int, list[HeldSeparate]] = {}
    for held in tables.separate_of(db, root_of):
        if held.name == ask.name:
            words.setdefault(root_of[held.person], []).append(held)
    return {person for person, root in roots.items() if is_agreed(ask, _plain(words.get(root, [])))}


def _agreed(db: sa.Connection, ask: SeparateAsk) -> int:
    said = {held.person for held in tables.separate_to(db, ask.name) if held.granted}
    agreed = agreed_among(db, ask, said)
    roots, _ = subjects_of(db, agreed) if agreed else ({}, {})
    return len(set(roots.values()))


def _members(db: sa.Connection, person: int) -> Collection[int]:
    roots, members = subjects_of(db, [person])
    return members[roots[person]]


def _told(ask: SeparateAsk, held: list[HeldSeparate]) -> SeparateConsent:
    last = max(held, key=lambda one: (one.at_ms, not one.granted), default=None)
    return SeparateConsent(
        ask=ask,
        is_granted=is_agreed(ask, _plain(held)),
        at=None if last is None else from_ms(last.at_ms),
        is_outdated=last is not None and last.granted and last.version != ask.version,
    )


def _plain(held: Collection[HeldSeparate]) -> list[tuple[int, int, bool]]:
    return [(one.version, one.at_ms, one.granted) for one in held]
