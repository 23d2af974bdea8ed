"""What the shop holds of a person beside their events, as a profile tells it: orders by moment, what they wrote."""

from __future__ import annotations

import sqlalchemy as sa

from zhanggui.kernel.personal import PersonalText
from zhanggui.kernel.privacy import Reason
from zhanggui.shop.types.subjects import Traces

MOST_ORDERS = 64
_ORDER, _REVIEWS, _QUESTIONS, _LANGUAGE = range(4)

# One statement: each further one would cost as much again as all of its rows.
_OF_ONE = PersonalText(
    f"SELECT * FROM (SELECT {_ORDER} AS what, id, at_ms AS n FROM orders WHERE person = ? "  # noqa: S608
    f"ORDER BY number DESC LIMIT {MOST_ORDERS}) AS latest "
    f"UNION ALL SELECT {_REVIEWS}, '', COUNT(*) FROM reviews WHERE person = ? "
    f"UNION ALL SELECT {_QUESTIONS}, '', COUNT(*) FROM questions WHERE person = ? "
    f"UNION ALL SELECT {_LANGUAGE}, language, 0 FROM customers WHERE person = ?"
)


def traces_of(db: sa.Connection, person: int, *, purpose: Reason) -> Traces:
    """Traces of one person."""
    orders: dict[int, str] = {}
    counts = {_REVIEWS: 0, _QUESTIONS: 0}
    language: str | None = None
    for what, text, number in _OF_ONE.rows(db, purpose, (person,) * 4):
        if what == _ORDER:
            orders.setdefault(number, text)
        elif what == _LANGUAGE:
            language = text
        else:
            counts[what] = number
    return Traces(orders=orders, reviews=counts[_REVIEWS], questions=counts[_QUESTIONS], language=language)
