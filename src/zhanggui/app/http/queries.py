"""Query parameters that a route does not know are refused: a misspelt one would be passed over, unnoticed."""

from __future__ import annotations

from typing import Any

from litestar import Litestar
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from litestar.routes import HTTPRoute

from zhanggui.kernel.errors import InvalidInput, did_you_mean

from .openapi import routes_of


class UnknownParameter(InvalidInput):
    """A query parameter that this path does not know."""

    code = "http.unknown_parameter"

    @classmethod
    def among(cls, seen: str, known: frozenset[str]) -> UnknownParameter:
        """Name the nearest known parameter, else all."""
        otherwise = f"Known here: {', '.join(sorted(known))}." if known else "This path takes none."
        return cls(f"No parameter is called {seen[:100]!r} here.", hint=did_you_mean(seen, known, otherwise=otherwise))


class KnownQueries:
    """A guard that knows the query parameters of each route of the API; pages judge their own."""

    def __init__(self) -> None:
        self._known: dict[BaseRouteHandler, frozenset[str]] = {}

    def learn(self, app: Litestar) -> None:
        """Note what each route takes; to be called once, when all routes are there."""
        described = set(routes_of(app))
        for route in app.routes:
            for handler, model in route.route_handler_map.values() if isinstance(route, HTTPRoute) else ():
                if handler in described:
                    self._known[handler] = frozenset(each.field_alias for each in model.expected_query_params)

    async def __call__(self, connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
        """Let a request through whose parameters are all known.

        Raises:
            UnknownParameter: one is not.
        """
        # The handler that a guard is given is a copy.
        known = self._known.get(connection.route_handler) if connection.scope["query_string"] else None
        if known is None:
            return
        unknown = next((name for name in connection.query_params if name not in known), None)
        if unknown is not None:
            raise UnknownParameter.among(unknown, known)
