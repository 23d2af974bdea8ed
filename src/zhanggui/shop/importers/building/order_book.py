"""Looks at all lines of an order file at once: what each is, what it adds up to, which products and prices it tells."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from enum import IntEnum
from typing import Any

import numpy as np

from zhanggui.kernel.money import to_minor
from zhanggui.shop.importers.mapping import matches
from zhanggui.shop.importers.spool import Ints, Spool
from zhanggui.shop.types import Offer, Product, ProductText

from .built import Frame


class LineClass(IntEnum):
    """What a line of an order file is."""

    SALE = 0
    RETURN = 1
    CHARGE = 2
    STOCK_ADJUSTMENT = 3
    BAD_DEBT = 4
    REFUSED = 5


class OrderBook:
    """The lines of an order file by class. Holds some 30 bytes a line."""

    def __init__(self, spool: Spool, frame: Frame) -> None:
        self._spool, self._frame = spool, frame
        rules = frame.map.orders
        self.groups, orders = spool.codes("order_id")
        self._product, self._products = spool.codes("product_id")
        self._quantity = spool.numbers("quantity")
        self._price, self._prices = spool.codes("unit_price")
        is_return = _flags(orders, rules.returns)[self.groups]
        is_debt = _flags(orders, rules.bad_debts)[self.groups]
        is_charge = _flags(self._products, rules.charges)[self._product]
        is_negative = (self._quantity < 0) & ~is_return
        negative = {
            "reject": LineClass.REFUSED,
            "return": LineClass.RETURN,
            "stock-adjustment": LineClass.STOCK_ADJUSTMENT,
        }[rules.negative_quantity]
        # The order of the conditions counts: a charge within a cancelled invoice is a charge.
        self.classes: Ints = np.select(
            [is_debt, is_charge, is_return, is_negative],
            [int(LineClass.BAD_DEBT), int(LineClass.CHARGE), int(LineClass.RETURN), int(negative)],
            int(LineClass.SALE),
        ).astype(np.int64)

    def figures(self) -> dict[LineClass, tuple[int, Decimal]]:
        """Lines and their exact amount (quantity × unit price) of each class that has any."""
        found: dict[LineClass, tuple[int, Decimal]] = {}
        prices = [Decimal(price) for price in self._prices]
        for kind in LineClass:
            mask = self.classes == kind
            if not mask.any():
                continue
            units = np.zeros(len(prices), dtype=np.int64)
            np.add.at(units, self._price[mask], self._quantity[mask])
            amount = sum((price * int(count) for price, count in zip(prices, units, strict=True) if count), Decimal(0))
            found[kind] = (int(mask.sum()), amount)
        return found

    def products(self) -> Iterator[Product]:
        """Each product sold or returned, with its most frequent title that is no junk; its id where there is none."""
        titles = self._titles()
        is_goods = self.classes <= LineClass.RETURN
        language = self._frame.language
        for code in _by_appearance(self._product[is_goods]):
            id_ = self._products[code]
            yield Product(id=id_, texts={language: ProductText(title=titles.get(code, id_)[:512])})

    def _titles(self) -> dict[int, str]:
        if "title" not in self._spool.names:
            return {}
        codes, titles = self._spool.codes("title")
        junk = self._frame.map.titles.junk
        is_junk = np.array([matches(title.lower(), junk) for title in titles] or [False], dtype=bool)
        usable = (codes >= 0) & ~is_junk[codes]
        pairs, first, times = np.unique(
            np.stack([self._product[usable], codes[usable]]), axis=1, return_index=True, return_counts=True
        )
        # Best last, so that it stays: few, then many; of equally many the one seen first.
        order = np.lexsort((-first, times))
        return {int(pairs[0, n]): titles[int(pairs[1, n])] for n in order}

    def offers(self) -> Iterator[Offer]:
        """Each product at its latest selling price above zero; of lines at one moment the last counts."""
        currency = self._frame.currency
        is_paid = np.array([Decimal(price) > 0 for price in self._prices] or [False], dtype=bool)
        rows = np.flatnonzero((self.classes == LineClass.SALE) & is_paid[self._price])
        at = self._spool.numbers("at")[rows]
        rows = rows[np.lexsort((rows, at))]
        latest = dict(zip(self._product[rows].tolist(), self._price[rows].tolist(), strict=True))
        for code, price in latest.items():
            source = self._prices[price]
            yield Offer(
                product_id=self._products[code],
                currency=currency,
                price_minor=to_minor(source, currency),
                price_source=source,
            )


def _flags(words: list[str], patterns: tuple[str, ...]) -> Any:
    return np.array([matches(word, patterns) for word in words] or [False], dtype=bool)


def _by_appearance(codes: Ints) -> list[int]:
    found, first = np.unique(codes, return_index=True)
    return [int(found[n]) for n in np.argsort(first)]
