"""Purchases in a file of events that name their order: the order itself, so that its own file never doubles them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from zhanggui.shop.types import EventName, Order, OrderLine

from .built import Frame, fact, first, moment, money

Row = dict[str, Any]


def is_of_order(row: Row) -> bool:
    """Whether an event tells of an order by its id."""
    return "order_id" in row and row["name"] == EventName.PURCHASE.value


def order_of(rows: Sequence[Row], frame: Frame) -> Order:
    """The order that purchases of one order id tell of, a line for each product of each.

    A line is named as one of an order file is, by its product and occurrence, so that the same line compares equal.
    A purchase that was sent again (the page was loaded anew) brings the same lines at another moment; they count once.

    Raises:
        Misfit: a line does not fit.
    """
    currency = first([row.get("currency") for row in rows], 0, len(rows)) or frame.currency
    lines: dict[str, OrderLine] = {}
    seen: dict[tuple[int, str], int] = {}
    for row in rows:
        if "product_id" not in row:
            continue
        product, place = row["product_id"], (row["at"], row["product_id"])
        count = seen[place] = seen.get(place, 0) + 1
        id_ = product if count == 1 else f"{product}#{count}"
        lines.setdefault(id_, _line(row, id_, currency))
    return fact(
        Order,
        id=rows[0]["order_id"],
        customer_id=first([row.get("customer_id") for row in rows], 0, len(rows)),
        visitor_id=first([row.get("visitor_id") for row in rows], 0, len(rows)),
        at=moment(min(row["at"] for row in rows)),
        currency=currency,
        lines=tuple(lines.values()),
    )


def _line(row: Row, id_: str, currency: str) -> OrderLine:
    """A line worth exactly what the event is; where that is no whole price a unit, the rest is a discount."""
    quantity = max(1, row.get("quantity", 1))
    worth = money(row.get("value"), currency, "value") or 0
    price = -(-worth // quantity)
    return fact(
        OrderLine,
        id=id_,
        product_id=row["product_id"],
        quantity=quantity,
        unit_price_minor=price,
        discount_minor=price * quantity - worth,
    )
