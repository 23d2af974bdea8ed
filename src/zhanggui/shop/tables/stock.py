"""Stock that orders allocate."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from zhanggui.kernel.changes import announce

from .products import offers


def hold_offers(db: sa.Connection, products: Collection[int]) -> None:
    """Keep everybody else from changing the offers of some products until the transaction ends, in a fixed order."""
    c = offers.c
    chosen = sa.select(c.product, c.slot).where(c.product.in_(list(products))).order_by(c.product, c.slot)
    db.execute(chosen.with_for_update()).all()


def allocate_units(
    db: sa.Connection, product: int, product_id: str, variant_id: str | None, market: str, units: int
) -> None:
    """Promise units of a variant, or of the product as such (None), in all offers that count its stock."""
    c = offers.c
    is_variant = c.variant_id.is_(None) if variant_id is None else c.variant_id == variant_id
    counted = sa.and_(c.product == product, c.market == market, is_variant, c.on_hand.is_not(None))
    db.execute(sa.update(offers).where(counted).values(allocated=c.allocated + units))
    announce(db, "offer", [product_id])
