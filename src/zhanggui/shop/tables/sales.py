"""What was sold, by product."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from zhanggui.kernel.privacy import Reason
from zhanggui.shop.types import OrderState

from .lines import order_lines
from .orders import orders


def units_sold(
    db: sa.Connection, products: Collection[int], since_ms: int, until_ms: int, *, purpose: Reason
) -> dict[int, int]:
    """Pieces of some products in orders placed from a moment on and before another; cancelled ones do not count."""
    heads, lines = orders.for_(purpose), order_lines.for_(purpose).c
    statement = (
        sa.select(lines.product, sa.func.sum(lines.quantity))
        .join(heads, heads.c.number == lines.order_number)
        .where(heads.c.at_ms >= since_ms, heads.c.at_ms < until_ms)
        .where(heads.c.state != OrderState.CANCELLED.value, lines.product.in_(list(products)))
        .group_by(lines.product)
    )
    return {int(row[0]): int(row[1]) for row in db.execute(statement)}
