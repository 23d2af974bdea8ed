"""Goods: products with variants, texts per language, offers per market, labels, rivals' prices."""

from __future__ import annotations

import enum
from typing import Annotated

import msgspec

from .base import (
    Currency,
    Decimal,
    Fact,
    Id,
    Language,
    Minor,
    Moment,
    Name,
    Quantity,
    ShortText,
    Text,
    TextLicence,
    Url,
)


class ProductState(enum.StrEnum):
    """Whether a product is for sale."""

    ACTIVE = "active"
    PAUSED = "paused"
    GONE = "gone"


class ItemType(enum.StrEnum):
    """What an entry of the catalogue is: something one buys, or something one reads, watches or joins."""

    PRODUCT = "product"
    ARTICLE = "article"
    VIDEO = "video"
    LIVE = "live"


class ProductText(Fact, frozen=True, kw_only=True):
    """What a product says in one language; attributes are named values (`产地: 杭州`)."""

    title: ShortText
    description: Text = ""
    attributes: dict[ShortText, ShortText] = {}


class Variant(Fact, frozen=True, kw_only=True):
    """A form one buys (规格, SKU)."""

    id: Id
    options: dict[ShortText, ShortText] = {}
    barcode: ShortText = ""
    weight_g: Annotated[int, msgspec.Meta(ge=0)] | None = None


class Product(Fact, frozen=True, kw_only=True):
    """What is sold (商品, SPU); or an article, a video or a live session, which has no price and no stock."""

    id: Id
    texts: dict[Language, ProductText]
    category: tuple[ShortText, ...] = ()  # from the top down: ("茶", "花果茶")
    brand: ShortText = ""
    keywords: tuple[ShortText, ...] = ()
    images: tuple[Url, ...] = ()  # URLs, or names of stored media
    variants: tuple[Variant, ...] = ()
    seller: Id | None = None
    state: ProductState = ProductState.ACTIVE
    item_type: ItemType = ItemType.PRODUCT
    link: Url = ""  # where an article is read, a video watched, a live session joined
    runs_from: Moment | None = None  # of a live session: shown from then on
    runs_until: Moment | None = None  # and until before this moment
    licence: TextLicence = TextLicence.OWN  # of its texts and keywords
    created_at: Moment | None = None  # when it came into the shop; the store fills it in


class Offer(Fact, frozen=True, kw_only=True):
    """A variant at a price, in a market and channel, for a time. Stock counts what is on hand and promised."""

    product_id: Id
    variant_id: Id | None = None  # None: the product as such
    market: Name = "default"
    channel: Name = "default"
    currency: Currency = "CNY"
    price_minor: Annotated[int, msgspec.Meta(ge=0, le=2**53)]  # selling price, after public discounts
    price_source: Decimal | None = None  # as the source wrote it, when minor units lose digits
    list_price_minor: Annotated[int, msgspec.Meta(ge=0, le=2**53)] | None = None
    cost_minor: Annotated[int, msgspec.Meta(ge=0, le=2**53)] | None = None
    on_hand: Quantity | None = None  # None: the shop does not count this one, it is always available
    allocated: Quantity = 0
    starts_at: Moment | None = None
    ends_at: Moment | None = None


class RivalPrice(Fact, frozen=True, kw_only=True):
    """What a rival asked for the same product at a moment."""

    product_id: Id
    rival: ShortText
    price_minor: Minor
    currency: Currency = "CNY"
    url: Url = ""
    seen_at: Moment


class ProductLabel(Fact, frozen=True, kw_only=True):
    """A label of a product (never of a person), with what it rests on."""

    product_id: Id
    label: ShortText
    source: Annotated[str, msgspec.Meta(pattern=r"^(merchant|behaviour)$(?!\n)")] = "merchant"
    evidence: ShortText = ""
