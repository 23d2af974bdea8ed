"""Putting and reading products, offers, labels and rivals' prices."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from zhanggui.kernel.clock import Clock, to_ms
from zhanggui.kernel.db import Database
from zhanggui.shop.errors import UnknownProduct
from zhanggui.shop.tables import products as tables
from zhanggui.shop.types import Offer, Product, ProductLabel, PutReport, RivalPrice

from .checking import checked


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """What the shop sells. All writing is idempotent: what is the same already is left alone."""

    db: Database
    clock: Clock

    def put_products(self, products: Sequence[Product], source: str = "api") -> PutReport:
        """Create or change products by id; `source` names the door they came by.

        Raises:
            InvalidFact: one does not fit; none is put then.
        """
        facts, now_ms = checked(products, Product), to_ms(self.clock())
        return self.db.write(lambda db: tables.store_products(db, facts, now_ms, source[:64]))

    def put_offers(self, offers: Sequence[Offer]) -> PutReport:
        """Create or change offers by product, variant, market, channel and start.

        An offer of a product that has not come yet waits for it.
        """
        facts, now_ms = checked(offers, Offer), to_ms(self.clock())
        return self.db.write(lambda db: tables.store_offers(db, facts, now_ms))

    def put_labels(self, labels: Sequence[ProductLabel]) -> PutReport:
        """Create or change labels by product, label and source."""
        facts, now_ms = checked(labels, ProductLabel), to_ms(self.clock())
        return self.db.write(lambda db: tables.store_labels(db, facts, now_ms))

    def put_rival_prices(self, prices: Sequence[RivalPrice]) -> PutReport:
        """Note what rivals asked, by product, rival, currency and moment."""
        facts, now_ms = checked(prices, RivalPrice), to_ms(self.clock())
        return self.db.write(lambda db: tables.store_rival_prices(db, facts, now_ms))

    def product(self, id_: str) -> Product:
        """One product.

        Raises:
            UnknownProduct: there is none of that id.
        """
        with self.db.read() as db:
            found = tables.products_by_id(db, [id_]).get(id_)
            if found is None:
                raise UnknownProduct.among(id_, tables.some_product_ids(db))
        return found

    def products(self, after: str | None = None, limit: int = 50) -> list[Product]:
        """Products in the order in which the shop came to know them, from the one after `after`."""
        with self.db.read() as db:
            number = 0 if after is None else self._number(db, after)
            return [product for _, product in tables.products_page(db, after=number, limit=limit)]

    def products_of(self, ids: Collection[str]) -> dict[str, Product]:
        """Some products by id; unknown ids are left out."""
        with self.db.read() as db:
            return tables.products_by_id(db, ids)

    def offers(self, product_ids: Collection[str]) -> list[Offer]:
        """All offers of some products; unknown ids have none."""
        with self.db.read() as db:
            return tables.offers_of(db, tables.product_numbers(db, product_ids))

    def labels(self, product_ids: Collection[str]) -> list[ProductLabel]:
        """All labels of some products."""
        with self.db.read() as db:
            return tables.labels_of(db, tables.product_numbers(db, product_ids))

    def rival_prices(self, product_ids: Collection[str]) -> list[RivalPrice]:
        """What rivals asked for some products, oldest first."""
        with self.db.read() as db:
            return tables.rival_prices_of(db, tables.product_numbers(db, product_ids))

    def product_numbers(self, db: sa.Connection, ids: Collection[str]) -> dict[str, int]:
        """The dense integer of each known product, for events and models."""
        return tables.product_numbers(db, ids)

    def _number(self, db: sa.Connection, id_: str) -> int:
        number = tables.product_numbers(db, [id_]).get(id_)
        if number is None:
            raise UnknownProduct.among(id_, tables.some_product_ids(db))
        return number
