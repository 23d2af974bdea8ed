"""The page /widgets, and the cards that shelves ask for."""

from __future__ import annotations

from typing import Any

from litestar import Response, Router, get
from litestar.di import NamedDependency, Provide

from zhanggui.app.http.shops import OpenShops
from zhanggui.app.places import UnknownShop
from zhanggui.app.rooms import Rooms
from zhanggui.app.web.problems import page_problems
from zhanggui.app.web.rendering import View
from zhanggui.app.web.requests import Views
from zhanggui.kernel.listing import AnyRequest

from .cards import ShelfCard, cards_of
from .reference import ATTRIBUTES, EVENT_ATTRIBUTES, PARTS, VARIABLES
from .showcase import Showcase

MOST_CARDS = 200


@get("/widgets", include_in_schema=False, sync_to_thread=True)
def widgets_page(
    request: AnyRequest,
    view: NamedDependency[View],
    shop_names: NamedDependency[Any],
    showcase: NamedDependency[Any],
    shops: NamedDependency[Any],
) -> Response[str]:
    """How to put shelves and events into a site, with live ones of a shop of this server."""
    names = shop_names()
    shop = view.query.get("shop") or next(iter(names), "")
    if shop and shop not in names:
        raise UnknownShop(f"There is no shop {shop[:80]!r} here.", hint="Leave the parameter out: the first shop.")
    key = showcase.key(shop) if shop else ""
    wanted = shops.get(shop).recommend.preview(k=1, language=view.language).items if key else ()
    return view.page(
        "widgets/page.html",
        shop=shop,
        key=key,
        product=wanted[0] if wanted else None,
        server=str(request.base_url).rstrip("/"),
        attributes=ATTRIBUTES,
        event_attributes=(*ATTRIBUTES[:2], *EVENT_ATTRIBUTES, ATTRIBUTES[-1]),
        variables=VARIABLES,
        parts=PARTS,
    )


@get("/widgets/{shop:str}/cards", include_in_schema=False, sync_to_thread=True, opt={"scope": "recommend:read"})
def cards(request: AnyRequest, rooms: NamedDependency[Rooms]) -> list[ShelfCard]:
    """Pictures and prices of the products whose ids are asked for (`id`, repeated), for any page with a key."""
    ids = request.query_params.getall("id", [])[:MOST_CARDS]
    language = "zh" if request.query_params.get("language", "zh").lower().startswith("zh") else "en"
    return cards_of(rooms, ids, language)


def widgets_router(shops: OpenShops, views: Views, showcase: Showcase) -> Router:
    """The page in words of its reader, and the cards as data.

    Args:
        shops: gives the rooms of the shop that the path names.
        views: makes the view of each request.
        showcase: gives the key of the live examples.
    """

    def rooms(request: AnyRequest) -> Rooms:
        return shops.get(request.path_params["shop"])

    page = Router(
        path="/",
        route_handlers=[widgets_page],
        dependencies={
            "showcase": Provide(lambda: showcase, sync_to_thread=False),
            "shops": Provide(lambda: shops, sync_to_thread=False),
        },
        exception_handlers=page_problems(views),
    )
    data = Router(path="/", route_handlers=[cards], dependencies={"rooms": Provide(rooms, sync_to_thread=True)})
    return Router(path="/", route_handlers=[page, data])
