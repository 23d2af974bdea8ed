"""Looking through orders and customers. Direct identifiers come masked; a list never carries them in clear."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.clock import Clock, ms_or_none, to_ms
from zhanggui.kernel.db import Database
from zhanggui.kernel.masking import mask_all, mask_email, mask_name, mask_phone
from zhanggui.kernel.privacy import Cipher, ConsentGate, Purpose
from zhanggui.shop.errors import UnknownCustomer
from zhanggui.shop.tables import browsing as tables
from zhanggui.shop.tables import links
from zhanggui.shop.tables.events import read_tail
from zhanggui.shop.tables.lookups import numbers_found
from zhanggui.shop.tables.people import CUSTOMER, VISITOR, customers_by_number, external_ids, person_numbers
from zhanggui.shop.types import EVENT_NUMBERS, Customer, Identifiers
from zhanggui.shop.types.browsing import (
    Buyer,
    CustomerAsk,
    CustomerRow,
    Known,
    LinkedVisitor,
    Masked,
    Moment,
    OrderAsk,
    OrderRow,
    Rows,
    Spending,
)

from .checking import allowed
from .kept import Kept
from .live_catalogue import LiveCatalogue

R = TypeVar("R")
AT_ONCE = 1_000
LAST_ORDERS = 20
FEWEST_DIGITS = 7
"""Shorter words are no telephone number."""
HASH_ID = re.compile(r"(?:nickname|phone|email)-[0-9a-f]{32}")
"""Ids of customers whom files tell apart by that alone: see `Importer`."""
ORDERS_A_BUYER = 20
"""Orders that are looked through for each buyer wanted: some buy often."""
PROVINCES_MS = 600_000
_KIND_NAMES = {number: name.value for name, number in EVENT_NUMBERS.items()}
_NOTHING_SPENT = Spending()


@dataclass(frozen=True, slots=True, kw_only=True)
class Browsing:
    """Lists of orders and customers for people; the purpose is the service to the person alone."""

    db: Database
    clock: Clock
    cipher: Cipher
    live: LiveCatalogue
    gate: ConsentGate | None = None
    _kept: Kept = field(default_factory=Kept, init=False)

    def orders(self, ask: OrderAsk) -> Rows[OrderRow]:
        """One page of orders, and how many there are."""
        with self.db.read() as db:
            rows = tables.order_rows(
                db, tables.order_numbers(db, ask, purpose=Purpose.SERVICE), purpose=Purpose.SERVICE
            )
            return Rows(rows, tables.count_orders(db, ask, purpose=Purpose.SERVICE))

    def all_orders(self, ask: OrderAsk) -> Iterator[OrderRow]:
        """Every order that an ask finds, read a thousand at a time."""

        def some(offset: int) -> list[OrderRow]:
            with self.db.read() as db:
                part = msgspec.structs.replace(ask, offset=offset, limit=AT_ONCE)
                return tables.order_rows(
                    db, tables.order_numbers(db, part, purpose=Purpose.SERVICE), purpose=Purpose.SERVICE
                )

        return _every(some)

    def provinces(self) -> list[str]:
        """Where orders went, most orders first; as of some minutes ago."""
        return self._kept.get("provinces", to_ms(self.clock()) // PROVINCES_MS, self._provinces)

    def _provinces(self) -> list[str]:
        with self.db.read() as db:
            return tables.provinces(db, purpose=Purpose.SERVICE)

    def customers(self, ask: CustomerAsk) -> Rows[CustomerRow]:
        """One page of customers, and how many there are."""
        with self.db.read() as db:
            named = self._named(db, ask.id_prefix)
            total = tables.count_customers(db, ask, named, purpose=Purpose.SERVICE)
            return Rows(self._customer_rows(db, ask, named), total)

    def last_buyers(self, limit: int) -> list[Buyer]:
        """Who bought last, newest first: of the last orders of the shop, without a look at all customers."""
        with self.db.read() as db:
            numbers = tables.last_buyers(db, limit * ORDERS_A_BUYER, purpose=Purpose.SERVICE)[:limit]
            ids, spent = external_ids(db, numbers), tables.spending_of(db, numbers, purpose=Purpose.SERVICE)
        totals = [(ids[number], spent[number]) for number in numbers]
        return [Buyer(id=id_, orders=one.orders, last_ms=one.last_ms) for id_, one in totals if one.last_ms is not None]

    def all_customers(self, ask: CustomerAsk) -> Iterator[CustomerRow]:
        """Every customer that an ask finds, masked, read a thousand at a time."""

        def some(offset: int) -> list[CustomerRow]:
            with self.db.read() as db:
                part = msgspec.structs.replace(ask, offset=offset, limit=AT_ONCE)
                return self._customer_rows(db, part, self._named(db, ask.id_prefix))

        return _every(some)

    def known(self, customer_id: str) -> Known:
        """What is held of a customer, identifiers masked.

        Raises:
            UnknownCustomer: there is none of that id.
        """
        with self.db.read() as db:
            number = _number(db, customer_id)
            found = customers_by_number(db, self.cipher, [number], purpose=Purpose.SERVICE)
        if not found:
            return Known(number=number, id=customer_id, called=customer_id, is_held=False, masked=Masked())
        customer, basis = found[0].customer, found[0].basis
        hidden = masked(customer.identifiers)
        return Known(
            number=number,
            id=customer_id,
            called=_called(customer_id, hidden),
            is_held=True,
            masked=hidden,
            province=customer.province,
            city_tier=customer.city_tier,
            age_band=customer.age_band.value if customer.age_band else None,
            gender=customer.gender,
            language=customer.language,
            joined_ms=ms_or_none(customer.joined_at),
            basis=basis.kind,
            notice=basis.notice,
        )

    def spending(self, number: int) -> Spending:
        """What a customer has spent."""
        with self.db.read() as db:
            return tables.spending_of(db, [number], purpose=Purpose.SERVICE).get(number, _NOTHING_SPENT)

    def orders_of(self, number: int) -> list[OrderRow]:
        """A customer's last orders, newest first."""
        with self.db.read() as db:
            return tables.order_rows(
                db, tables.orders_of(db, number, LAST_ORDERS, purpose=Purpose.SERVICE), purpose=Purpose.SERVICE
            )

    def moments(self, number: int, language: str, limit: int = 60) -> list[Moment] | None:
        """What a customer, with their visitors, did last; None when they refuse that it is used for them."""
        if not allowed((number,), Purpose.PERSONALIZATION, self.gate):
            return None
        with self.db.read() as db:
            view = self.live.view(db)
            tail = read_tail(db, [number, *links.visitors_of(db, number)], limit=limit, purpose=Purpose.PERSONALIZATION)
        return [
            Moment(
                seq=seq,
                kind=_KIND_NAMES[kind],
                at_ms=at_ms,
                product_id=view.ids[product],
                title=view.titles(product, language),
                value_minor=value_minor,
            )
            for seq, product, kind, at_ms, value_minor in zip(
                tail.seq.tolist(),
                tail.product.tolist(),
                tail.kind.tolist(),
                tail.at_ms.tolist(),
                tail.value_minor.tolist(),
                strict=True,
            )
            if product < view.size
        ]

    def visitors(self, number: int) -> list[LinkedVisitor]:
        """The browsers that logins tied to a customer, newest first."""
        with self.db.read() as db:
            held = links.links_of(db, number)
            in_force = set(links.visitors_of(db, number))
            ids = external_ids(db, {one.visitor for one in held})
        newest = {one.visitor: one.number for one in held if one.undone_ms is None}
        return [
            LinkedVisitor(
                link_id=one.id,
                visitor_id=ids[one.visitor],
                at_ms=one.at_ms,
                is_in_force=one.visitor in in_force and newest.get(one.visitor) == one.number,
            )
            for one in reversed(held)
        ]

    def find_orders(self, prefix: str, limit: int) -> list[OrderRow]:
        """Orders whose id begins so."""
        ask = OrderAsk(id_prefix=prefix, sort="id", is_descending=False, limit=limit)
        with self.db.read() as db:
            return tables.order_rows(
                db, tables.order_numbers(db, ask, purpose=Purpose.SERVICE), purpose=Purpose.SERVICE
            )

    def find_people(self, prefix: str, limit: int, *, is_visitor: bool = False) -> list[str]:
        """Ids of customers, or of visitors, that begin so."""
        with self.db.read() as db:
            return tables.ids_starting_with(
                db, VISITOR if is_visitor else CUSTOMER, prefix, limit, purpose=Purpose.SERVICE
            )

    def called(self, customer_ids: Collection[str]) -> dict[str, str]:
        """What those are called, masked, whose id is a hash of the nickname, phone or e-mail of a file; by id."""
        hashes = [id_ for id_ in customer_ids if HASH_ID.fullmatch(id_)]
        if not hashes:
            return {}
        with self.db.read() as db:
            numbers = person_numbers(db, CUSTOMER, hashes, create=False)
            held = customers_by_number(db, self.cipher, list(numbers.values()), purpose=Purpose.SERVICE)
        return {one.customer.id: _called(one.customer.id, masked(one.customer.identifiers)) for one in held}

    def _named(self, db: sa.Connection, words: str) -> set[int]:
        """Customers whose whole name, nickname, phone or e-mail address was written."""
        kinds = ("name", "email") if "@" in words else ("name", "phone") if _is_number(words) else ("name",)
        found = [numbers_found(db, self.cipher, kind, words, purpose=Purpose.SERVICE) for kind in kinds]
        return set().union(*found) if words.strip() else set()

    def _customer_rows(self, db: sa.Connection, ask: CustomerAsk, named: Collection[int]) -> list[CustomerRow]:
        numbers = tables.customer_numbers(db, ask, named, purpose=Purpose.SERVICE)
        ids, spent = external_ids(db, numbers), tables.spending_of(db, numbers, purpose=Purpose.SERVICE)
        held = {
            one.number: one.customer for one in customers_by_number(db, self.cipher, numbers, purpose=Purpose.SERVICE)
        }
        return [_customer_row(ids[number], held.get(number), spent.get(number, _NOTHING_SPENT)) for number in numbers]


