"""The rows behind a day's figures: orders with their lines, and returns."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from zhanggui.kernel.personal import PersonalText
from zhanggui.kernel.privacy import Reason

Row = tuple[Any, ...]
_COUNTED = "o.state NOT IN ('pending', 'cancelled') AND o.currency = ?"
_SPAN = "o.at_ms >= ? AND o.at_ms < ?"
_IS_NEW = (
    "NOT EXISTS (SELECT 1 FROM orders p WHERE p.person = o.person AND p.at_ms < ? "
    "AND p.state NOT IN ('pending', 'cancelled'))"
)
_BY_TIME = f"FROM orders o WHERE {_SPAN} AND {_COUNTED} ORDER BY o.at_ms, o.number"
_ORDERS = PersonalText(f"SELECT o.number, o.at_ms, o.channel, {_IS_NEW} {_BY_TIME}")
_NEW_BUYERS = PersonalText(f"SELECT {_IS_NEW} {_BY_TIME}")
_LINES = PersonalText(
    "SELECT o.number, l.product, l.quantity * l.unit_price_minor - l.discount_minor "  # noqa: S608
    f"FROM orders o JOIN order_lines l ON l.order_number = o.number WHERE {_SPAN} AND {_COUNTED}"
)
_RETURNS = PersonalText(
    "SELECT r.at_ms, COALESCE(SUM(l.quantity * l.unit_price_minor - l.discount_minor), 0) FROM returns r "
    "JOIN return_lines l ON l.order_number = r.number WHERE r.at_ms >= ? AND r.at_ms < ? AND r.currency = ? "
    "GROUP BY r.number, r.at_ms ORDER BY r.at_ms"
)
_OTHER_MONEY = PersonalText(
    "SELECT at_ms FROM orders WHERE at_ms >= ? AND at_ms < ? AND currency <> ? "
    "AND state NOT IN ('pending', 'cancelled') ORDER BY at_ms"
)
_BUYERS = PersonalText(
    "SELECT at_ms, person FROM orders WHERE at_ms >= ? AND at_ms < ? AND state NOT IN ('pending', 'cancelled') "
    "ORDER BY at_ms, person"
)
_UNPAID = PersonalText("SELECT COUNT(*) FROM orders WHERE at_ms >= ? AND at_ms < ? AND state = 'pending'")
_NEWEST_ORDER = PersonalText("SELECT MAX(at_ms) FROM orders WHERE at_ms < ?")
_NEWEST_EVENT = PersonalText("SELECT at_ms FROM events ORDER BY seq DESC LIMIT 1")


def orders_of(db: sa.Connection, from_ms: int, until_ms: int, currency: str, *, purpose: Reason) -> list[Row]:
    """(number, at_ms, channel, whether its buyer had not ordered before `from_ms`) of paid orders, by time."""
    return _ORDERS.rows(db, purpose, (from_ms, from_ms, until_ms, currency))


def new_buyers(db: sa.Connection, from_ms: int, until_ms: int, currency: str, *, purpose: Reason) -> list[Row]:
    """(whether its buyer had not ordered before `from_ms`,) of the same orders, in the same order."""
    return _NEW_BUYERS.rows(db, purpose, (from_ms, from_ms, until_ms, currency))


def lines_of_span(db: sa.Connection, from_ms: int, until_ms: int, currency: str, *, purpose: Reason) -> list[Row]:
    """(order number, product number, what it comes to) of the lines of those orders."""
    return _LINES.rows(db, purpose, (from_ms, until_ms, currency))


def returns_of(db: sa.Connection, from_ms: int, until_ms: int, currency: str, *, purpose: Reason) -> list[Row]:
    """(at_ms, what came back) of each return, by time."""
    return _RETURNS.rows(db, purpose, (from_ms, until_ms, currency))


def orders_in_other_money(
    db: sa.Connection, from_ms: int, until_ms: int, currency: str, *, purpose: Reason
) -> list[Row]:
    """(at_ms,) of each paid order in another currency, by time."""
    return _OTHER_MONEY.rows(db, purpose, (from_ms, until_ms, currency))


def buyers_of(db: sa.Connection, from_ms: int, until_ms: int, *, purpose: Reason) -> list[Row]:
    """(at_ms, person) of each paid order, in whatever currency."""
    return _BUYERS.rows(db, purpose, (from_ms, until_ms))


def unpaid_orders(db: sa.Connection, from_ms: int, until_ms: int, *, purpose: Reason) -> int:
    """How many orders of a span nobody has paid yet, in whatever currency."""
    return int(_UNPAID.rows(db, purpose, (from_ms, until_ms))[0][0])


def newest_order_ms(db: sa.Connection, until_ms: int, *, purpose: Reason) -> int | None:
    """When the newest order before a moment was placed; None without any."""
    newest: int | None = _NEWEST_ORDER.rows(db, purpose, (until_ms,))[0][0]
    return newest


def newest_event_ms(db: sa.Connection, *, purpose: Reason) -> int | None:
    """When the event that arrived last happened; None where the archive holds all."""
    rows = _NEWEST_EVENT.rows(db, purpose)
    return int(rows[0][0]) if rows else None
