"""What lists of orders and customers are read by. Each answers a page of 100,000 orders from an index."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa

from zhanggui.kernel.personal import Columns
from zhanggui.kernel.privacy import Reason
from zhanggui.shop.types import OrderState
from zhanggui.shop.types.browsing import CustomerAsk, OrderAsk, OrderRow, Spending

from .bulk import Row, select_among
from .lines import order_lines
from .orders import orders
from .people import CUSTOMER, customers, external_ids, persons

LAST_CHARACTER = "\U0010ffff"
_ORDER_SORTS = {"at": "at_ms", "total": "total_minor", "id": "id"}


def _counted(c: Columns) -> sa.ColumnElement[bool]:
    return c.state != OrderState.CANCELLED.value


def _bought(c: Columns) -> dict[str, sa.ColumnElement[Any]]:
    return {"orders": sa.func.count(), "spent": sa.func.sum(c.total_minor), "last": sa.func.max(c.at_ms)}


def starting_with(db: sa.Connection, column: sa.ColumnElement[str], prefix: str) -> sa.ColumnElement[bool]:
    """A condition that an index by bytes can answer."""
    by_bytes = sa.collate(column, "C") if db.dialect.name == "postgresql" else column
    return sa.and_(by_bytes >= prefix, by_bytes < prefix + LAST_CHARACTER)


def order_numbers(db: sa.Connection, ask: OrderAsk, *, purpose: Reason) -> list[int]:
    """The numbers of one page of orders, in the order asked for."""
    c = orders.for_(purpose).c
    by = c[_ORDER_SORTS.get(ask.sort, "at_ms")]
    order = (by.desc(), c.number.desc()) if ask.is_descending else (by, c.number)
    chosen = sa.select(c.number).where(*_orders_where(db, ask, c)).order_by(*order)
    return [row[0] for row in db.execute(chosen.limit(ask.limit).offset(ask.offset))]


def count_orders(db: sa.Connection, ask: OrderAsk, *, purpose: Reason) -> int:
    """How many orders an ask finds."""
    table = orders.for_(purpose)
    counted = sa.select(sa.func.count()).select_from(table).where(*_orders_where(db, ask, table.c))
    return int(db.execute(counted).scalar_one())


def _orders_where(db: sa.Connection, ask: OrderAsk, c: Columns) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if ask.id_prefix:
        found.append(starting_with(db, c.id, ask.id_prefix))
    if ask.state is not None:
        found.append(c.state == ask.state.value)
    if ask.province:
        found.append(c.province == ask.province)
    if ask.from_ms is not None:
        found.append(c.at_ms >= ask.from_ms)
    if ask.until_ms is not None:
        found.append(c.at_ms < ask.until_ms)
    return found


def order_rows(db: sa.Connection, numbers: Sequence[int], *, purpose: Reason) -> list[OrderRow]:
    """Rows of these orders, in their order."""
    columns = ("number", "id", "at_ms", "state", "customer", "province", "channel", "total_minor", "currency")
    held = {row[0]: row[1:] for row in select_among(db, orders.for_(purpose), columns, "number", numbers)}
    units: dict[int, int] = {}
    lines = order_lines.for_(purpose)
    for number, quantity in select_among(db, lines, ("order_number", "quantity"), "order_number", numbers):
        units[number] = units.get(number, 0) + quantity
    ids = external_ids(db, {row[3] for row in held.values() if row[3]})
    return [_order_row(held[number], ids, units.get(number, 0)) for number in numbers if number in held]


def _order_row(row: Row, ids: dict[int, str], units: int) -> OrderRow:
    id_, at_ms, state, customer, province, channel, total_minor, currency = row
    return OrderRow(
        id=id_,
        at_ms=at_ms,
        state=OrderState(state),
        customer_id=ids[customer] if customer else None,
        province=province,
        channel=channel,
        units=units,
        total_minor=total_minor,
        currency=currency,
    )


def orders_of(db: sa.Connection, customer: int, limit: int, *, purpose: Reason) -> list[int]:
    """The numbers of a customer's last orders, newest first."""
    c = orders.for_(purpose).c
    chosen = sa.select(c.number).where(c.customer == customer).order_by(c.at_ms.desc(), c.number.desc()).limit(limit)
    return [row[0] for row in db.execute(chosen)]


def provinces(db: sa.Connection, limit: int = 40, *, purpose: Reason) -> list[str]:
    """The provinces that orders went to, most orders first."""
    c = orders.for_(purpose).c
    chosen = sa.select(c.province).where(c.province != "").group_by(c.province).order_by(sa.func.count().desc())
    return [row[0] for row in db.execute(chosen.limit(limit))]


