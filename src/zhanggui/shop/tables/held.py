"""A shop's facts as a proposal reads them, changes them, and puts them back to the last column."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.changes import announce
from zhanggui.shop.types import Offer, Product, ProductLabel, ProductState

from .bulk import content_hash
from .products import (
    labels_of,
    offers_of,
    product_labels,
    product_numbers,
    products,
    products_by_id,
    store_labels,
    store_offers,
    store_products,
)


class HeldProduct(msgspec.Struct, frozen=True):
    """A product, the moment of its last change, and whether it can be bought.

    It can where it is for sale, and uncounted or left in some offer; when offers are in force is not asked.
    """

    product: Product
    updated_ms: int
    is_sold: bool = True


class HeldLabels(msgspec.Struct, frozen=True):
    """All labels of one product, in a fixed order."""

    labels: tuple[ProductLabel, ...]


def held_product(db: sa.Connection, product_id: str) -> HeldProduct | None:
    """One product; None when the shop has none of that id."""
    product = products_by_id(db, [product_id]).get(product_id)
    if product is None:
        return None
    changed = db.execute(sa.select(products.c.updated_ms).where(products.c.id == product_id)).scalar_one()
    return HeldProduct(product, int(changed), _is_sold(product, offers_of(db, product_numbers(db, [product_id]))))


def _is_sold(product: Product, offers: Sequence[Offer]) -> bool:
    has_some = not offers or any(one.on_hand is None or one.on_hand > one.allocated for one in offers)
    return product.state is ProductState.ACTIVE and has_some


def change_product(db: sa.Connection, product: Product, now_ms: int, *, updated_ms: int | None = None) -> None:
    """Store a product; with `updated_ms`, as if it had last been changed then."""
    store_products(db, [product], now_ms)
    if updated_ms is not None:
        db.execute(sa.update(products).where(products.c.id == product.id).values(updated_ms=updated_ms))


def held_offer(
    db: sa.Connection,
    product_id: str,
    *,
    variant_id: str | None = None,
    market: str = "default",
    channel: str = "default",
    starts_at: datetime | None = None,
) -> Offer | None:
    """The offer of a product that these tell apart from its others; None when there is none."""
    wanted = (variant_id, market, channel, starts_at)
    for offer in offers_of(db, product_numbers(db, [product_id])):
        if (offer.variant_id, offer.market, offer.channel, offer.starts_at) == wanted:
            return offer
    return None


def change_offer(db: sa.Connection, offer: Offer, now_ms: int) -> None:
    """Store an offer that the shop has already."""
    store_offers(db, [offer], now_ms)


def held_labels(db: sa.Connection, product_id: str) -> HeldLabels | None:
    """All labels of a product; None when the shop has no such product."""
    if held_product(db, product_id) is None:
        return None
    return HeldLabels(tuple(labels_of(db, product_numbers(db, [product_id]))))


def replace_labels(db: sa.Connection, product_id: str, labels: Sequence[ProductLabel], now_ms: int) -> None:
    """Give a product exactly these labels."""
    number = product_numbers(db, [product_id])[product_id]
    kept = [content_hash(label.label, label.source) for label in labels]
    c = product_labels.c
    gone = db.execute(sa.delete(product_labels).where(c.product == number, c.slot.not_in(kept)))
    report = store_labels(db, labels, now_ms)
    if gone.rowcount and not report.created + report.updated:  # else `store_labels` has announced the product
        announce(db, "label", [product_id])
