"""The SQL of an export of events, and of taking it in again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import sqlalchemy as sa

from zhanggui.kernel.clock import to_ms
from zhanggui.kernel.privacy import Reason
from zhanggui.shop.engines.event_admission import NO_CONTEXT, Extra, write_extra
from zhanggui.shop.types import EVENT_NUMBERS, PastEvent

from .bulk import select_among
from .events import HotRow, append_rows, events
from .people import CUSTOMER, VISITOR, person_numbers
from .products import reserve_product_numbers

COLUMNS = ("seq", "person", "product", "kind", "at_ms", "quantity", "value_minor", "extra")
MOMENTS_AT_ONCE = 50_000


def hot_moments(db: sa.Connection, *, purpose: Reason) -> Iterator[list[tuple[int, int]]]:
    """(seq, at_ms) of all hot rows by arrival, a page at a time."""
    c, after = events.for_(purpose).c, 0
    while rows := [
        (row[0], row[1])
        for row in db.execute(
            sa.select(c.seq, c.at_ms).where(c.seq > after).order_by(c.seq).limit(MOMENTS_AT_ONCE),
        )
    ]:
        after = rows[-1][0]
        yield rows


def hot_rows_of(db: sa.Connection, seqs: Sequence[int], *, purpose: Reason) -> list[HotRow]:
    """The hot rows of these numbers, in no order."""
    return [(*row[:7], row[7]) for row in select_among(db, events.for_(purpose), COLUMNS, "seq", seqs)]


def append_past(db: sa.Connection, facts: Sequence[PastEvent], now_ms: int) -> None:
    """Append events of an export in the order given; each names a customer or a visitor."""
    customers = person_numbers(db, CUSTOMER, {f.customer_id for f in facts if f.customer_id}, create=True)
    visitors = person_numbers(db, VISITOR, {f.visitor_id for f in facts if f.visitor_id}, create=True)
    products = reserve_product_numbers(db, {f.product_id for f in facts if f.product_id}, now_ms)
    append_rows(
        db,
        [
            (
                customers[fact.customer_id] if fact.customer_id else visitors[fact.visitor_id or ""],
                products[fact.product_id] if fact.product_id else 0,
                EVENT_NUMBERS[fact.name],
                to_ms(fact.at),
                fact.quantity,
                fact.value_minor,
                write_extra(_extra(fact)),
            )
            for fact in facts
        ],
    )


def _extra(fact: PastEvent) -> Extra:
    return Extra(
        currency=fact.currency,
        engagement_time_msec=fact.engagement_time_msec,
        rating=fact.rating,
        keywords=fact.keywords,
        context=NO_CONTEXT if fact.context is None else fact.context,
        extra=fact.extra,
        schema=fact.schema,
        derived_from=fact.derived_from,
    )
