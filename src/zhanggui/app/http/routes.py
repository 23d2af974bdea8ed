"""All rooms' routes, in one list."""

from __future__ import annotations

from typing import Any

from zhanggui.shop.routes import ExportRoutes, OrderRoutes, PeopleRoutes, ProductRoutes, WordRoutes
from zhanggui.shop.routes.events import EventRoutes

ROUTES: tuple[Any, ...] = (
    ProductRoutes,
    PeopleRoutes,
    OrderRoutes,
    WordRoutes,
    EventRoutes,
    ExportRoutes,
)
