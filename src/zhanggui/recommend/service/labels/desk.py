"""What people see of earned labels, and their say in them: a merchant hides one, or shows it again."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal, cast

import sqlalchemy as sa

from zhanggui.kernel.changes import announce
from zhanggui.kernel.clock import Clock, from_ms, to_ms
from zhanggui.kernel.db import Database
from zhanggui.kernel.errors import did_you_mean
from zhanggui.recommend.errors import UnknownLabel
from zhanggui.recommend.ports import LiveView, Record
from zhanggui.recommend.tables import labels as tables
from zhanggui.recommend.tables.labels import StoredHidden, StoredLabel
from zhanggui.recommend.types.labels import EarnedLabel, LabelChanged, LabelCode, LabelShelf
from zhanggui.recommend.words.labels import NAMES, name_of
from zhanggui.shop import CatalogueView

from .book import CHANGE, label_book
from .earner import Earner

LEDGER_KIND = "recommend.label"


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelDesk:
    """The earned labels of a shop.

    Args:
        db: the shop's store.
        clock: gives the present moment.
        live: the catalogue in memory.
        record: where acts of people stand for good.
        earner: earns labels anew.
    """

    db: Database
    clock: Clock
    live: LiveView
    record: Record
    earner: Earner

    def shelves(self, language: str = "zh") -> list[LabelShelf]:
        """The labels that some product shows, the fullest first. What cannot be bought just now counts too."""
        with self.db.read() as db:
            book = label_book(db)
        found = [
            LabelShelf(label=code, name=name_of(code, language), products=len(rows), shop_share=rows[0].shop_share)
            for code, rows in book.rows.items()
        ]
        return sorted(found, key=lambda shelf: (-shelf.products, shelf.label))

    def of(self, product_ids: Collection[str], language: str = "zh") -> dict[str, tuple[EarnedLabel, ...]]:
        """What some products show, the largest share first; those without a label are left out."""
        with self.db.read() as db:
            view = self.live.view(db)
            numbers = [view.numbers[id_] for id_ in product_ids if id_ in view.numbers]
            rows = tables.labels_of(db, numbers)
        found: dict[str, tuple[EarnedLabel, ...]] = {}
        for row in rows:
            one = _told(view, row, language)
            found[one.product_id] = (*found.get(one.product_id, ()), one)
        return found

    def ranked(self, label: str) -> list[int]:
        """Numbers of the products that show a label, the largest share first.

        Raises:
            UnknownLabel: there is none of that code.
        """
        code = known(label)
        with self.db.read() as db:
            rows = label_book(db).rows.get(code, ())
        return [row.product for row in sorted(rows, key=lambda row: (-row.share, row.product))]

    def name(self, label: str, language: str = "zh") -> str:
        """What a label is called.

        Raises:
            UnknownLabel: there is none of that code.
        """
        return name_of(known(label), language)

    def evidence(self, language: str = "zh") -> list[EarnedLabel]:
        """All labels, hidden ones too: by label, the largest share first."""
        with self.db.read() as db:
            view = self.live.view(db)
            hidden = {(one.product, one.label) for one in tables.hidden_in(db)}
            rows = tables.labels_in(db)
        ordered = sorted(rows, key=lambda row: (row.label, -row.share, row.product))
        return [_told(view, row, language, is_hidden=(row.product, row.label) in hidden) for row in ordered]

    def hide(self, label: str, product_id: str, actor: str) -> EarnedLabel:
        """Keep a label off a product's pages, its shelf and filters, until it is shown again; the ledger has it.

        Raises:
            UnknownLabel: there is no such label, or the product has not earned it.
            UnknownProduct: there is none of that id.
        """
        return self._set(label, product_id, "hidden", actor)

    def show(self, label: str, product_id: str, actor: str) -> EarnedLabel:
        """Take a `hide` back.

        Raises:
            UnknownLabel, UnknownProduct: as for `hide`.
        """
        return self._set(label, product_id, "shown", actor)

    def _set(self, label: str, product_id: str, act: Literal["hidden", "shown"], actor: str) -> EarnedLabel:
        code = known(label)

        def work(db: sa.Connection) -> EarnedLabel:
            view = self.live.view(db)
            number = view.number_of(product_id)
            row = next((one for one in tables.labels_in(db) if (one.product, one.label) == (number, code)), None)
            if row is None:
                raise UnknownLabel(
                    f"The product {product_id!r} has not earned the label {code!r}.", hint="Look at the evidence first."
                )
            is_hidden = any((one.product, one.label) == (number, code) for one in tables.hidden_in(db))
            if is_hidden != (act == "hidden"):
                self._write(db, row, act, product_id, actor)
            return _told(view, row, "zh", is_hidden=act == "hidden")

        return self.db.write(work)

    def _write(
        self, db: sa.Connection, row: StoredLabel, act: Literal["hidden", "shown"], product_id: str, actor: str
    ) -> None:
        if act == "hidden":
            tables.hide(db, [StoredHidden(product=row.product, label=row.label, at_ms=to_ms(self.clock()))])
        else:
            tables.unhide(db, row.product, row.label)
        announce(db, CHANGE, ["recommend:labels"])
        subject = f"product:{product_id}"
        changed = LabelChanged(subject=subject, act=act, label=row.label)
        self.record.append(db, LEDGER_KIND, changed, actor, about=subject)


def known(label: str) -> LabelCode:
    """A label's code.

    Raises:
        UnknownLabel: there is none of that code.
    """
    if label not in NAMES:
        hint = did_you_mean(label, NAMES, otherwise=f"There are: {', '.join(NAMES)}.")
        raise UnknownLabel(f"No label is called {label!r}.", hint=hint)
    return cast("LabelCode", label)


def _told(view: CatalogueView, row: StoredLabel, language: str, *, is_hidden: bool = False) -> EarnedLabel:
    return EarnedLabel(
        label=row.label,
        name=name_of(row.label, language),
        product_id=view.ids[row.product],
        title=view.titles(row.product, language),
        share=round(row.share, 4),
        shop_share=round(row.shop_share, 4),
        hits=row.hits,
        of=row.total,
        orders=row.orders,
        chance=row.chance,
        since=from_ms(row.since_ms),
        is_hidden=is_hidden,
    )
