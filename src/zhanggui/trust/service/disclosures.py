"""Showing personal data: for a reason, which the ledger keeps in the same commit as the data are read."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.db import Database
from zhanggui.kernel.privacy import Purpose
from zhanggui.shop import Customer, People
from zhanggui.trust.errors import NoReason

from .ledger import Ledger

SHOWN = "people.shown"
LONGEST_REASON = 500


class PersonShown(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody's direct identifiers were shown, to the entry's actor."""

    person: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosures:
    """Gives out direct identifiers one person at a time. Who may ask is decided at the door (`shop:people`)."""

    db: Database
    ledger: Ledger
    people: People

    def show(self, customer_id: str, reason: str, actor: str) -> Customer:
        """A customer with identifiers in clear; it is in the ledger who saw whom, and why.

        Raises:
            NoReason: none was given.
            UnknownCustomer: there is none of that id.
        """
        why = reason.strip()[:LONGEST_REASON]
        if not why:
            raise NoReason("Personal data are shown for a reason only.", hint="Say what you need them for.")

        def work(db: sa.Connection) -> Customer:
            number, customer = self.people.customer_of(db, customer_id, purpose=Purpose.SERVICE)
            self.ledger.append(db, SHOWN, PersonShown(person=number, reason=why), actor, person=number)
            return customer

        return self.db.write(work)
