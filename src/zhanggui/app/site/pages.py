"""The pages that people see: console, storefront, widgets, and the tour where it is on."""

from __future__ import annotations

import time

from litestar.exceptions import HTTPException

from zhanggui.app.console.routes import console_router
from zhanggui.app.http.errors import from_litestar
from zhanggui.app.http.given import Given
from zhanggui.app.http.rates import Rates
from zhanggui.app.storefront.routes import storefront_router
from zhanggui.app.storefront.shoppers import Logins
from zhanggui.app.tour.routes import tour_router
from zhanggui.app.tour.trials import Trials
from zhanggui.app.web.assets import Assets, asset, load_assets
from zhanggui.app.web.forms import Form, posted
from zhanggui.app.web.problems import page_of_unknown_path
from zhanggui.app.web.rendering import Templates, View
from zhanggui.app.web.requests import Views
from zhanggui.app.widgets.routes import widgets_router
from zhanggui.app.widgets.showcase import Showcase
from zhanggui.kernel.listing import AnyRequest

from .installation import Installation
from .parts import Part, given


def pages_of(installation: Installation) -> Part:
    """What people look at, and the files that it loads."""
    settings, clock = installation.settings, installation.clock
    control, shops = installation.control, installation.shops
    assets = Assets(load_assets())
    views = Views(templates=Templates(assets), access=control.access, settings=settings, clock=clock)
    tour = _tour(installation, views)
    return Part(
        routes=(
            asset,
            console_router(shops, control, views),
            storefront_router(shops, views, Logins(control.access, installation.root, clock)),
            widgets_router(shops, views, Showcase(settings=settings, keys=control.keys)),
            *tour.routes,
        ),
        dependencies={
            "assets": given(assets),
            "control": given(control),
            "shop_names": given(installation.shop_names),
            **_of_request(views),
        },
        lifespans=tour.lifespans,
        exception_handlers={HTTPException: page_of_unknown_path(views, from_litestar)},
    )


def _tour(installation: Installation, views: Views) -> Part:
    if not installation.settings.features.tour:
        return Part(routes=(), dependencies={})
    trials = Trials(installation.settings, installation.clock)
    router = tour_router(installation.shops, installation.control, views, trials, Rates(time.monotonic))
    return Part(routes=(router,), dependencies={}, lifespans=(trials.lifespan(),))


def _of_request(views: Views) -> dict[str, Given]:
    def view(request: AnyRequest) -> View:
        return views.of(request)

    async def form(request: AnyRequest) -> Form:
        return await posted(request, views.access)

    return {"view": Given(view, sync_to_thread=False), "form": Given(form)}
