"""Facts of one slice into the store, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from zhanggui.kernel.privacy import Cipher
from zhanggui.shop.tables import imports, orders, people, products, told_returns, words
from zhanggui.shop.tables.returning import ALL_MAY_RETURN, Returning
from zhanggui.shop.types import LegalBasis, Order, PutReport

from .building.built import Built

Store = Callable[[sa.Connection, Sequence[Any]], PutReport]
NO_PEOPLE = LegalBasis(kind="public-data")
PEOPLE = (
    *("customers", "absent_customers", "orders", "absent_orders", "returns", "told_returns"),
    *("reviews", "questions", "events"),
)
"""Facts that may name somebody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Storing:
    """How facts are stored in one import."""

    basis: LegalBasis
    cipher: Cipher
    now_ms: int
    returning: Returning = ALL_MAY_RETURN

    def store(self, db: sa.Connection, built: Built) -> dict[str, PutReport]:
        """Store all facts of a slice: what others name comes first."""
        self._drop_erased(db, built)
        self._drop_known(db, built)
        now, basis = self.now_ms, self.basis
        steps: list[tuple[str, Store, Sequence[Any]]] = [
            ("products", lambda d, f: products.store_products(d, f, now, "import"), built.products),
            ("offers", lambda d, f: products.store_offers(d, f, now), built.offers),
            ("labels", lambda d, f: products.store_labels(d, f, now), built.labels),
            ("rival_prices", lambda d, f: products.store_rival_prices(d, f, now), built.rival_prices),
            ("customers", lambda d, f: people.store_customers(d, f, basis, self.cipher, now), built.customers),
            ("orders", lambda d, f: orders.store_orders(d, f, basis, now), built.orders),
            ("orders_of_events", lambda d, f: _store_absent_orders(d, f, basis, now), built.absent_orders),
            ("returns", lambda d, f: orders.store_returns(d, f, basis, now), built.returns),
            ("returns_of_events", lambda d, f: told_returns.store_told(d, f, basis, now), built.told_returns),
            ("entries", lambda d, f: imports.store_entries(d, f), built.entries),
            ("reviews", lambda d, f: words.store_reviews(d, f, now), built.reviews),
            ("questions", lambda d, f: words.store_questions(d, f, now), built.questions),
            ("events", lambda d, f: imports.store_events(d, f, now), built.events),
        ]
        return {name: store(db, facts) for name, store, facts in steps if facts}

    def _drop_erased(self, db: sa.Connection, built: Built) -> None:
        """Whoever was erased does not come back with an old file."""
        for name in PEOPLE:
            facts = getattr(built, name)
            if facts:
                setattr(built, name, self.returning.without_erased(db, facts))

    def _drop_known(self, db: sa.Connection, built: Built) -> None:
        """Facts that an order file only hints at never overwrite what the shop knows."""
        if built.absent_customers:
            known = imports.known_customers(db, {fact.id for fact in built.absent_customers})
            built.customers += [fact for fact in built.absent_customers if fact.id not in known]
        if built.absent_products or built.absent_offers:
            ids = {fact.id for fact in built.absent_products} | {fact.product_id for fact in built.absent_offers}
            known = imports.known_products(db, ids)
            built.products += [fact for fact in built.absent_products if fact.id not in known]
            built.offers += [fact for fact in built.absent_offers if fact.product_id not in known]
        built.absent_customers, built.absent_products, built.absent_offers = [], [], []


def _store_absent_orders(db: sa.Connection, facts: Sequence[Order], basis: LegalBasis, now_ms: int) -> PutReport:
    """Orders that events tell of: the shop's own word on an order is better, whichever came first."""
    known = imports.known_orders(db, {fact.id for fact in facts})
    report = orders.store_orders(db, [fact for fact in facts if fact.id not in known], basis, now_ms)
    return report + PutReport(0, 0, len(known))
