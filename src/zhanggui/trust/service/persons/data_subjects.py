"""Who is meant: a customer or a visitor with all numbers that are theirs, and the words by which texts name them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa

from zhanggui.kernel.cipher import subject_keys
from zhanggui.kernel.persons import ERASED_ID, KnownPerson
from zhanggui.kernel.privacy import Duty
from zhanggui.shop import Customer, People, UnknownCustomer, person_of, subjects_of
from zhanggui.trust.errors import UnknownPerson
from zhanggui.trust.ports import Names
from zhanggui.trust.types.persons import DataSubject

from .erased_list import CUSTOMER, EMAIL, PHONE, VISITOR, Named


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSubjects:
    """Finds people in the store."""

    people: People
    names: Names

    def find(self, db: sa.Connection, customer_id: str | None, visitor_id: str | None) -> DataSubject:
        """The subject of a customer, or of a visitor; a visitor whom a login joined to a customer is that customer.

        Raises:
            UnknownPerson: nobody has that id.
        """
        number = person_of(db, customer_id=customer_id, visitor_id=visitor_id)
        if number is None:
            raise UnknownPerson(
                f"The shop knows nobody of the id {customer_id or visitor_id!r}.", hint="Look at the spelling."
            )
        return self.of_numbers(db, self.subject_of(db, number))

    def subject_of(self, db: sa.Connection, number: int) -> tuple[int, ...]:
        """All numbers of the subject that a number belongs to, the customer's first."""
        roots, members = subjects_of(db, [number])
        return tuple(members[roots[number]])

    def named_without_key(self, db: sa.Connection) -> list[int]:
        """People whose key is destroyed and whose id still stands: they came back with an old backup."""
        c = subject_keys.c
        gone = db.execute(sa.select(c.person).where(c.person > 0, sa.func.length(c.wrapped) == 0).order_by(c.person))
        numbers = list(gone.scalars())
        named = self.names.people(db, numbers)
        return [one for one in numbers if one in named and f"{ERASED_ID}{one}" not in named[one]]

    def of_numbers(self, db: sa.Connection, numbers: tuple[int, ...]) -> DataSubject:
        """The subject of these numbers, its own first."""
        known = self.names.people(db, numbers)
        customer_id = known.get(numbers[0], (None, None))[0]
        visitors = tuple(id_ for number in numbers if (id_ := known.get(number, (None, None))[1]))
        customer = self._customer(db, customer_id)
        ids = (*((customer_id,) if customer_id else ()), *visitors)
        named = () if customer is None else _direct(customer)
        words = (*ids, *named, *self.names.pictures(db, numbers))
        person = KnownPerson(customer_id=customer_id, visitor_ids=visitors, numbers=numbers, words=words)
        names = () if customer is None or not customer.identifiers.name else (customer.identifiers.name,)
        return DataSubject(person=person, names=names)

    def named(self, db: sa.Connection, subject: DataSubject) -> list[Named]:
        """What the list of erased people remembers of somebody, each with its kind."""
        person = subject.person
        named = [(VISITOR, id_) for id_ in person.visitor_ids]
        if person.customer_id is not None:
            named.append((CUSTOMER, person.customer_id))
        customer = self._customer(db, person.customer_id)
        if customer is not None:
            held = customer.identifiers
            named += [(PHONE, held.phone), (EMAIL, held.email), *held.platform_ids.items()]
        return named

    def unique(self, db: sa.Connection, names: Collection[str], numbers: Collection[int]) -> tuple[str, ...]:
        """Those of `names` that no customer has any more; looks at all."""
        left, after = set(names), 0
        while left:
            page = self.names.customer_names(db, after)
            if not page:
                break
            after = max(page)
            left -= {name for number, name in page.items() if number not in numbers}
        return tuple(sorted(left))

    def _customer(self, db: sa.Connection, id_: str | None) -> Customer | None:
        if id_ is None:
            return None
        try:
            return self.people.customer_of(db, id_, purpose=Duty.RIGHTS)[1]
        except UnknownCustomer:
            return None


def _direct(customer: Customer) -> tuple[str, ...]:
    held = customer.identifiers
    return tuple(word for word in (held.phone, held.email, held.address, *held.platform_ids.values()) if word)
