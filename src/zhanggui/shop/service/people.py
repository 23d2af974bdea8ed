"""Customers, visitors, and who is who."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

import sqlalchemy as sa

from zhanggui.kernel.clock import Clock, to_ms
from zhanggui.kernel.db import Database
from zhanggui.kernel.privacy import Cipher, ConsentGate, Purpose, Reason
from zhanggui.shop.errors import PersonErased, UnknownCustomer, UnknownLink
from zhanggui.shop.tables import links, lookups, people
from zhanggui.shop.tables.people import CUSTOMER, VISITOR
from zhanggui.shop.tables.returning import ALL_MAY_RETURN, Returning
from zhanggui.shop.types import Customer, Identified, LegalBasis, PutReport, Subject

from .checking import allowed, checked, require_allowed

INDEXED_AT_ONCE = 500
SoughtBy = Literal["phone", "email", "name"]
"""By what a customer is found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Who the shop's shoppers are. Direct identifiers are ciphertext in the store and are opened for a purpose."""

    db: Database
    clock: Clock
    cipher: Cipher
    gate: ConsentGate | None = None
    returning: Returning = ALL_MAY_RETURN

    def put_customers(self, customers: Sequence[Customer], basis: LegalBasis) -> PutReport:
        """Create or change customers by id, held on the legal basis named.

        Raises:
            InvalidFact: one does not fit; none is put then.
        """
        facts, (held,), now_ms = checked(customers, Customer), checked([basis], LegalBasis), to_ms(self.clock())

        def work(db: sa.Connection) -> PutReport:
            wanted = self.returning.without_erased(db, facts)
            return people.store_customers(db, wanted, held, self.cipher, now_ms)

        return self.db.write(work)

    def customer(self, id_: str, purpose: Purpose) -> Customer:
        """One customer, identifiers in clear.

        Raises:
            UnknownCustomer: there is none of that id.
            PurposeRefused: they have not allowed this use.
        """
        with self.db.read() as db:
            number, customer = self.customer_of(db, id_, purpose=purpose)
            require_allowed(number, purpose, self.gate)
        return customer

    def customer_of(self, db: sa.Connection, id_: str, *, purpose: Reason) -> tuple[int, Customer]:
        """The number and the row of one customer, identifiers in clear, within the caller's transaction.

        Raises:
            UnknownCustomer: there is none of that id.
        """
        numbers = people.person_numbers(db, CUSTOMER, [id_], create=False)
        found = people.customers_by_number(db, self.cipher, list(numbers.values()), purpose=purpose)
        if not found:
            raise _unknown(id_)
        return found[0].number, found[0].customer

    def customers(self, after: str | None = None, limit: int = 50, *, purpose: Purpose) -> list[Customer]:
        """Customers in the order in which the shop came to know them; those who refuse the purpose are left out."""
        with self.db.read() as db:
            known = people.person_numbers(db, CUSTOMER, [after] if after else [], create=False)
            if after is not None and after not in known:
                raise _unknown(after)
            held = people.customers_page(db, self.cipher, after=known.get(after or "", 0), limit=limit, purpose=purpose)
            may = allowed([one.number for one in held], purpose, self.gate)
        return [one.customer for one in held if one.number in may]

    def find(self, kind: SoughtBy, clear: str, *, purpose: Purpose) -> list[Customer]:
        """Customers whose phone, e-mail address or whole name this is, however it is spelled, by keyed hashes.

        A nickname is a name. Those who refuse the purpose are left out.
        """
        with self.db.read() as db:
            numbers = lookups.numbers_found(db, self.cipher, kind, clear, purpose=purpose)
            held = people.customers_by_number(db, self.cipher, numbers, purpose=purpose)
            may = allowed([one.number for one in held], purpose, self.gate)
        return [one.customer for one in held if one.number in may]

    def index_some(self, at_once: int = INDEXED_AT_ONCE) -> int:
        """Keep by what customers are found who came before that was kept; returns how many, 0 at the end."""
        return self.db.write(lambda db: people.index_some(db, self.cipher, at_once))

    def identify(self, visitor_id: str, customer_id: str) -> str:
        """A login: this visitor is this customer, from the very next answer on.

        Returns:
            The id of the link, for `undo_identify`; a login that says nothing new gives the id of the link in force.
        """
        login = Identified(visitor_id=visitor_id, customer_id=customer_id)
        return self.identify_all([login])[0]

    def identify_all(self, logins: Sequence[Identified]) -> list[str]:
        """Many logins, in order; one without a moment happens now.

        Raises:
            PersonErased: one names somebody who was erased.
        """
        facts, now_ms = checked(logins, Identified), to_ms(self.clock())

        def work(db: sa.Connection) -> list[str]:
            if len(self.returning.without_erased(db, facts)) < len(facts):
                raise PersonErased.on_login()
            return identify(db, facts, now_ms)

        return self.db.write(work)

    def undo_identify(self, link_id: str) -> None:
        """Take a login back: what held before it holds again. Doing it twice changes nothing more.

        Raises:
            UnknownLink: no login has that id.
        """
        now_ms = to_ms(self.clock())

        def undo(db: sa.Connection) -> None:
            found = links.link(db, link_id)
            if found is None:
                raise UnknownLink(f"No login has the id {link_id!r}.", hint="Use the id that identify answered with.")
            if found.undone_ms is None:
                links.set_undone(db, found, now_ms)

        self.db.write(undo)

    def numbers(
        self,
        db: sa.Connection,
        customer_ids: Collection[str] = (),
        visitor_ids: Collection[str] = (),
        *,
        create: bool = False,
    ) -> dict[tuple[int, str], int]:
        """Dense integers by (kind, id): kind 0 is a customer, 1 a visitor, since both may use one id.

        Raises:
            PersonErased: somebody who was erased would get a number again.
        """
        found: dict[tuple[int, str], int] = {}
        for kind, ids in ((CUSTOMER, customer_ids), (VISITOR, visitor_ids)):
            if create and self.returning.gone(db, kind, ids):
                raise PersonErased.on_login()
            for id_, number in people.person_numbers(db, kind, ids, create=create).items():
                found[kind, id_] = number
        return found

    def subject(
        self, db: sa.Connection, customer_id: str | None = None, visitor_id: str | None = None
    ) -> Subject | None:
        """Whose history an answer rests on: the customer's with all its visitors', else the visitor's alone.

        Named together, the customer counts, and the visitor belongs to them unless it is somebody else's.
        None when neither is known.
        """
        visitor = None if visitor_id is None else people.person_number(db, VISITOR, visitor_id)
        customer = None if customer_id is None else people.person_number(db, CUSTOMER, customer_id)
        owner = None if visitor is None else links.customer_of(db, visitor)
        if customer_id is None:
            customer = owner
        if customer is None:
            return Subject(visitor, (visitor,)) if visitor is not None and owner is None else None
        own = links.visitors_of(db, customer)
        if visitor is not None and owner is None:
            own.append(visitor)
        return Subject(customer, (customer, *own))


def identify(db: sa.Connection, logins: Sequence[Identified], now_ms: int) -> list[str]:
    """Note logins inside the caller's `write`; see `People.identify_all`."""
    visitors = people.person_numbers(db, VISITOR, [login.visitor_id for login in logins], create=True)
    customers = people.person_numbers(db, CUSTOMER, [login.customer_id for login in logins], create=True)
    at = [now_ms if login.at is None else to_ms(login.at) for login in logins]
    wanted = [
        (visitors[login.visitor_id], customers[login.customer_id], ms) for login, ms in zip(logins, at, strict=True)
    ]
    return links.note_logins(db, wanted)


def _unknown(id_: str) -> UnknownCustomer:
    return UnknownCustomer(f"No customer has the id {id_!r}.", hint="Import customers, or look at the spelling.")
