"""An export back into a shop."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from zhanggui.kernel.clock import Clock, to_ms
from zhanggui.kernel.db import Database
from zhanggui.kernel.privacy import Cipher
from zhanggui.shop.errors import BadFile
from zhanggui.shop.service.people import identify
from zhanggui.shop.tables import links, orders, people, products, words
from zhanggui.shop.types import LegalBasis, PutReport
from zhanggui.shop.types.exports import ExportFormat, ExportKind

from .files import read_facts
from .sources import TYPES

CONTRACT = LegalBasis(kind="contract")
"""Never used by a whole export: each of its rows names its own basis."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Restorer:
    """Takes an export in again. What is there already stays as it is, so it may be repeated."""

    db: Database
    clock: Clock
    cipher: Cipher

    def restore(self, folder: Path) -> dict[ExportKind, PutReport]:
        """Take in all files of a folder that `Exporter.export` wrote, in whichever format.

        Orders and returns tell the history again. The file of events is for reading elsewhere and is left alone.

        Raises:
            BadFile: a file holds a row that is no such fact; the kinds before it, and its pages before, are in.
        """
        reports: dict[ExportKind, PutReport] = {}
        for kind in ExportKind:
            for form in ExportFormat:
                path = folder / f"{kind.value}.{form.value}"
                if kind in _STORES and path.exists():
                    reports[kind] = reports.get(kind, PutReport()) + self._one(kind, path)
        if not reports:
            raise BadFile(f"{folder.name!r} holds no export.", hint="Name the folder that was exported to.")
        return reports

    def _one(self, kind: ExportKind, path: Path) -> PutReport:
        report, now_ms = PutReport(), to_ms(self.clock())
        try:
            for page in read_facts(path, TYPES[kind]):
                report += self.db.write(lambda db, facts=page: _STORES[kind](db, facts, self.cipher, now_ms))  # type: ignore[misc]
        except ValueError as error:
            raise BadFile(
                f"{path.name} holds a row that is none of {kind.value}: {error}.",
                hint="Restore a file as it was exported; import a changed one with: zhanggui import",
            ) from error
        return report


_Store = Callable[[sa.Connection, Sequence[Any], Cipher, int], PutReport]


def _links(db: sa.Connection, facts: Sequence[Any], _: Cipher, now_ms: int) -> PutReport:
    before = links.link_count(db)
    identify(db, facts, now_ms)
    created = links.link_count(db) - before
    return PutReport(created, 0, len(facts) - created)


_STORES: dict[ExportKind, _Store] = {
    ExportKind.PRODUCTS: lambda db, facts, _, now: products.store_products(db, facts, now, "restore"),
    ExportKind.OFFERS: lambda db, facts, _, now: products.store_offers(db, facts, now),
    ExportKind.LABELS: lambda db, facts, _, now: products.store_labels(db, facts, now),
    ExportKind.RIVAL_PRICES: lambda db, facts, _, now: products.store_rival_prices(db, facts, now),
    ExportKind.CUSTOMERS: lambda db, facts, cipher, now: people.store_customers(db, facts, CONTRACT, cipher, now),
    ExportKind.LINKS: _links,
    ExportKind.ORDERS: lambda db, facts, _, now: orders.store_orders(db, facts, CONTRACT, now),
    ExportKind.RETURNS: lambda db, facts, _, now: orders.store_returns(db, facts, CONTRACT, now),
    ExportKind.REVIEWS: lambda db, facts, _, now: words.store_reviews(db, facts, now),
    ExportKind.QUESTIONS: lambda db, facts, _, now: words.store_questions(db, facts, now),
}
