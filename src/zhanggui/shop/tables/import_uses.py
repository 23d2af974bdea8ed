"""What rests on facts that an import brought: such facts are not taken back with it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from zhanggui.kernel.personal import Personal
from zhanggui.kernel.privacy import Duty

from .events.hot import events
from .import_changes import Marks, import_changes
from .lines import order_lines, return_lines
from .links import person_links
from .noted import Part
from .orders import orders, returns
from .words import questions, reviews


def used_products(db: sa.Connection, import_id: str, marks: Marks, numbers: Collection[int]) -> set[int]:
    """Products that were ordered, brought back, reviewed or asked about since the import began, not by itself."""
    found: set[int] = set()
    for table, number, part, counter in (
        (order_lines, "order_number", Part.ORDERS, "order"),
        (return_lines, "order_number", Part.RETURNS, "return"),
        (reviews, "number", Part.REVIEWS, "reviews"),
        (questions, "number", Part.QUESTIONS, "questions"),
    ):
        found |= _named_since(db, import_id, table, number, "product", numbers, part, marks.counters[counter])
    return found


def used_customers(db: sa.Connection, import_id: str, marks: Marks, numbers: Collection[int]) -> set[int]:
    """Customers who ordered, brought back, wrote, logged in or did anything since."""
    found: set[int] = set()
    for table, column, part, counter in (
        (orders, "person", Part.ORDERS, "order"),
        (returns, "person", Part.RETURNS, "return"),
        (reviews, "person", Part.REVIEWS, "reviews"),
        (questions, "person", Part.QUESTIONS, "questions"),
        (person_links, "customer", Part.LOGINS, "link"),
    ):
        found |= _named_since(db, import_id, table, "number", column, numbers, part, marks.counters[counter])
    c = events.for_(Duty.UPKEEP).c
    did = sa.select(c.person).where(c.person.in_(list(numbers)), c.seq > marks.last_seq).distinct()
    return found | set(db.execute(did).scalars())


def used_orders(db: sa.Connection, import_id: str, marks: Marks, numbers: Collection[int]) -> set[int]:
    """Orders of which something came back since."""
    head, back = orders.for_(Duty.UPKEEP), returns.for_(Duty.UPKEEP)
    asked = sa.select(head.c.number, back.c.number).join(back, back.c.order_id == head.c.id)
    wanted = head.c.number.in_(list(numbers)), back.c.number > marks.counters["return"]
    pairs = [(int(order), int(came)) for order, came in db.execute(asked.where(*wanted))]
    own = own_among(db, import_id, Part.RETURNS, {came for _, came in pairs})
    return {order for order, came in pairs if came not in own}


def _named_since(
    db: sa.Connection,
    import_id: str,
    table: Personal,
    number: str,
    column: str,
    named: Collection[int],
    part: Part,
    mark: int,
) -> set[int]:
    """Which of `named` stand in a column of rows that came after a number, other than the import's own."""
    held = table.for_(Duty.UPKEEP)
    who: sa.Column[Any] = held.c[column]
    asked = sa.select(who, held.c[number]).where(who.in_(list(named)), held.c[number] > mark).distinct()
    pairs = [(int(one), int(by)) for one, by in db.execute(asked)]
    own = own_among(db, import_id, part, {by for _, by in pairs})
    return {one for one, by in pairs if by not in own}


def own_among(db: sa.Connection, import_id: str, part: Part, numbers: Collection[int]) -> set[int]:
    """Those of some facts that the import brought itself, and that were not looked at yet."""
    c = import_changes.for_(Duty.UPKEEP).c
    wanted = c.import_id == import_id, c.part == int(part), c.before.is_(None), c.number.in_(list(numbers))
    return set(db.execute(sa.select(c.number).where(*wanted)).scalars()) if numbers else set()
