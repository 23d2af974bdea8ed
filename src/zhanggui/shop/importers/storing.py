"""Facts of one slice into the store, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from zhanggui.kernel.guarding import TextGuard
from zhanggui.kernel.privacy import Cipher
from zhanggui.shop.engines.event_texts import without_personal
from zhanggui.shop.tables import import_changes, imports, orders, people, products, told_returns, words
from zhanggui.shop.tables.noted import Noted, Part
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
    """How facts are stored in one import.

    Args:
        import_id: under which what changes is noted, to be taken back.
        guard: takes personal data out of the free texts of events: searches, campaigns, fields that we do not know.
    """

    import_id: str
    basis: LegalBasis
    cipher: Cipher
    now_ms: int
    returning: Returning = ALL_MAY_RETURN
    guard: TextGuard | None = None

    def store(self, db: sa.Connection, built: Built, turn: int) -> dict[str, PutReport]:
        """Store all facts of a slice, what others name first, and note what that changed as one turn of the import."""
        self._drop_erased(db, built)
        self._drop_known(db, built)
        if self.guard is not None:
            built.events = [without_personal(event, self.guard) for event in built.events]
        before = import_changes.look_before(db, named_in(built), has_events=bool(built.events))
        reports = self._store(db, built, before.noted)
        import_changes.note_changes(db, self.import_id, turn, before)
        return reports

    def _store(self, db: sa.Connection, built: Built, noted: Noted) -> dict[str, PutReport]:
        now, basis = self.now_ms, self.basis
        steps: list[tuple[str, Store, Sequence[Any]]] = [
            ("products", lambda d, f: products.store_products(d, f, now, "import"), built.products),
            ("offers", lambda d, f: products.store_offers(d, f, now), built.offers),
            ("labels", lambda d, f: products.store_labels(d, f, now), built.labels),
            ("rival_prices", lambda d, f: products.store_rival_prices(d, f, now), built.rival_prices),
            ("customers", lambda d, f: people.store_customers(d, f, basis, self.cipher, now), built.customers),
            ("orders", lambda d, f: orders.store_orders(d, f, basis, now, noted=noted), built.orders),
            ("orders_of_events", lambda d, f: _store_absent_orders(d, f, basis, now, noted), built.absent_orders),
            ("returns", lambda d, f: orders.store_returns(d, f, basis, now, noted=noted), built.returns),
            ("returns_of_events", lambda d, f: told_returns.store_told(d, f, basis, now, noted), built.told_returns),
            ("entries", lambda d, f: imports.store_entries(d, f), built.entries),
            ("reviews", lambda d, f: words.store_reviews(d, f, now), built.reviews),
            ("questions", lambda d, f: words.store_questions(d, f, now), built.questions),
            ("events", lambda d, f: imports.store_events(d, f, now, noted), built.events),
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


def named_in(built: Built) -> dict[Part, set[str]]:
    """The ids of all that storing a slice may change, by part; of prices and labels their products'."""
    back = [*built.returns, *built.told_returns]
    bought = [*built.orders, *built.absent_orders]
    told = {fact.order_id for fact in back if fact.order_id} | {fact.id for fact in bought}
    return {
        Part.PRODUCTS: {fact.id for fact in built.products},
        Part.OFFERS: {fact.product_id for fact in built.offers},
        Part.LABELS: {fact.product_id for fact in built.labels},
        Part.RIVAL_PRICES: {fact.product_id for fact in built.rival_prices},
        Part.CUSTOMERS: {fact.id for fact in built.customers},
        Part.ORDERS: {fact.id for fact in bought},
        # What events told of an order gives way to the shop's own word on it.
        Part.RETURNS: {fact.id for fact in back} | {orders.told_return_id(id_) for id_ in told},
        Part.ENTRIES: {fact.id for fact in built.entries},
        Part.REVIEWS: {fact.id for fact in built.reviews},
        Part.QUESTIONS: {fact.id for fact in built.questions},
    }


def _store_absent_orders(
    db: sa.Connection, facts: Sequence[Order], basis: LegalBasis, now_ms: int, noted: Noted
) -> PutReport:
    """Orders that events tell of: the shop's own word on an order is better, whichever came first."""
    known = imports.known_orders(db, {fact.id for fact in facts})
    report = orders.store_orders(db, [fact for fact in facts if fact.id not in known], basis, now_ms, noted=noted)
    return report + PutReport(0, 0, len(known))