def sold_between(db: sa.Connection, since_ms: int, until_ms: int, *, purpose: Reason) -> list[tuple[int, int]]:
    """(product, units) of the orders from a moment on and before another, cancelled ones left out."""
    heads, lines = orders.for_(purpose), order_lines.for_(purpose)
    chosen = (
        sa.select(lines.c.product, sa.func.sum(lines.c.quantity))
        .select_from(heads.join(lines, lines.c.order_number == heads.c.number))
        .where(heads.c.at_ms >= since_ms, heads.c.at_ms < until_ms, _counted(heads.c))
        .group_by(lines.c.product)
    )
    return [(row[0], int(row[1])) for row in db.execute(chosen)]


def spending_of(db: sa.Connection, numbers: Collection[int], *, purpose: Reason) -> dict[int, Spending]:
    """What each of these customers has spent; those without an order are left out."""
    c = orders.for_(purpose).c
    totals = (sa.func.count(), sa.func.sum(c.total_minor), sa.func.min(c.at_ms), sa.func.max(c.at_ms))
    chosen = sa.select(c.customer, *totals).where(c.customer.in_(list(numbers)), _counted(c)).group_by(c.customer)
    return {
        customer: Spending(orders=count, spent_minor=int(spent), first_ms=first_ms, last_ms=last_ms)
        for customer, count, spent, first_ms, last_ms in db.execute(chosen)
    }


def last_buyers(db: sa.Connection, orders_back: int, *, purpose: Reason) -> list[int]:
    """The customers of the shop's last orders, whoever ordered last first; cancelled orders do not count."""
    c = orders.for_(purpose).c
    chosen = sa.select(c.customer).where(c.customer.is_not(None), _counted(c)).order_by(c.at_ms.desc())
    return list(dict.fromkeys(row[0] for row in db.execute(chosen.limit(orders_back))))


def customer_numbers(db: sa.Connection, ask: CustomerAsk, named: Collection[int] = (), *, purpose: Reason) -> list[int]:
    """The numbers of one page of customers, in the order asked for; those who never bought come last or first.

    `named` are those who are sought by another word than the beginning of their id.
    """
    people, held, bought = persons.for_(purpose), customers.for_(purpose), orders.for_(purpose).c
    p, sums = people.c, _bought(bought)
    ordered: sa.ColumnElement[Any] = p.external_id if ask.sort == "id" else p.number
    chosen = sa.select(p.number).where(*_customers_where(db, ask, named, purpose))
    if ask.sort in sums:
        # Once for each customer, from the index alone: quicker than totals of all orders that are then joined.
        own = sa.select(sa.func.coalesce(sums[ask.sort], 0)).where(bought.customer == p.number, _counted(bought))
        ordered = own.correlate(people).scalar_subquery()
    elif ask.sort == "joined":
        chosen = chosen.join(held, held.c.person == p.number, isouter=True)
        ordered = sa.func.coalesce(held.c.joined_ms, 0)
    order = (ordered.desc(), p.number.desc()) if ask.is_descending else (ordered, p.number)
    return [row[0] for row in db.execute(chosen.order_by(*order).limit(ask.limit).offset(ask.offset))]


def count_customers(db: sa.Connection, ask: CustomerAsk, named: Collection[int] = (), *, purpose: Reason) -> int:
    """How many customers an ask finds."""
    where = _customers_where(db, ask, named, purpose)
    return int(db.execute(sa.select(sa.func.count()).select_from(persons.for_(purpose)).where(*where)).scalar_one())


def _customers_where(
    db: sa.Connection, ask: CustomerAsk, named: Collection[int], purpose: Reason
) -> list[sa.ColumnElement[bool]]:
    p, c = persons.for_(purpose).c, customers.for_(purpose).c
    found: list[sa.ColumnElement[bool]] = [p.kind == CUSTOMER]
    if ask.id_prefix:
        begins = starting_with(db, p.external_id, ask.id_prefix)
        found.append(begins | p.number.in_(list(named)) if named else begins)
    if ask.province:
        lives = sa.select(c.person).where(c.province == ask.province)
        found.append(p.number.in_(lives))
    return found


def ids_starting_with(db: sa.Connection, kind: int, prefix: str, limit: int, *, purpose: Reason) -> list[str]:
    """Ids of customers (kind 0) or visitors (1) that begin so, in order."""
    c = persons.for_(purpose).c
    chosen = sa.select(c.external_id).where(starting_with(db, c.external_id, prefix), c.kind == kind)
    return [row[0] for row in db.execute(chosen.order_by(c.external_id).limit(limit))]
