"""The links that a login makes between a visitor and a customer.

A visitor belongs to the customer of its newest link that was not undone: a second login on a shared device takes the
visitor over, and an undo gives back exactly what stood before it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.changes import announce
from zhanggui.kernel.clock import from_ms, moment_or_none, to_ms
from zhanggui.kernel.db import BigKey, shop_metadata
from zhanggui.kernel.ids import new_id
from zhanggui.kernel.personal import Personal, PersonalText
from zhanggui.kernel.privacy import Duty, Reason
from zhanggui.shop.types.exports import PastLogin

from .bulk import put_rows, select_among, take_numbers
from .people import CUSTOMER, VISITOR, external_ids, person_numbers

person_links = Personal(
    sa.Table(
        "person_links",
        shop_metadata,
        sa.Column("number", BigKey, primary_key=True, autoincrement=False),
        sa.Column("id", sa.String(26), nullable=False, unique=True),
        sa.Column("visitor", sa.BigInteger, nullable=False, index=True),
        sa.Column("customer", sa.BigInteger, nullable=False, index=True),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
        sa.Column("undone_ms", sa.BigInteger),
    )
)


class Link(msgspec.Struct, frozen=True):
    """One login, as it is held."""

    number: int
    id: str
    visitor: int
    customer: int
    at_ms: int
    undone_ms: int | None = None


_COLUMNS = Link.__struct_fields__


def add_links(db: sa.Connection, logins: Collection[tuple[str, int, int, int]]) -> None:
    """Note logins: (id, visitor number, customer number, moment), in order. Announces both persons."""
    numbers = take_numbers(db, "link", len(logins))
    put_rows(db, person_links, _COLUMNS, [(n, *login, None) for n, login in zip(numbers, logins, strict=True)])
    announce(db, "person", (str(number) for login in logins for number in login[1:3]))


Login = tuple[int, int, int]
"""(visitor number, customer number, moment)."""


def note_logins(db: sa.Connection, logins: Sequence[Login], *, is_late: bool = False) -> list[str]:
    """Note the logins that say something new, in the order given; answers each with the link then in force.

    Args:
        db: a connection of `write`.
        logins: in the order in which they count.
        is_late: they may have happened long ago: one older than the link in force changes nothing.
    """
    standing = customers_of(db, {login[0] for login in logins})
    new: list[tuple[str, int, int, int]] = []
    answers: list[str] = []
    for visitor, customer, at_ms in logins:
        held = standing.get(visitor)
        if held is None or (held.customer != customer and not (is_late and at_ms < held.at_ms)):
            held = standing[visitor] = Link(0, new_id(), visitor, customer, at_ms)
            new.append((held.id, visitor, customer, at_ms))
        answers.append(held.id)
    if new:
        add_links(db, new)
    return answers


def link(db: sa.Connection, id_: str) -> Link | None:
    """The link of that id."""
    rows = select_among(db, person_links.for_(Duty.UPKEEP), _COLUMNS, "id", [id_])
    return Link(*rows[0]) if rows else None


def set_undone(db: sa.Connection, found: Link, undone_ms: int) -> None:
    """Take a link back."""
    db.execute(person_links.update(lambda c: c.number == found.number).values(undone_ms=undone_ms))
    announce(db, "person", (str(found.visitor), str(found.customer)))


def customers_of(db: sa.Connection, visitors: Collection[int]) -> dict[int, Link]:
    """The link in force of each visitor that has one."""
    found: dict[int, Link] = {}
    for row in sorted(select_among(db, person_links.for_(Duty.UPKEEP), _COLUMNS, "visitor", visitors)):
        if row[-1] is None:
            found[row[2]] = Link(*row)
    return found


_OWNER = PersonalText(
    "SELECT customer FROM person_links WHERE visitor = ? AND undone_ms IS NULL ORDER BY number DESC LIMIT 1"
)
_NEWEST = (
    "SELECT max(number) FROM person_links AS later WHERE later.visitor = person_links.visitor "
    "AND later.undone_ms IS NULL"
)
_OWNED = PersonalText(
    "SELECT visitor FROM person_links WHERE customer = ? AND undone_ms IS NULL "  # noqa: S608
    f"AND number = ({_NEWEST}) ORDER BY visitor"
)


def customer_of(db: sa.Connection, visitor: int) -> int | None:
    """The customer whom a visitor belongs to now: the hot way for one visitor."""
    rows = _OWNER.rows(db, Duty.UPKEEP, (visitor,))
    return int(rows[0][0]) if rows else None


def visitors_of(db: sa.Connection, customer: int) -> list[int]:
    """The visitors that belong to a customer now, by number."""
    return [int(row[0]) for row in _OWNED.rows(db, Duty.UPKEEP, (customer,))]


def links_of(db: sa.Connection, customer: int) -> list[Link]:
    """All logins that ever named a customer, oldest first."""
    rows = select_among(db, person_links.for_(Duty.UPKEEP), _COLUMNS, "customer", [customer])
    return [Link(*row) for row in sorted(rows)]


def links_page(db: sa.Connection, *, after: int, limit: int, purpose: Reason) -> list[tuple[int, PastLogin]]:
    """All links with their numbers, oldest first."""
    c = person_links.for_(purpose).c
    chosen = sa.select(*(c[name] for name in _COLUMNS)).where(c.number > after)
    held = [Link(*row) for row in db.execute(chosen.order_by(c.number).limit(limit))]
    ids = external_ids(db, {number for one in held for number in (one.visitor, one.customer)})
    return [
        (
            one.number,
            PastLogin(
                id=one.id,
                visitor_id=ids[one.visitor],
                customer_id=ids[one.customer],
                at=from_ms(one.at_ms),
                undone_at=moment_or_none(one.undone_ms),
            ),
        )
        for one in held
    ]


def restore_links(db: sa.Connection, logins: Sequence[PastLogin]) -> int:
    """Note, in their order, the logins of an export that are not there; returns how many."""
    there = {
        row[0]
        for row in select_among(db, person_links.for_(Duty.UPKEEP), ("id",), "id", {login.id for login in logins})
    }
    new = [login for login in logins if login.id not in there]
    if not new:
        return 0
    visitors = person_numbers(db, VISITOR, {login.visitor_id for login in new}, create=True)
    customers = person_numbers(db, CUSTOMER, {login.customer_id for login in new}, create=True)
    rows = [(one.id, visitors[one.visitor_id], customers[one.customer_id], to_ms(one.at)) for one in new]
    add_links(db, rows)
    for login in new:
        if login.undone_at is not None:
            found = link(db, login.id)
            assert found is not None
            set_undone(db, found, to_ms(login.undone_at))
    return len(new)
