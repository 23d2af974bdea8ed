"""Orders and returns as facts again."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.clock import from_ms
from zhanggui.kernel.privacy import Reason
from zhanggui.shop.types import LegalBasis, Order, OrderState, Return, Shipment

from .lines import order_lines, order_lines_of, return_lines
from .orders import orders, returns
from .people import external_ids


class HeldOrder(msgspec.Struct, frozen=True):
    """An order as it is held."""

    number: int
    person: int
    order: Order
    basis: LegalBasis


class HeldReturn(msgspec.Struct, frozen=True):
    """A return as it is held."""

    number: int
    person: int
    goods: Return
    basis: LegalBasis


def orders_page(
    db: sa.Connection, *, after: int, limit: int, persons: Sequence[int] | None = None, purpose: Reason
) -> list[HeldOrder]:
    """Orders in the order in which they came, or only those of some persons."""
    table = orders.for_(purpose)
    chosen = sa.select(table).where(table.c.number > after)
    if persons is not None:
        chosen = chosen.where(table.c.person.in_(persons))
    return _orders(db, db.execute(chosen.order_by(table.c.number).limit(limit)).all(), purpose)


def latest_orders(db: sa.Connection, *, persons: Sequence[int], limit: int, purpose: Reason) -> list[HeldOrder]:
    """The orders of some persons, newest arrival first."""
    table = orders.for_(purpose)
    chosen = sa.select(table).where(table.c.person.in_(persons)).order_by(table.c.number.desc())
    return _orders(db, db.execute(chosen.limit(limit)).all(), purpose)


def order_by_id(db: sa.Connection, id_: str, *, purpose: Reason) -> HeldOrder | None:
    """One order."""
    table = orders.for_(purpose)
    found = _orders(db, db.execute(sa.select(table).where(table.c.id == id_)).all(), purpose)
    return found[0] if found else None


def returns_page(
    db: sa.Connection, *, after: int, limit: int, order_id: str | None = None, purpose: Reason
) -> list[HeldReturn]:
    """Returns in the order in which they came, or only those of one order."""
    table = returns.for_(purpose)
    chosen = sa.select(table).where(table.c.number > after)
    if order_id is not None:
        chosen = chosen.where(table.c.order_id == order_id)
    return _returns(db, db.execute(chosen.order_by(table.c.number).limit(limit)).all(), purpose)


def number_of(db: sa.Connection, table: sa.Table, id_: str) -> int | None:
    """The number behind an id, in any table that has both."""
    number: int | None = db.execute(sa.select(table.c.number).where(table.c.id == id_)).scalar()
    return number


def _orders(db: sa.Connection, rows: Sequence[sa.Row[tuple[object, ...]]], purpose: Reason) -> list[HeldOrder]:
    lines = order_lines_of(db, order_lines, [row.number for row in rows], purpose=purpose)
    people = {number for row in rows for number in (row.customer, row.visitor) if number}
    ids = external_ids(db, people)
    return [
        HeldOrder(
            row.number,
            row.person,
            Order(
                id=row.id,
                customer_id=ids[row.customer] if row.customer else None,
                visitor_id=ids[row.visitor] if row.visitor else None,
                at=from_ms(row.at_ms),
                state=OrderState(row.state),
                currency=row.currency,
                market=row.market,
                channel=row.channel,
                province=row.province,
                city_tier=row.city_tier,
                lines=lines[row.number],
                shipments=msgspec.json.decode(row.shipments, type=tuple[Shipment, ...]) if row.shipments else (),
            ),
            LegalBasis(kind=row.basis, notice=row.notice),
        )
        for row in rows
    ]


def _returns(db: sa.Connection, rows: Sequence[sa.Row[tuple[object, ...]]], purpose: Reason) -> list[HeldReturn]:
    lines = order_lines_of(db, return_lines, [row.number for row in rows], purpose=purpose)
    ids = external_ids(db, {row.customer for row in rows if row.customer})
    return [
        HeldReturn(
            row.number,
            row.person,
            Return(
                id=row.id,
                order_id=row.order_id,
                customer_id=ids[row.customer] if row.customer else None,
                at=from_ms(row.at_ms),
                currency=row.currency,
                reason=row.reason,
                lines=lines[row.number],
            ),
            LegalBasis(kind=row.basis, notice=row.notice),
        )
        for row in rows
    ]
