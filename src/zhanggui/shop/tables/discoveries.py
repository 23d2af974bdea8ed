"""What first findings are made from: lines of orders, and what the goods cost."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import sqlalchemy as sa

from zhanggui.kernel.personal import PersonalText
from zhanggui.kernel.privacy import Reason
from zhanggui.shop.types import OrderState

from .products import offers

_LINES = PersonalText(
    "SELECT o.at_ms, o.number, COALESCE(o.customer, 0), l.product, l.quantity, "
    "l.quantity * l.unit_price_minor - l.discount_minor "
    "FROM orders o JOIN order_lines l ON l.order_number = o.number "
    "WHERE o.state <> ? AND o.currency = ? AND o.at_ms >= ? AND l.quantity > 0 ORDER BY o.at_ms, o.number, l.position"
)


_LAST = PersonalText("SELECT MAX(at_ms) FROM orders WHERE state <> ? AND currency = ?")


def last_order_ms(db: sa.Connection, currency: str, *, purpose: Reason) -> int | None:
    """When the newest order that counts was placed."""
    found = _LAST.rows(db, purpose, (OrderState.CANCELLED.value, currency))
    return None if found[0][0] is None else int(found[0][0])


def sold_lines(db: sa.Connection, currency: str, since_ms: int, *, purpose: Reason) -> Sequence[tuple[int, ...]]:
    """Lines sold from a moment on, oldest first: at_ms, order, customer (0: none), product, quantity, paid."""
    return _LINES.rows(db, purpose, (OrderState.CANCELLED.value, currency, since_ms))


def unit_costs(
    db: sa.Connection, currency: str, market: str = "default", numbers: Collection[int] | None = None
) -> dict[int, int]:
    """What a unit of each product costs, the dearest of its variants; a product with an unknown cost is left out.

    With `numbers`, of these products alone.
    """
    c = offers.c
    statement = (
        sa.select(c.product, sa.func.max(c.cost_minor))
        .where(c.market == market, c.currency == currency)
        .group_by(c.product)
        .having(sa.func.count() == sa.func.count(c.cost_minor))
    )
    if numbers is not None:
        statement = statement.where(c.product.in_(list(numbers)))
    return {int(row[0]): int(row[1]) for row in db.execute(statement)}
