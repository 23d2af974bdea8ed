"""The history as facts: numbers become the merchant's ids again, and what a shop lacks of them is found."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.clock import from_ms
from zhanggui.shop.engines.event_admission import NO_CONTEXT, read_extra
from zhanggui.shop.tables.events import HotRow
from zhanggui.shop.tables.people import CUSTOMER, persons_by_number
from zhanggui.shop.tables.products import product_ids
from zhanggui.shop.types import EventName
from zhanggui.shop.types.exports import PastEvent

PAGE = 1000
_NAMES = tuple(EventName)
_encode = msgspec.json.Encoder().encode


def past_events(db: sa.Connection, rows: Iterable[HotRow]) -> Iterator[list[PastEvent]]:
    """Rows of the history as events, in their order, a page at a time. Events of nobody are left out."""
    rows = iter(rows)
    while page := list(itertools.islice(rows, PAGE)):
        people = persons_by_number(db, {row[1] for row in page})
        products = product_ids(db, {row[2] for row in page if row[2]})
        yield [_event(row, people[row[1]], products) for row in page if row[1] in people]


def _event(row: HotRow, person: tuple[int, str], products: dict[int, str]) -> PastEvent:
    _, _, product, kind, at_ms, quantity, value_minor, stored = row
    extra = read_extra(stored)
    is_customer = person[0] == CUSTOMER
    return PastEvent(
        name=_NAMES[kind],
        at=from_ms(at_ms),
        customer_id=person[1] if is_customer else None,
        visitor_id=None if is_customer else person[1],
        product_id=products.get(product),
        quantity=quantity,
        value_minor=value_minor,
        currency=extra.currency,
        engagement_time_msec=extra.engagement_time_msec,
        rating=extra.rating,
        keywords=extra.keywords,
        context=None if extra.context == NO_CONTEXT else extra.context,
        extra=extra.extra,
        schema=extra.schema,
        derived_from=extra.derived_from,
    )


def missing(wanted: Iterable[PastEvent], held: Iterable[PastEvent]) -> Iterator[PastEvent]:
    """The wanted events that are not held; of equal events as many are missing as are held too few.

    Both are ordered by moment. In memory: the events of one moment.

    Raises:
        ValueError: `wanted` goes back in time or names nobody.
    """
    groups = itertools.groupby(held, key=_moment)
    standing = next(groups, None)
    last: datetime | None = None
    for at, facts in itertools.groupby(wanted, key=_moment):
        if last is not None and at < last:
            raise ValueError(f"events are out of order at {at}")
        last = at
        while standing is not None and standing[0] < at:
            standing = next(groups, None)
        is_there = standing is not None and standing[0] == at
        counts = Counter(map(_encode, standing[1])) if standing is not None and is_there else Counter[bytes]()
        yield from _uncounted(facts, counts)


def _uncounted(facts: Iterable[PastEvent], counts: Counter[bytes]) -> Iterator[PastEvent]:
    for fact in facts:
        if not (fact.customer_id or fact.visitor_id):
            raise ValueError(f"an event of nobody at {fact.at}")
        line = _encode(fact) if counts else b""
        if counts[line]:
            counts[line] -= 1
        else:
            yield fact


def _moment(fact: PastEvent) -> datetime:
    return fact.at
