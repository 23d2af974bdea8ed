"""What was sold, by product."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from zhanggui.shop.types import OrderState

from .lines import order_lines
from .orders import orders


def units_sold(db: sa.Connection, products: Collection[int], since_ms: int, until_ms: int) -> dict[int, int]:
    """Pieces of some products in orders placed from a moment on and before another; cancelled ones do not count."""
    statement = (
        sa.select(order_lines.c.product, sa.func.sum(order_lines.c.quantity))
        .join(orders, orders.c.number == order_lines.c.order_number)
        .where(orders.c.at_ms >= since_ms, orders.c.at_ms < until_ms)
        .where(orders.c.state != OrderState.CANCELLED.value, order_lines.c.product.in_(list(products)))
        .group_by(order_lines.c.product)
    )
    return {int(row[0]): int(row[1]) for row in db.execute(statement)}
