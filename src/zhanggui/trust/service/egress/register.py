"""Keeps the register, and lets nothing out that does not stand in it.

Law: PIPL art. 21 (processors), 23 (other handlers), 38-40 (across the border), 51 (measures), 55 (assessment).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.clock import Clock, to_ms
from zhanggui.kernel.db import Database
from zhanggui.kernel.egress import EgressDoor, EgressUse, NoSeparateConsent, UnregisteredHost
from zhanggui.shop import person_of
from zhanggui.trust.engines.egress.crossing import SENT, country_of, is_abroad, keeps_back, needs
from zhanggui.trust.engines.separate import act_towards
from zhanggui.trust.errors import NoContract, UnfitSeparateAsk, UnknownHost, UnknownSeparateAsk
from zhanggui.trust.service.consenting.separate import agreed_among
from zhanggui.trust.service.ledger import Ledger
from zhanggui.trust.tables import egress as tables
from zhanggui.trust.tables.separate import newest_asks
from zhanggui.trust.types.egress import Configured, EgressHost, RegisterHost, Source
from zhanggui.trust.types.separate import SeparateAsk


class HostNoted(msgspec.Struct, frozen=True, kw_only=True):
    """The ledger's word of an entry."""

    subject: str
    use: str
    country: str
    is_personal: bool
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EgressRegister:
    """The register of one shop.

    Args:
        configured: hosts that settings name: naming one there registers it, with the words of its use, where it is
            known in which country it is; else a person completes the entry before anything is sent.
    """

    db: Database
    clock: Clock
    ledger: Ledger
    configured: tuple[Configured, ...] = ()

    def require(self, host: str, use: EgressUse) -> None:
        """Let a call pass; the first one to a host that a setting names writes it into the register.

        Raises:
            UnregisteredHost: it stands there for no such use, was removed, or its entry does not say in which country
                it is or, where personal data would go abroad, what binds the receiver.
        """
        name = host.casefold()
        with self.db.read() as db:
            kept = tables.host_of(db, name, use)
        is_named = kept is None and Configured(name, use) in self.configured
        held = _fresh(name, use, "settings", "settings", 0) if is_named else kept
        if held is None or held.is_removed:
            raise UnregisteredHost.of(host[:255], use)
        if keeps_back(use, held.country, held.contract, is_personal=held.is_personal):
            raise UnregisteredHost.incomplete(host[:255], use, held.country)
        if is_named:
            self._note(name, use, "settings", "settings")

    def door(self) -> EgressDoor:
        """The door that asks this register, for the host and for the people."""
        return EgressDoor(self.require, self.require_people)

    def require_people(self, host: str, use: EgressUse, people: Sequence[str] | None) -> None:
        """Let the data of these customers go to a host (PIPL art. 23, 39).

        Raises:
            NoSeparateConsent: it rests on separate consents, and not all gave theirs or nobody said who they are.
        """
        with self.db.read() as db:
            kept = tables.host_of(db, host.casefold(), use)
            if kept is None or not kept.separate:
                return
            if people is None:
                raise NoSeparateConsent.unsaid(host[:255], use)
            numbers = {id_: person_of(db, customer_id=id_) for id_ in people}
            agreed = _agreed(db, kept, {number for number in numbers.values() if number is not None})
        missing = sum(number not in agreed for number in numbers.values())
        if missing:
            raise NoSeparateConsent.of(host[:255], use, missing)

    def agreed(self, host: str, use: EgressUse, persons: Collection[int]) -> set[int]:
        """Those of `persons` whose data may go to a host now, as far as it is asked of them."""
        with self.db.read() as db:
            kept = tables.host_of(db, host.casefold(), use)
            return set(persons) if kept is None or not kept.separate else _agreed(db, kept, persons)

    def note(self, host: str, use: EgressUse) -> None:
        """Register a host that a merchant's own file names, in the same act; one that was removed stays out."""
        name = host.casefold()
        with self.db.read() as db:
            is_known = tables.host_of(db, name, use) is not None
        if not is_known:
            self._note(name, use, "import", "import")

    def hosts(self) -> list[EgressHost]:
        """All entries, and hosts that settings name without having been called, by name."""
        with self.db.read() as db:
            held = tables.all_hosts(db)
        known = {(one.host, one.use) for one in held}
        shown = [one for one in held if not one.is_removed]
        named = (one for one in self.configured if (one.host, one.use) not in known)
        shown.extend(_fresh(one.host, one.use, "settings", "settings", 0) for one in named)
        return [_told(one) for one in sorted(shown, key=lambda one: (one.host, one.use))]

    def add(self, wanted: RegisterHost, actor: str) -> EgressHost:
        """Register a host, or say anew what it gets.

        Raises:
            NoContract: personal data would cross the border, and no contract is named.
            UnknownSeparateAsk: it is to rest on a separate consent that nobody is asked for.
            UnfitSeparateAsk: that one is not about a receiver in this country.
        """
        usual = SENT[wanted.use]
        held = tables.HeldHost(
            host=wanted.host.casefold(),
            use=wanted.use,
            purpose=wanted.purpose or usual.purpose,
            fields=wanted.fields or usual.fields,
            is_personal=usual.is_personal if wanted.is_personal is None else wanted.is_personal,
            country=wanted.country,
            contract=wanted.contract,
            separate=wanted.separate,
            source="person",
            by=actor,
            at_ms=to_ms(self.clock()),
        )
        self._hold_to_ask(held)
        if keeps_back(wanted.use, held.country, held.contract, is_personal=held.is_personal):
            raise NoContract(
                f"{held.host} is in {held.country} and would get personal data: that is a transfer across the border.",
                hint="PIPL art. 38-39: assess it, conclude one of the ways of art. 38, ask for separate consent, and "
                "name the contract: --contract TEXT",
            )
        self.db.write(lambda db: self._put(db, held, "egress.registered", actor))
        return _told(held)

    def _hold_to_ask(self, held: tables.HeldHost) -> None:
        if not held.separate:
            return
        with self.db.read() as db:
            ask = newest_asks(db).get(held.separate)
        if ask is None:
            raise UnknownSeparateAsk.of(held.separate)
        if not _is_about(ask, held.country):
            raise UnfitSeparateAsk.of(held.host, held.country, held.separate)

    def remove(self, host: str, use: EgressUse, actor: str) -> None:
        """Take a host out; the very next call fails, also where a setting names it.

        Raises:
            UnknownHost: it does not stand there.
        """
        known = next((one for one in self.hosts() if (one.host, one.use) == (host.casefold(), use)), None)
        if known is None:
            raise UnknownHost(
                f"The register has no host {host[:80]!r} for {use}.", hint="List them: zhanggui egress list SHOP"
            )
        row = _fresh(known.host, use, known.source, actor, to_ms(self.clock()))
        gone = msgspec.structs.replace(row, is_removed=True)
        self.db.write(lambda db: self._put(db, gone, "egress.removed", actor))

    def _note(self, host: str, use: EgressUse, source: Source, actor: str) -> None:
        held = _fresh(host, use, source, actor, to_ms(self.clock()))

        def work(db: sa.Connection) -> None:
            if tables.host_of(db, host, use) is None:
                self._put(db, held, "egress.registered", actor)

        self.db.write(work)

    def _put(self, db: sa.Connection, held: tables.HeldHost, kind: str, actor: str) -> None:
        tables.put_host(db, held)
        told = HostNoted(
            subject=f"host:{held.host}",
            use=held.use,
            country=held.country,
            is_personal=held.is_personal,
            source=held.source,
        )
        self.ledger.append(db, kind, told, actor, about=f"host:{held.host}")


