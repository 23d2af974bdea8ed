"""Products as the storefront shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from zhanggui.app.rooms import Rooms
from zhanggui.app.web.rendering import View
from zhanggui.kernel.money import exponent
from zhanggui.kernel.words import N_, named, words
from zhanggui.shop import CatalogueView, ItemType, Product, Variant

from .chips import Chip, chips_of

KINDS = {
    ItemType.PRODUCT: "",
    ItemType.ARTICLE: N_("Article"),
    ItemType.VIDEO: N_("Video"),
    ItemType.LIVE: N_("Live now"),
}
"""What a card says of something that is no product."""
SHORT = 20
PICTURE = 64
"""Letters of the name of a stored picture; anything else is an address of another host, which no page loads."""


@dataclass(frozen=True, slots=True)
class Price:
    """An amount as it is shown: the sign smaller than the digits."""

    sign: str
    digits: str


@dataclass(frozen=True, slots=True)
class Card:
    """What the card of a product shows."""

    id: str
    href: str
    title: str
    picture: str
    price: Price | None
    note: str
    is_sold_out: bool  # or over, for a live session
    label: Chip | None = None
    kind: str = ""


class Goods:
    """Makes cards and prices for one request."""

    def __init__(self, rooms: Rooms, view: CatalogueView, page: View) -> None:
        self._rooms, self._view, self._page = rooms, view, page

    def cards(self, ids: Sequence[str], *, list_id: str = "", surface: str = "") -> list[Card]:
        """The cards of some products in their order; unknown ids are left out."""
        products = self._rooms.catalogue.products_of(ids)
        shown = [id_ for id_ in ids if id_ in products]
        chips = chips_of(self._rooms, self._page, shown)
        return [
            self._card(products[id_], self._href(id_, list_id, surface, position), next(iter(chips.get(id_, ())), None))
            for position, id_ in enumerate(shown, start=1)
        ]

    def numbers(self, numbers: Sequence[int], surface: str) -> list[Card]:
        """The cards of products by number."""
        return self.cards([self._view.ids[number] for number in numbers], surface=surface)

    def price(self, minor: int, currency: str = "") -> Price | None:
        """A price; None where there is none."""
        if minor < 0:
            return None
        code = currency or self._rooms.settings.shop.currency
        is_whole = minor % 10 ** exponent(code) == 0
        text = self._page.formats.money(minor, code, is_whole=is_whole)
        start = next((n for n, letter in enumerate(text) if letter.isdigit()), 0)
        return Price(text[:start], text[start:])

    def address(self, product_id: str) -> str:
        """Where a product's page is."""
        return f"/shop/{self._rooms.name}/p/{quote(product_id, safe='')}"

    def _href(self, product_id: str, list_id: str, surface: str, position: int) -> str:
        told = {name: value for name, value in (("list", list_id), ("on", surface)) if value}
        return f"{self.address(product_id)}?{urlencode({**told, 'at': position})}" if told else self.address(product_id)

    def _card(self, product: Product, href: str, label: Chip | None) -> Card:
        number = self._view.numbers[product.id]
        return Card(
            id=product.id,
            href=href,
            title=self._view.titles(number, self._page.language),
            picture=picture_of(product),
            price=self.price(int(self._view.price_minor[number])),
            note=self._note(product),
            kind=kind_of(product, self._page),
            is_sold_out=not self._view.is_sellable[number],
            label=label,
        )

    def _note(self, product: Product) -> str:
        said = len(product.variants)
        if said > 1:
            return words(self._page.language).ngettext("%(n)s option", "%(n)s options", said) % {"n": said}
        return named(product.category[-1], self._page.language) if product.category else ""


def kind_of(product: Product, page: View) -> str:
    """What something is that is no product, in the reader's words; empty for a product."""
    word = KINDS[product.item_type]
    return page._(word) if word else ""


def picture_of(product: Product) -> str:
    """The first stored picture; empty where there is none."""
    return next(iter(pictures_of(product)), "")


def pictures_of(product: Product) -> list[str]:
    """The stored pictures of a product, by so much of their names as tells them apart: a page names each thrice."""
    return [name[:SHORT] for name in product.images if len(name) == PICTURE and name.isalnum()]


def variant_name(variant: Variant, language: str) -> str:
    """A variant by its options, such as `50g`; by its id where it has none."""
    return " ".join(named(value, language) for value in variant.options.values()) or variant.id
