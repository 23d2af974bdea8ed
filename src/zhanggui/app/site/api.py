"""The API: the routes of all rooms, its own description, and the health of the worker."""

from __future__ import annotations

import os

from zhanggui.app.http.cursors import Cursors
from zhanggui.app.http.pages import PAGES
from zhanggui.app.http.routes import ROUTES
from zhanggui.app.http.shops import dependencies
from zhanggui.app.http.static_files import STATIC
from zhanggui.app.server.health import Readiness, health_routes
from zhanggui.app.wiring.figures import across_of
from zhanggui.kernel.settings import load_secret

from .installation import Installation
from .parts import Part, given


def api_of(installation: Installation, readiness: Readiness) -> Part:
    """What programs talk to."""
    settings = installation.settings
    metrics_key = load_secret("metrics_key", settings.home, os.environ)
    return Part(
        routes=(
            *ROUTES,
            *(PAGES if settings.features.openapi else ()),
            STATIC,
            *health_routes(readiness, metrics_key=metrics_key),
        ),
        dependencies={
            **dependencies(installation.shops),
            "cursors": given(Cursors(installation.root)),
            "keys": given(installation.control.keys),
            "figures_across": given(across_of(settings, installation.shop_names, installation.shops.get)),
        },
        lifespans=(installation.lifespan(readiness),),
    )
