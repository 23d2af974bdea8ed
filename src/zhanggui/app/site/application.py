"""Where API and pages meet: one application behind one front."""

from __future__ import annotations

import os
import time

from zhanggui.app.http.answers import JsonAnswer
from zhanggui.app.http.counting import Tally
from zhanggui.app.http.errors import HANDLERS
from zhanggui.app.http.front import FrontedApp
from zhanggui.app.http.guard import Guard
from zhanggui.app.http.hot import HotPaths
from zhanggui.app.http.idempotency import Idempotency
from zhanggui.app.http.openapi import declare_errors, openapi_config
from zhanggui.app.http.origins import origins_of
from zhanggui.app.http.queries import KnownQueries
from zhanggui.app.http.rates import Rates
from zhanggui.app.http.reading import StrictRequest
from zhanggui.app.http.schemas import MsgspecSchemas
from zhanggui.app.server.health import Readiness
from zhanggui.kernel.clock import Clock, system_clock
from zhanggui.kernel.settings import Settings, load_settings

from .api import api_of
from .installation import Installation
from .pages import pages_of


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
    installation = Installation.open(held, clock)
    control, shops = installation.control, installation.shops
    guard, queries = Guard(control.access, shops, Rates(time.monotonic)), KnownQueries()
    idempotency = Idempotency(control.db, clock, installation.root)
    api, pages = api_of(installation, Readiness("shops")), pages_of(installation)
    max_body_bytes = held.server.max_body_mb * 2**20
    app = FrontedApp(
        route_handlers=[*api.routes, *pages.routes],
        guards=[guard, queries],
        dependencies={**api.dependencies, **pages.dependencies},
        exception_handlers={**HANDLERS, **pages.exception_handlers},
        request_class=StrictRequest,
        response_class=JsonAnswer,
        before_request=idempotency.before_request,
        lifespan=[*api.lifespans, *pages.lifespans],
        openapi_config=openapi_config(),
        plugins=[MsgspecSchemas()],
        cors_config=origins_of(held, control.access),
        request_max_body_size=max_body_bytes,
        debug=False,
    )
    app.max_body_bytes = max_body_bytes
    app.idempotency = idempotency
    app.tally = Tally()
    app.hot = HotPaths(guard, shops)
    declare_errors(app)
    queries.learn(app)
    return app
