"""What the shop remembers of what was sent to it and what it showed, as parts of an export."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Protocol

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.clock import from_ms, to_ms
from zhanggui.kernel.ids import Ulid
from zhanggui.kernel.privacy import Purpose
from zhanggui.shop.tables.events import (
    add_known_ids,
    add_served,
    known_ids_in_order,
    known_served,
    served_in_order,
)
from zhanggui.shop.tables.imports import add_imported_ids, imported_ids_in_order
from zhanggui.shop.types import PutReport
from zhanggui.shop.types.accepting import ServedList
from zhanggui.shop.types.base import Fact

PAGE = 1_000
Hash = Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)]


class EventIdRow(Fact, frozen=True, kw_only=True):
    """The hash of an event's id at its sender; the id itself is not kept.

    `day` counts from 1970-01-01 (UTC): the day whose ids hold it. None: it came by file, and is held for good.
    """

    hash: Hash
    day: Annotated[int, msgspec.Meta(ge=0, le=2_932_896)] | None = None  # until 9999-12-31


@dataclass(frozen=True, slots=True, kw_only=True)
class EventIdPart:
    """What makes an event that is sent again a duplicate, also after a move."""

    name = "event-ids"
    holds = EventIdRow

    def rows(self, db: sa.Connection) -> Iterator[list[EventIdRow]]:
        """All ids that are remembered: those of files first, then by day; of one day by hash."""
        for hashes in imported_ids_in_order(db, PAGE):
            yield [EventIdRow(hash=one) for one in hashes]
        for day, hashes in known_ids_in_order(db, PAGE):
            yield [EventIdRow(hash=one, day=day) for one in hashes]

    def restore(self, db: sa.Connection, rows: Sequence[EventIdRow], now_ms: int) -> PutReport:
        """Remember the ids that are not; those of days long ago go as they would have gone."""
        del now_ms  # an id belongs to the day of its event
        created = add_imported_ids(db, [row.hash for row in rows if row.day is None])
        created += add_known_ids(db, [(row.day, row.hash) for row in rows if row.day is not None])
        return PutReport(created, 0, len(rows) - created)


class ServedRow(Fact, frozen=True, kw_only=True):
    """One list that a shopper was shown. Without customer and visitor nobody known was looking."""

    id: Ulid
    at: datetime
    customer_id: str | None = None
    visitor_id: str | None = None
    surface: str = ""
    products: tuple[str, ...]
    propensities: tuple[float, ...] = ()
    model: str = ""


class Names(Protocol):
    """Between our numbers and the merchant's ids."""

    def people(self, db: sa.Connection, numbers: Collection[int]) -> dict[int, tuple[str | None, str | None]]:
        """(customer id, visitor id) of these persons; numbers that are nobody's are left out."""

    def people_numbers(self, db: sa.Connection, people: Sequence[tuple[str | None, str | None]]) -> list[int]:
        """The number of each, in their order; who is not known yet gets one."""

    def products(self, db: sa.Connection, numbers: Collection[int]) -> dict[int, str]:
        """The ids of products."""

    def product_numbers(self, db: sa.Connection, ids: Collection[str], now_ms: int) -> dict[str, int]:
        """The numbers of products; one that is not known yet gets its number now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedPart:
    """The lists that shoppers were shown, of the last 90 days."""

    names: Names

    name = "served-lists"
    holds = ServedRow

    def rows(self, db: sa.Connection) -> Iterator[list[ServedRow]]:
        """All lists, oldest first; those of people who are nobody any more are left out."""
        for page in served_in_order(db, PAGE, purpose=Purpose.SERVICE):
            people = self.names.people(db, {one.person for one in page if one.person})
            products = self.names.products(db, set(itertools.chain.from_iterable(one.products for one in page)))
            nobody = (None, None)
            named = [(one, people.get(one.person, nobody)) for one in page if not one.person or one.person in people]
            yield [_row(one, person, products) for one, person in named]

    def restore(self, db: sa.Connection, rows: Sequence[ServedRow], now_ms: int) -> PutReport:
        """Add the lists that are not there."""
        there = known_served(db, {row.id for row in rows})
        new = [row for row in rows if row.id not in there]
        seen = [row for row in new if row.customer_id or row.visitor_id]
        numbers = self.names.people_numbers(db, [(row.customer_id, row.visitor_id) for row in seen])
        people = {row.id: number for row, number in zip(seen, numbers, strict=True)}
        ids = dict.fromkeys(itertools.chain.from_iterable(row.products for row in new))
        products = self.names.product_numbers(db, ids, now_ms)
        if new:
            add_served(db, [_stored(row, people.get(row.id, 0), products) for row in new])
        return PutReport(len(new), 0, len(rows) - len(new))


def _row(one: ServedList, person: tuple[str | None, str | None], products: dict[int, str]) -> ServedRow:
    customer_id, visitor_id = person
    return ServedRow(
        id=one.id,
        at=from_ms(one.at_ms),
        customer_id=customer_id,
        visitor_id=visitor_id,
        surface=one.surface,
        products=tuple(products[number] for number in one.products),
        propensities=one.propensities,
        model=one.model,
    )


def _stored(row: ServedRow, person: int, products: dict[str, int]) -> ServedList:
    return ServedList(
        id=row.id,
        person=person,
        surface=row.surface,
        at_ms=to_ms(row.at),
        products=tuple(products[id_] for id_ in row.products),
        propensities=row.propensities,
        model=row.model,
    )
