"""The whole site: the API, the console and the storefront behind one front."""

from __future__ import annotations

import os
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

from anyio import to_thread
from litestar import Litestar
from litestar.di import Provide

from zhanggui.app.build import open_control
from zhanggui.app.console.routes import console_router
from zhanggui.app.http.answers import JsonAnswer
from zhanggui.app.http.cursors import Cursors
from zhanggui.app.http.errors import HANDLERS
from zhanggui.app.http.front import FrontedApp
from zhanggui.app.http.guard import Guard
from zhanggui.app.http.hot import HotPaths
from zhanggui.app.http.idempotency import Idempotency
from zhanggui.app.http.openapi import declare_errors, openapi_config
from zhanggui.app.http.origins import origins_of
from zhanggui.app.http.pages import PAGES
from zhanggui.app.http.queries import KnownQueries
from zhanggui.app.http.rates import Rates
from zhanggui.app.http.routes import ROUTES
from zhanggui.app.http.schemas import MsgspecSchemas
from zhanggui.app.http.shops import OpenShops, dependencies
from zhanggui.app.http.static_files import STATIC
from zhanggui.app.places import known_shops
from zhanggui.app.rooms import Control
from zhanggui.app.server.health import Readiness, health_routes
from zhanggui.app.storefront.routes import storefront_router
from zhanggui.app.storefront.shoppers import Logins
from zhanggui.app.tour.routes import tour_router
from zhanggui.app.tour.trials import Trials
from zhanggui.app.web.assets import Assets, asset, load_assets
from zhanggui.app.web.forms import Form, posted
from zhanggui.app.web.rendering import Templates, View
from zhanggui.app.web.requests import AnyRequest, Views
from zhanggui.app.widgets.routes import widgets_router
from zhanggui.app.widgets.showcase import Showcase
from zhanggui.kernel.cipher import load_master_key
from zhanggui.kernel.clock import Clock, system_clock
from zhanggui.kernel.settings import Settings, load_secret, load_settings


def create_app(settings: Settings | None = None, *, clock: Clock = system_clock) -> FrontedApp:
    """The application that each worker serves.

    Args:
        settings: of the installation; without, from the file and the environment.
        clock: gives the present moment.

    Raises:
        Unavailable: there is no installation yet.
        WrongRevision: its stores need `zhanggui migrate`.
    """
    held = settings or load_settings(None, os.environ)
    control = open_control(held, clock=clock)
    shops = OpenShops(held, control.db, clock)
    guard = Guard(control.access, shops, Rates(time.monotonic))
    queries = KnownQueries()
    master_key = load_master_key(held.home, os.environ)
    idempotency = Idempotency(control.db, clock, master_key)
    readiness = Readiness("shops")
    assets = Assets(load_assets())
    views = Views(templates=Templates(assets), access=control.access, settings=held, clock=clock)
    trials = Trials(held, clock)
    installation = {
        "cursors": Cursors(master_key),
        "keys": control.keys,
        "control": control,
        "assets": assets,
        "shop_names": lambda: known_shops(control.db),
    }
    app = FrontedApp(
        route_handlers=[
            *ROUTES,
            *(PAGES if held.features.openapi else ()),
            STATIC,
            asset,
            console_router(shops, control, views),
            *((tour_router(shops, control, views, trials, Rates(time.monotonic)),) if held.features.tour else ()),
            storefront_router(shops, views, Logins(control.access, master_key, clock)),
            widgets_router(shops, views, Showcase(settings=held, keys=control.keys)),
            *health_routes(readiness, metrics_key=load_secret("metrics_key", held.home, os.environ)),
        ],
        guards=[guard, queries],
        dependencies={
            **dependencies(shops),
            **_of_pages(views),
            **{name: Provide(_always(part), sync_to_thread=False) for name, part in installation.items()},
        },
        exception_handlers=HANDLERS,
        response_class=JsonAnswer,
        before_request=idempotency.before_request,
        lifespan=[_opened(held, shops, control, readiness), *([trials.lifespan()] if held.features.tour else [])],
        openapi_config=openapi_config(),
        plugins=[MsgspecSchemas()],
        cors_config=origins_of(held, control.access),
        request_max_body_size=held.server.max_body_mb * 2**20,
        debug=False,
    )
    app.max_body_bytes = held.server.max_body_mb * 2**20
    app.idempotency = idempotency
    app.hot = HotPaths(guard, shops)
    declare_errors(app)
    queries.learn(app)
    return app


def _opened(
    settings: Settings, shops: OpenShops, control: Control, readiness: Readiness
) -> Callable[[Litestar], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def opened(_: Litestar) -> AsyncIterator[None]:
        to_thread.current_default_thread_limiter().total_tokens = settings.server.threads
        await to_thread.run_sync(shops.open_all)
        readiness.done("shops")
        yield
        await to_thread.run_sync(shops.close)
        await to_thread.run_sync(control.close)

    return opened


def _of_pages(views: Views) -> dict[str, Provide]:
    def view(request: AnyRequest) -> View:
        return views.of(request)

    async def form(request: AnyRequest) -> Form:
        return await posted(request, views.access)

    return {"view": Provide(view, sync_to_thread=False), "form": Provide(form)}


def _always(part: object) -> Callable[[], Any]:
    return lambda: part