def _is_about(ask: SeparateAsk, country: str) -> bool:
    return ask.act is act_towards(country) and ask.country == country


def _agreed(db: sa.Connection, kept: tables.HeldHost, persons: Collection[int]) -> set[int]:
    """Whose yes holds for this host: nobody's, where what is asked has come to be about another country."""
    ask = newest_asks(db).get(kept.separate)
    return agreed_among(db, ask, persons) if ask is not None and _is_about(ask, kept.country) else set()


def _fresh(host: str, use: EgressUse, source: Source, by: str, at_ms: int) -> tables.HeldHost:
    usual = SENT[use]
    return tables.HeldHost(
        host=host,
        use=use,
        purpose=usual.purpose,
        fields=usual.fields,
        is_personal=usual.is_personal,
        country=country_of(host),
        contract="",
        source=source,
        by=by,
        at_ms=at_ms,
    )


def _told(held: tables.HeldHost) -> EgressHost:
    crosses, use = is_abroad(held.country), EgressUse(held.use)
    return EgressHost(
        host=held.host,
        use=use,
        purpose=held.purpose,
        fields=held.fields,
        is_personal=held.is_personal,
        country=held.country,
        contract=held.contract,
        separate=held.separate,
        source=held.source,
        is_abroad=crosses,
        may_be_called=keeps_back(use, held.country, held.contract, is_personal=held.is_personal) is None,
        needs=needs(held.country, held.contract, held.separate, is_personal=held.is_personal),
        by=held.by,
        at_ms=held.at_ms,
    )
