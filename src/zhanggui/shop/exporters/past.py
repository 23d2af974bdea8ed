"""The history as facts: person and product numbers become the merchant's ids again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import sqlalchemy as sa

from zhanggui.kernel.clock import from_ms
from zhanggui.shop.tables.people import VISITOR, persons_by_number
from zhanggui.shop.tables.products import product_ids
from zhanggui.shop.types import EventName
from zhanggui.shop.types.base import Fact
from zhanggui.shop.types.exports import PastEvent

_NAMES = tuple(name.value for name in EventName)


def past_events(db: sa.Connection, batches: Iterable[Any]) -> Iterator[list[Fact]]:
    """Arrow batches of the history as events, a page a batch."""
    for batch in batches:
        rows = batch.to_pylist()
        products = product_ids(db, {row["product"] for row in rows if row["product"]})
        people = persons_by_number(db, {row["person"] for row in rows})
        yield [_event(row, people.get(row["person"]), products) for row in rows]


def _event(row: dict[str, Any], person: tuple[int, str] | None, products: dict[int, str]) -> PastEvent:
    kind, external_id = person or (VISITOR, None)
    return PastEvent(
        seq=row["seq"],
        name=_NAMES[row["kind"]],
        at=from_ms(row["at_ms"]),
        customer_id=None if kind == VISITOR else external_id,
        visitor_id=external_id if kind == VISITOR else None,
        product_id=products.get(row["product"]),
        quantity=row["quantity"],
        value_minor=row["value_minor"],
    )
