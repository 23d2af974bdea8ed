"""On what legal bases a person's rows are held, and which persons are one subject: what consent is judged by."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.personal import PersonalText
from zhanggui.kernel.privacy import Duty

from .bulk import select_among
from .links import customers_of, person_links
from .orders import orders
from .people import CUSTOMER, VISITOR, customers, person_numbers, persons


class PersonBases(msgspec.Struct, frozen=True):
    """What is known of a person: whether it is a visitor, and (kind, notice) of each basis its rows are held on."""

    is_visitor: bool
    bases: frozenset[tuple[str, str]] = frozenset()


def bases_of(db: sa.Connection, wanted: Collection[int]) -> dict[int, PersonBases]:
    """Bases by person number, from the customer's own row and from orders; unknown numbers are left out."""
    kinds = {
        row[0]: row[1] for row in select_among(db, persons.for_(Duty.RIGHTS), ("number", "kind"), "number", wanted)
    }
    found: dict[int, set[tuple[str, str]]] = {number: set() for number in kinds}
    for table in (customers, orders):
        for person, kind, notice in select_among(
            db, table.for_(Duty.RIGHTS), ("person", "basis", "notice"), "person", kinds
        ):
            found[person].add((kind, notice))
    return {number: PersonBases(kinds[number] == VISITOR, frozenset(bases)) for number, bases in found.items()}


_OF_ONE = PersonalText(
    "SELECT CAST(kind AS VARCHAR), NULL FROM persons WHERE number = ? "
    "UNION ALL SELECT NULL, NULL FROM person_links WHERE visitor = ? OR customer = ? "
    "UNION ALL SELECT basis, notice FROM customers WHERE person = ? "
    "UNION ALL SELECT DISTINCT basis, notice FROM orders WHERE person = ?"
)


def bases_of_unlinked(db: sa.Connection, person: int) -> PersonBases | None:
    """What `bases_of` says of one person whom no login ever linked: the hot way, one statement.

    None where there was a login, or the person is not known: `subjects_of` and `bases_of` then say more.
    """
    rows = _OF_ONE.rows(db, Duty.RIGHTS, (person,) * 5)
    kinds = [kind for kind, notice in rows if notice is None]
    if len(kinds) != 1 or kinds[0] is None:
        return None
    return PersonBases(kinds[0] == str(VISITOR), frozenset((row[0], row[1]) for row in rows if row[1] is not None))


def subjects_of(db: sa.Connection, wanted: Collection[int]) -> tuple[dict[int, int], dict[int, list[int]]]:
    """The subject of each person (a visitor's customer, else the person itself), and each subject's persons."""
    links = customers_of(db, wanted)
    roots = {number: links[number].customer if number in links else number for number in wanted}
    members: dict[int, list[int]] = {root: [root] for root in set(roots.values())}
    ever = select_among(db, person_links.for_(Duty.RIGHTS), ("visitor",), "customer", list(members))
    for visitor, link in customers_of(db, {row[0] for row in ever}).items():
        if link.customer in members:
            members[link.customer].append(visitor)
    return roots, members


def person_of(db: sa.Connection, *, customer_id: str | None = None, visitor_id: str | None = None) -> int | None:
    """The number of a customer or a visitor; None when the shop knows none of that id."""
    kind, external_id = (CUSTOMER, customer_id) if customer_id is not None else (VISITOR, visitor_id or "")
    numbers: Mapping[str, int] = person_numbers(db, kind, [str(external_id)], create=False)
    return numbers.get(str(external_id))
