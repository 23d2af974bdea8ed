"""The page of one label: the products that have earned it."""

from __future__ import annotations

import numpy as np
from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from zhanggui.recommend.words.labels import meaning_of

from .listing import list_products
from .shell import Storefront

SURFACE = "label"


@get("/shop/{shop:str}/l/{label:str}", include_in_schema=False, sync_to_thread=True)
def label_page(store: NamedDependency[Storefront], label: FromPath[str]) -> Response[str]:
    """The products that have earned a label, those first that it is truest of."""
    desk = store.rooms.label_desk
    found = np.array(desk.ranked(label), dtype=np.int64)
    found = found[found < store.catalogue.size]
    found = found[store.catalogue.is_sellable[found]]
    shelves = desk.shelves(store.language)
    shelf = next((one for one in shelves if one.label == label), None)
    return store.page(
        "label.html",
        current="categories",
        listing=list_products(store, found, surface=SURFACE, is_ranked=True),
        name=desk.name(label, store.language),
        meaning=meaning_of(label, store.language),
        average=None if shelf is None else store.view.formats.percent(shelf.shop_share, 0),
        shelves=shelves,
        label=label,
    )


LABEL_ROUTES = (label_page,)
