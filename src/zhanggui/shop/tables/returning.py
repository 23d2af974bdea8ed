"""Whoever was erased does not come back with an old file, a restored copy or a late event.

What others need of a row stays: an order becomes a guest's, a question loses the answers of whoever is gone. What is
about nobody else is left out. Somebody the shop knows now is taken at their word: only ids that nobody has here are
looked up, and of customers the phone and the e-mail too (PIPL art. 47).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.persons import ErasedIds, NobodyErased
from zhanggui.shop.types import Customer, EventName, Identified, Order, Question, Return
from zhanggui.shop.types.exports import PastLogin

from .people import CUSTOMER, VISITOR, person_numbers

F = TypeVar("F", bound=msgspec.Struct)
_KINDS = {CUSTOMER: "customer", VISITOR: "visitor"}


@dataclass(frozen=True, slots=True)
class Returning:
    """Takes erased people out of facts on their way in."""

    erased: ErasedIds

    def without_erased(self, db: sa.Connection, facts: Sequence[F]) -> list[F]:
        """The facts as they may be stored; inside a `write`, in the order given."""
        if not facts:
            return []
        customers = {one for fact in facts for one in _customers_in(fact)}
        visitors = {one for fact in facts if (one := getattr(fact, "visitor_id", None))}
        gone = self.gone(db, CUSTOMER, customers), self.gone(db, VISITOR, visitors)
        if isinstance(facts[0], Customer):
            gone = gone[0] | self._by_identifiers(db, facts, gone[0]), gone[1]
        if not (gone[0] or gone[1]):
            return list(facts)
        return [left for fact in facts if (left := _left(fact, *gone)) is not None]

    def gone(self, db: sa.Connection, kind: int, ids: Collection[str]) -> set[str]:
        """Those of `ids` that are nobody's here, and were an erased person's."""
        found = self.erased.among(db, _KINDS[kind], ids)
        return found.difference(person_numbers(db, kind, found, create=False)) if found else found

    def _by_identifiers(self, db: sa.Connection, facts: Sequence[Any], gone: set[str]) -> set[str]:
        """Customers of a new id who have the phone or the e-mail of somebody who was erased."""
        held = {fact.id: fact.identifiers for fact in facts if fact.id not in gone}
        phones = self.erased.among(db, "phone", {one.phone for one in held.values() if one.phone})
        emails = self.erased.among(db, "email", {one.email for one in held.values() if one.email})
        found = {id_ for id_, one in held.items() if one.phone in phones or one.email in emails}
        return found.difference(person_numbers(db, CUSTOMER, found, create=False)) if found else found


ALL_MAY_RETURN = Returning(NobodyErased())
"""Of a shop that keeps no list."""


def _customers_in(fact: Any) -> list[str]:
    if isinstance(fact, Customer):
        return [fact.id]
    said = [answer.customer_id for answer in fact.answers] if isinstance(fact, Question) else []
    return [one for one in (getattr(fact, "customer_id", None), *said) if one]


def _left(fact: Any, customers: set[str], visitors: set[str]) -> Any:
    """What of a fact may be stored; None for nothing."""
    if isinstance(fact, Question) and fact.customer_id not in customers:
        kept = tuple(answer for answer in fact.answers if answer.customer_id not in customers)
        return msgspec.structs.replace(fact, answers=kept)
    is_browser_gone = getattr(fact, "visitor_id", None) in visitors
    if not _is_about(fact, customers, is_browser_gone):
        # Somebody else's, on a browser that was the erased person's.
        return msgspec.structs.replace(fact, visitor_id=None) if is_browser_gone else fact
    if isinstance(fact, Order):
        return msgspec.structs.replace(
            fact, customer_id=None, visitor_id=None, province="", city_tier=None, shipments=(), basis=_nobodys(fact)
        )
    if isinstance(fact, Return):
        return msgspec.structs.replace(fact, customer_id=None, reason="", basis=_nobodys(fact))
    return None


def _is_about(fact: Any, customers: set[str], is_browser_gone: bool) -> bool:  # noqa: FBT001
    """Whether a fact is an erased person's own, or ties somebody to them."""
    owner = fact.id if isinstance(fact, Customer) else getattr(fact, "customer_id", None)
    is_login = isinstance(fact, Identified | PastLogin) or getattr(fact, "name", None) == EventName.IDENTIFY
    return owner in customers or (is_browser_gone and (owner is None or is_login))


def _nobodys(fact: Order | Return) -> Any:
    """The basis without the notice that somebody agreed to."""
    return None if fact.basis is None else msgspec.structs.replace(fact.basis, notice="")
