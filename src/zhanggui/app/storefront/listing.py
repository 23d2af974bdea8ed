"""A page of products, sorted and narrowed by price: categories and search show the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import numpy as np

from zhanggui.kernel.money import exponent
from zhanggui.kernel.words import N_
from zhanggui.shop.service.catalogue_view import Longs

from .goods import Card
from .shell import Storefront

PER_PAGE = 24
LAST_PAGE = 10_000
MOST_PRICE = 10**9
SORTS = {"new": N_("Newest arrivals first"), "cheap": N_("Lowest price first"), "dear": N_("Highest price first")}
FIT = N_("Best match")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A page of products.

    Attributes:
        cards: of this page.
        total: products on all pages.
        page, pages: from 1.
        sort: key of the order; empty for the order in which they were found.
        sorts: (key, name) of all orders.
        low, high: the price filter as the reader typed it; empty for none.
        query: other parameters of the address.
    """

    cards: tuple[Card, ...]
    total: int
    page: int
    pages: int
    sort: str
    sorts: tuple[tuple[str, str], ...]
    low: str
    high: str
    query: Mapping[str, str]

    @property
    def is_narrowed(self) -> bool:
        """Whether a price filter is set."""
        return bool(self.low or self.high)

    def address(self, **changes: Any) -> str:
        """The query of this listing with changes; a changed order or filter starts at page 1."""
        now = {**self.query, "sort": self.sort, "from": self.low, "to": self.high, **changes}
        return "?" + urlencode({name: value for name, value in now.items() if value and value != 1})


def list_products(store: Storefront, numbers: Longs, *, surface: str, is_ranked: bool = False, **kept: str) -> Listing:
    """The page of products that the address asks for; nonsense in it is passed over.

    Args:
        store: the request.
        numbers: products in the order in which they were found.
        surface: where the list stands, for the events.
        is_ranked: whether that order means something, and is offered.
        kept: parameters that stay in the addresses of the other pages.
    """
    query = store.view.query
    low, high = _main_units(query.get("from", "")), _main_units(query.get("to", ""))
    asked = query.get("sort", "")
    sort = asked if asked in SORTS else "" if is_ranked else "new"
    found = _sorted(store, _within(store, numbers, low, high), sort)
    pages = max(1, -(-len(found) // PER_PAGE))
    text = query.get("page", "1")
    page = min(max(int(text), 1), pages) if text.isascii() and text.isdigit() and len(text) < 6 else 1
    shown = found[(page - 1) * PER_PAGE : page * PER_PAGE].tolist()
    names = {"": FIT, **SORTS} if is_ranked else SORTS
    return Listing(
        cards=tuple(store.goods.numbers(shown, surface)),
        total=len(found),
        page=page,
        pages=pages,
        sort=sort,
        sorts=tuple((key, store.view._(name)) for key, name in names.items()),
        low="" if low is None else str(low),
        high="" if high is None else str(high),
        query=kept,
    )


def _within(store: Storefront, numbers: Longs, low: int | None, high: int | None) -> Longs:
    scale = 10 ** exponent(store.rooms.settings.shop.currency)
    prices = store.catalogue.price_minor[numbers]
    is_in = np.ones(len(numbers), dtype=np.bool_)
    if low is not None:
        is_in &= prices >= low * scale
    if high is not None:
        is_in &= (prices <= high * scale) & (prices >= 0)
    return numbers[is_in]


def _sorted(store: Storefront, numbers: Longs, sort: str) -> Longs:
    view = store.catalogue
    if sort == "new":
        return numbers[np.lexsort((-numbers, -view.created_ms[numbers]))]
    if sort in {"cheap", "dear"}:
        prices = view.price_minor[numbers]
        key = np.where(prices < 0, MOST_PRICE, prices) if sort == "cheap" else -prices
        return numbers[np.lexsort((numbers, key))]
    return numbers


def _main_units(text: str) -> int | None:
    typed = text.strip()
    return min(int(typed), MOST_PRICE) if typed.isascii() and typed.isdigit() and len(typed) < 12 else None
