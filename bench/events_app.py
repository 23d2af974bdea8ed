"""The events door alone, as the benchmark serves it before anything else can be blamed for its figures."""

from __future__ import annotations

import os
from typing import Any

from litestar import Litestar
from litestar.di import Provide

import zhanggui.kernel.changes  # its tables belong to every store  # noqa: F401
from zhanggui.kernel.clock import system_clock
from zhanggui.kernel.db import open_database
from zhanggui.shop.routes.events import EventRoutes
from zhanggui.shop.service.events import Events


def create_app() -> Any:
    """An application over the store that ZHANGGUI_BENCH_STORE names; its tables are there already."""
    store = open_database(os.environ["ZHANGGUI_BENCH_STORE"], schema=os.environ.get("ZHANGGUI_BENCH_SCHEMA", ""))
    events = Events(store, system_clock)
    return Litestar(
        route_handlers=[EventRoutes],
        dependencies={"events": Provide(lambda: events, sync_to_thread=False)},
        request_max_body_size=16 * 2**20,
        on_shutdown=[store.close],
        openapi_config=None,
    )
