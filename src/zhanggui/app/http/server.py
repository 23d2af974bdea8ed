"""The HTTP application: all rooms' routes behind one front."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from anyio import to_thread
from litestar import Litestar
from litestar.config.cors import CORSConfig
from litestar.di import Provide

from zhanggui.app.places import open_checked_control
from zhanggui.kernel.cipher import load_master_key
from zhanggui.kernel.clock import Clock, system_clock
from zhanggui.kernel.settings import Settings, load_settings

from .cursors import Cursors
from .errors import HANDLERS
from .front import FrontedApp
from .idempotency import Idempotency
from .openapi import declare_errors, openapi_config
from .pages import PAGES
from .routes import ROUTES
from .shops import OpenShops, dependencies


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
    control = open_checked_control(held)
    shops = OpenShops(held, control, clock)
    idempotency = Idempotency(control, clock)
    cursors = Cursors(load_master_key(held.home, os.environ))

    @asynccontextmanager
    async def opened(_: Litestar) -> AsyncIterator[None]:
        to_thread.current_default_thread_limiter().total_tokens = held.server.threads
        await to_thread.run_sync(shops.open_all)
        yield
        await to_thread.run_sync(shops.close)
        await to_thread.run_sync(control.close)

    app = FrontedApp(
        route_handlers=[*ROUTES, *(PAGES if held.features.openapi else ())],
        dependencies={
            **dependencies(shops),
            "cursors": Provide(lambda: cursors, sync_to_thread=False),
        },
        exception_handlers=HANDLERS,
        before_request=idempotency.before_request,
        lifespan=[opened],
        openapi_config=openapi_config(),
        cors_config=_cors(held),
        request_max_body_size=held.server.max_body_mb * 2**20,
        debug=False,
    )
    app.max_body_bytes = held.server.max_body_mb * 2**20
    app.idempotency = idempotency
    declare_errors(app)
    return app


def _cors(settings: Settings) -> CORSConfig | None:
    if not settings.server.allowed_origins:
        return None
    return CORSConfig(
        allow_origins=list(settings.server.allowed_origins),
        allow_methods=["GET", "POST", "PUT", "DELETE"],
        allow_headers=["Authorization", "Content-Type", "Idempotency-Key"],
        expose_headers=["X-Request-ID"],
        allow_credentials=True,
        max_age=600,
    )
