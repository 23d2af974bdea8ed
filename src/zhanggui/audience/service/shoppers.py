"""Who is meant, and whether the shop may know them by more than their orders."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa

from zhanggui.audience.errors import NoProfile, UnknownShopper
from zhanggui.audience.ports import Subjects
from zhanggui.audience.tables.corrections import muted
from zhanggui.kernel.privacy import Duty, Purpose, ReadingGate
from zhanggui.shop import Subject, subjects_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Shoppers:
    """Finds shoppers. Every reader of this room asks here first, so that a refusal holds everywhere at once."""

    people: Subjects
    gate: ReadingGate

    def known(self, db: sa.Connection, customer_id: str | None = None, visitor_id: str | None = None) -> Subject:
        """Who it is: the customer with all visitors that logged in as them, else the visitor alone.

        Raises:
            UnknownShopper: the shop knows nobody of that id.
        """
        found = self.people.subject(db, customer_id, visitor_id)
        if found is None:
            raise UnknownShopper.named(customer_id, visitor_id)
        return found

    def profiled(self, db: sa.Connection, customer_id: str | None = None, visitor_id: str | None = None) -> Subject:
        """Who it is, where a profile of them is allowed now.

        Raises:
            UnknownShopper: the shop knows nobody of that id.
            NoProfile: they have not allowed personalization, or took it back.
        """
        found = self.known(db, customer_id, visitor_id)
        if not self.gate.allows_in(db, found.number, Purpose.PERSONALIZATION):
            raise NoProfile.refused()
        return found

    def allowed_among(self, persons: Collection[int], purpose: Purpose) -> set[int]:
        """Those of `persons` whose data may be used for a purpose now."""
        return self.gate.allowed_among(persons, purpose)


def with_customers(db: sa.Connection, persons: Collection[int]) -> set[int]:
    """These numbers and the customers that they belong to: somebody who acted in a browser is the same somebody."""
    roots, _ = subjects_of(db, persons) if persons else ({}, {})
    return {*persons, *roots.values()}


def who_muted(db: sa.Connection, subject: str) -> set[int]:
    """Who asked that something be used no more, as the numbers that they act under."""
    return with_customers(db, muted(db, subject, purpose=Duty.RIGHTS))
