"""Looking for something: by category, and by words."""

from __future__ import annotations

import numpy as np
from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from zhanggui.kernel.errors import NotFound
from zhanggui.shop import EventContext, EventName

from .categories import category_at
from .finding import LONGEST, Finder
from .listing import list_products
from .shell import Storefront

SUGGESTED = 4


class UnknownCategory(NotFound):
    """The shop has no category of that name."""

    code = "storefront.unknown_category"


@get("/shop/{shop:str}/c", include_in_schema=False, sync_to_thread=True)
def everything(store: NamedDependency[Storefront]) -> Response[str]:
    """All products and categories."""
    listing = list_products(store, np.flatnonzero(store.catalogue.is_sellable), surface="all")
    return store.page("category.html", current="categories", listing=listing, way=(), parts=store.categories)


@get("/shop/{shop:str}/c/{category:path}", include_in_schema=False, sync_to_thread=True)
def category(store: NamedDependency[Storefront], category: FromPath[str]) -> Response[str]:
    """The products of a category."""
    way = category_at(store.categories, category.strip("/"))
    if not way:
        raise UnknownCategory("The shop has no such category, or nothing in it can be bought now.")
    listing = list_products(store, way[-1].numbers, surface="category")
    parts = way[-1].parts or way[0].parts
    return store.page("category.html", current="categories", listing=listing, way=way, parts=parts)


@get("/shop/{shop:str}/search", include_in_schema=False, sync_to_thread=True)
def search(store: NamedDependency[Storefront], finder: NamedDependency[Finder]) -> Response[str]:
    """What fits some words; the empty page helps on."""
    words = store.view.query.get("q", "").strip()[:LONGEST]
    found = finder.find(store.catalogue, words)
    listing = list_products(store, found, surface="search", is_ranked=True, q=words)
    if words and listing.page == 1:
        store.teller.tell(EventName.SEARCH, words, context=EventContext(query=words, surface="search"))
    others = None if listing.total else store.rooms.recommend.popular(SUGGESTED, store.language)
    ids = [one.product_id for one in others.items] if others else []
    cards = store.goods.cards(ids, list_id=others.list_id, surface=others.surface) if others else []
    return store.page(
        "search.html",
        current="categories",
        listing=listing,
        words=words,
        query=words,
        others=cards,
        others_list=others.list_id if others else "",
    )


BROWSING_ROUTES = (everything, category, search)
