"""All pages of the storefront, with what they are handed."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from typing import Any

from litestar import Router
from litestar.di import Provide

from zhanggui.app.http.rates import Rate, Rates
from zhanggui.app.http.shops import OpenShops
from zhanggui.app.rooms import Rooms
from zhanggui.app.web.problems import page_problems
from zhanggui.app.web.requests import Views
from zhanggui.kernel.ids import new_id
from zhanggui.kernel.listing import AnyRequest
from zhanggui.trust import VISITOR_COOKIE

from .about import ABOUT_ROUTES
from .browsing import BROWSING_ROUTES
from .cart import COOKIE as CART_COOKIE
from .cart import Cart
from .carting import CARTING_ROUTES
from .coming_in import COMING_IN_ROUTES
from .contesting import CONTEST_ROUTES
from .finding import Finder
from .home import HOME_ROUTES
from .labels import LABEL_ROUTES
from .mine import MINE_ROUTES
from .pictures import PICTURE_ROUTES, Thumbnails
from .preferring import PREFERRING_ROUTES
from .product import PRODUCT_ROUTES
from .rights import RIGHTS_ROUTES
from .seeing import SEEING_ROUTES
from .separate import SEPARATE_ROUTES
from .shell import Storefront
from .shoppers import Logins, Shopper
from .telling import Teller, device_of, engaged_ms, is_watched
from .thoughts import THOUGHT_ROUTES

ROUTES: tuple[Any, ...] = (
    *HOME_ROUTES,
    *BROWSING_ROUTES,
    *PRODUCT_ROUTES,
    *LABEL_ROUTES,
    *PREFERRING_ROUTES,
    *CARTING_ROUTES,
    *MINE_ROUTES,
    *SEPARATE_ROUTES,
    *THOUGHT_ROUTES,
    *RIGHTS_ROUTES,
    *CONTEST_ROUTES,
    *COMING_IN_ROUTES,
    *ABOUT_ROUTES,
    *SEEING_ROUTES,
    *PICTURE_ROUTES,
)
_VISITOR = re.compile(r"[A-Za-z0-9._-]{1,64}")
SHOPPER = Rate(50, 200)
"""Requests of one address; pictures count too, and a browser keeps those."""


def storefront_router(shops: OpenShops, views: Views, logins: Logins) -> Router:
    """The storefront.

    Args:
        shops: gives the rooms of the shop that the path names.
        views: makes the view of each request.
        logins: says which customer a browser is logged in as.
    """
    rates, thumbnails, finders = Rates(time.monotonic), Thumbnails(), dict[str, Finder]()

    def rooms(request: AnyRequest) -> Rooms:
        return shops.get(request.path_params["shop"])

    def store(request: AnyRequest) -> Storefront:
        held = rooms(request)
        rates.take(request.client.host if request.client else "", SHOPPER)
        view = views.of(request)
        if not _VISITOR.fullmatch(view.visitor_id):
            # A merchant who is logged in to the console has a session and no visitor yet; others send nonsense.
            fresh = new_id()
            csrf = views.access.csrf_of({**request.cookies, VISITOR_COOKIE: fresh})
            view = replace(view, visitor_id=fresh, csrf=csrf, is_new_visitor=True)
        shopper = Shopper(view.visitor_id, logins.customer_of(held.name, request.cookies))
        is_seen = is_watched(request.headers, request.method)
        return Storefront(
            view=view,
            rooms=held,
            logins=logins,
            shopper=shopper,
            cart=Cart.read(request.cookies.get(CART_COOKIE, "")),
            teller=Teller(held, shopper, is_seen, engaged_ms(request.cookies), device_of(request.headers)),
        )

    def finder(request: AnyRequest) -> Finder:
        return finders.setdefault(request.path_params["shop"], Finder())

    return Router(
        path="/",
        route_handlers=list(ROUTES),
        dependencies={
            "store": Provide(store, sync_to_thread=True),
            "rooms": Provide(rooms, sync_to_thread=True),
            "finder": Provide(finder, sync_to_thread=False),
            "thumbnails": Provide(lambda: thumbnails, sync_to_thread=False),
        },
        exception_handlers=page_problems(views),
    )
