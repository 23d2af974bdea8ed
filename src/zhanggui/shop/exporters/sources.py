"""Where the facts of each kind come from, a page at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.privacy import Cipher, Purpose
from zhanggui.shop.tables.links import links_page
from zhanggui.shop.tables.order_reading import orders_page, returns_page
from zhanggui.shop.tables.people import customers_page
from zhanggui.shop.tables.products import (
    labels_of,
    offers_of,
    product_numbers_page,
    products_page,
    reserved_numbers_page,
    rival_prices_of,
)
from zhanggui.shop.tables.words import questions_page, reviews_page
from zhanggui.shop.types import (
    Customer,
    Offer,
    Order,
    Product,
    ProductLabel,
    Question,
    Return,
    Review,
    RivalPrice,
)
from zhanggui.shop.types.base import Fact
from zhanggui.shop.types.exports import ExportKind, PastEvent, PastLogin

PAGE = 1000

TYPES: dict[ExportKind, type[Fact]] = {
    ExportKind.PRODUCTS: Product,
    ExportKind.OFFERS: Offer,
    ExportKind.LABELS: ProductLabel,
    ExportKind.RIVAL_PRICES: RivalPrice,
    ExportKind.CUSTOMERS: Customer,
    ExportKind.LINKS: PastLogin,
    ExportKind.ORDERS: Order,
    ExportKind.RETURNS: Return,
    ExportKind.REVIEWS: Review,
    ExportKind.QUESTIONS: Question,
    ExportKind.EVENTS: PastEvent,
}

_Page = tuple[int, list[Fact]]
"""The last number of a page, and what stands on it."""
_Pager = Callable[[sa.Connection, Cipher, int], _Page | None]


def facts_of(db: sa.Connection, cipher: Cipher, kind: ExportKind) -> Iterator[list[Fact]]:
    """All facts of a kind (not events) in the order in which they came, a page at a time."""
    if kind in _OF_PRODUCTS:
        yield from _of_products(db, _OF_PRODUCTS[kind])
        return
    after = 0
    while (page := _PAGERS[kind](db, cipher, after)) is not None:
        after, facts = page
        yield facts


def _products(db: sa.Connection, _: Cipher, after: int) -> _Page | None:
    rows = products_page(db, after=after, limit=PAGE)
    return (rows[-1][0], [product for _, product in rows]) if rows else None


_ReadOf = Callable[[sa.Connection, dict[str, int]], Sequence[Fact]]


def _of_products(db: sa.Connection, read: _ReadOf) -> Iterator[list[Fact]]:
    """What hangs on products: in their order, and then, by id, what waits for products that have not come.

    The numbers of those are handed out in the order in which others name them, which another shop need not repeat.
    """
    number, id_ = 0, ""
    while numbers := product_numbers_page(db, after=number, limit=PAGE):
        number = max(numbers.values())
        yield list(read(db, numbers))
    while reserved := reserved_numbers_page(db, after=id_, limit=PAGE):
        id_ = list(reserved)[-1]
        yield [fact for one in reserved for fact in read(db, {one: reserved[one]})]


def _customers(db: sa.Connection, cipher: Cipher, after: int) -> _Page | None:
    held = customers_page(db, cipher, after=after, limit=PAGE, purpose=Purpose.SERVICE)
    facts: list[Fact] = [msgspec.structs.replace(one.customer, basis=one.basis) for one in held]
    return (held[-1].number, facts) if held else None


def _links(db: sa.Connection, _: Cipher, after: int) -> _Page | None:
    rows = links_page(db, after=after, limit=PAGE, purpose=Purpose.SERVICE)
    return (rows[-1][0], [login for _, login in rows]) if rows else None


def _orders(db: sa.Connection, _: Cipher, after: int) -> _Page | None:
    held = orders_page(db, after=after, limit=PAGE, purpose=Purpose.SERVICE)
    facts: list[Fact] = [msgspec.structs.replace(one.order, basis=one.basis) for one in held]
    return (held[-1].number, facts) if held else None


def _returns(db: sa.Connection, _: Cipher, after: int) -> _Page | None:
    held = returns_page(db, after=after, limit=PAGE, purpose=Purpose.SERVICE)
    facts: list[Fact] = [msgspec.structs.replace(one.goods, basis=one.basis) for one in held]
    return (held[-1].number, facts) if held else None


def _reviews(db: sa.Connection, _: Cipher, after: int) -> _Page | None:
    held = reviews_page(db, after=after, limit=PAGE, purpose=Purpose.SERVICE)
    return (held[-1].number, [one.review for one in held]) if held else None


def _questions(db: sa.Connection, _: Cipher, after: int) -> _Page | None:
    held = questions_page(db, after=after, limit=PAGE, purpose=Purpose.SERVICE)
    return (held[-1].number, [one.question for one in held]) if held else None


_OF_PRODUCTS: dict[ExportKind, _ReadOf] = {
    ExportKind.OFFERS: offers_of,
    ExportKind.LABELS: labels_of,
    ExportKind.RIVAL_PRICES: rival_prices_of,
}
_PAGERS: dict[ExportKind, _Pager] = {
    ExportKind.PRODUCTS: _products,
    ExportKind.CUSTOMERS: _customers,
    ExportKind.LINKS: _links,
    ExportKind.ORDERS: _orders,
    ExportKind.RETURNS: _returns,
    ExportKind.REVIEWS: _reviews,
    ExportKind.QUESTIONS: _questions,
}
