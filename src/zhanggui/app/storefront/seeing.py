"""What a shopper was shown: told by the script once it came into view, without a script by a picture of one pixel."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency

from zhanggui.shop import EventContext, EventName

from .product import SURFACES
from .shell import Storefront

MOST_AT_ONCE = 50
_PIXEL = bytes.fromhex("47494638396101000100800000ffffff00000021f90401000000002c00000000010001000002024401003b")


@post("/shop/{shop:str}/seen", include_in_schema=False, sync_to_thread=True, status_code=204)
def seen(store: NamedDependency[Storefront], form: NamedDependency[Any]) -> None:
    """Products came into view."""
    _tell(store, form.texts)


@get("/shop/{shop:str}/seen.gif", include_in_schema=False, sync_to_thread=True)
def seen_pixel(store: NamedDependency[Storefront]) -> Response[bytes]:
    """The same where no script runs."""
    if not store.view.is_new_visitor:
        _tell(store, store.view.query)
    return Response(_PIXEL, media_type="image/gif")


def _tell(store: Storefront, told: Mapping[str, str]) -> None:
    """One event for each product; those that the shop does not have are left out, and so is another surface."""
    surface, list_id = told.get("on", ""), told.get("list", "")[:64]
    view = store.catalogue
    pairs = [pair.partition(":") for pair in told.get("p", "")[:20_000].split(",")[:MOST_AT_ONCE]]
    acts: list[tuple[EventName, str, dict[str, Any]]] = []
    for at, _, product_id in pairs:
        number = view.numbers.get(product_id)
        if number is not None and view.entries[number] is not None and surface in SURFACES and at.isdigit():
            context = EventContext(surface=surface, list_id=list_id, position=min(int(at[:4]), 1000))
            key = f"{list_id}:{surface}:{product_id}"
            acts.append((EventName.VIEW_ITEM_LIST, key, {"product_id": product_id, "context": context}))
    store.teller.tell_all(acts)


SEEING_ROUTES = (seen, seen_pixel)