def _customer_row(id_: str, held: Customer | None, spent: Spending) -> CustomerRow:
    hidden = Masked() if held is None else masked(held.identifiers)
    return CustomerRow(
        id=id_,
        called=_called(id_, hidden),
        masked=hidden,
        province="" if held is None else held.province,
        city_tier=None if held is None else held.city_tier,
        joined_ms=None if held is None else ms_or_none(held.joined_at),
        orders=spent.orders,
        spent_minor=spent.spent_minor,
        last_ms=spent.last_ms,
    )


def _called(id_: str, hidden: Masked) -> str:
    number = (hidden.phone or hidden.email) if HASH_ID.fullmatch(id_) else ""
    return hidden.name or hidden.nickname or number or id_


def masked(clear: Identifiers) -> Masked:
    """Identifiers as they are seen before a reason was given."""
    return Masked(
        name=mask_name(clear.name),
        nickname=mask_name(clear.nickname),
        phone=mask_phone(clear.phone),
        email=mask_email(clear.email),
        address=mask_all(clear.address),
    )


def _is_number(words: str) -> bool:
    return sum(map(str.isdigit, words)) >= FEWEST_DIGITS


def _number(db: sa.Connection, customer_id: str) -> int:
    number = person_numbers(db, CUSTOMER, [customer_id], create=False).get(customer_id)
    if number is None:
        raise UnknownCustomer(f"No customer has the id {customer_id!r}.", hint="Look at the spelling.")
    return number


def _every(some: Callable[[int], list[R]]) -> Iterator[R]:
    """All rows, page after page."""
    offset = 0
    while rows := some(offset):
        yield from rows
        offset += len(rows)
