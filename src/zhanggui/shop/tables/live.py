"""What the live catalogue reads: the little of each product that answers need in memory."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime

import msgspec
import sqlalchemy as sa

from zhanggui.shop.engines.standing import LiveOffer
from zhanggui.shop.types import TextLicence

from .bulk import Row, select_among
from .products import offers, product_labels, products


class LiveText(msgspec.Struct, frozen=True, gc=False):
    """The words of a product in one language that are short."""

    title: str
    attributes: dict[str, str] = {}


class LiveFact(msgspec.Struct, frozen=True, gc=False):
    """A product's fact without what is long; other fields are skipped unread."""

    texts: dict[str, LiveText] = {}
    category: tuple[str, ...] = ()
    brand: str = ""
    keywords: tuple[str, ...] = ()
    seller: str | None = None
    item_type: str = "product"
    licence: TextLicence = TextLicence.OWN
    runs_from: datetime | None = None
    runs_until: datetime | None = None


class LiveProduct(msgspec.Struct, frozen=True, gc=False):
    """A product as answers see it; `fact` is None while the product is only reserved."""

    number: int
    id: str
    state: str
    created_ms: int
    fact: LiveFact | None


_PRODUCT_COLUMNS = ("number", "id", "state", "created_ms", "fact")
_OFFER_COLUMNS = ("product", "variant_id", "starts_ms", "ends_ms", "currency", "price_minor", "on_hand", "allocated")
_decoder = msgspec.json.Decoder(LiveFact)


def live_products(db: sa.Connection, ids: Collection[str] | None) -> Iterator[LiveProduct]:
    """Products by number: those of `ids`, or all."""
    if ids is not None:
        rows: Iterator[Row] = iter(sorted(select_among(db, products, _PRODUCT_COLUMNS, "id", ids)))
    else:
        chosen = sa.select(*(products.c[name] for name in _PRODUCT_COLUMNS)).order_by(products.c.number)
        rows = (tuple(row) for row in db.execute(chosen))
    for number, id_, state, created_ms, fact in rows:
        yield LiveProduct(number, id_, state, created_ms, None if fact is None else _decoder.decode(fact))


def live_offers(db: sa.Connection, numbers: Collection[int] | None, market: str) -> dict[int, list[LiveOffer]]:
    """The offers of products in one market: of those numbers, or of all."""
    if numbers is not None:
        found = select_among(db, offers, (*_OFFER_COLUMNS, "market"), "product", numbers)
        rows = (row[:-1] for row in found if row[-1] == market)
    else:
        chosen = sa.select(*(offers.c[name] for name in _OFFER_COLUMNS)).where(offers.c.market == market)
        rows = (tuple(row) for row in db.execute(chosen))
    by_product: dict[int, list[LiveOffer]] = {}
    for product, *rest in rows:
        by_product.setdefault(product, []).append(LiveOffer(*rest))
    return by_product


def live_labels(db: sa.Connection, numbers: Collection[int] | None) -> dict[int, set[str]]:
    """The labels of products: of those numbers, or of all."""
    return _words_by_product(db, product_labels, "label", numbers)


def live_markets(db: sa.Connection, numbers: Collection[int] | None) -> dict[int, set[str]]:
    """The markets in which products have an offer, in force or not: those of the numbers, or of all."""
    return _words_by_product(db, offers, "market", numbers)


def _words_by_product(
    db: sa.Connection, table: sa.Table, column: str, numbers: Collection[int] | None
) -> dict[int, set[str]]:
    if numbers is None:
        rows: Iterator[Row] = map(tuple, db.execute(sa.select(table.c.product, table.c[column]).distinct()))
    else:
        rows = iter(select_among(db, table, ("product", column), "product", numbers))
    found: dict[int, set[str]] = {}
    for product, word in rows:
        found.setdefault(product, set()).add(word)
    return found
