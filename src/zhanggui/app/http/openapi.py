"""The description of the API: complete, with the errors of every route."""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from litestar import Litestar, Response, Router
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme
from litestar.routes import HTTPRoute

import zhanggui

from .errors import declared


def openapi_config() -> OpenAPIConfig:
    """What stands at /schema/openapi.json."""
    key = SecurityScheme(
        type="http",
        scheme="bearer",
        description="An API key (service or publishable), or a customer token that a service key minted.",
    )
    return OpenAPIConfig(
        title="Zhanggui",
        version=zhanggui.__version__,
        description="掌柜, the open AI shopkeeper: facts in; live, explained recommendations, checked proposals out.",
        openapi_router=Router("/schema", route_handlers=[], include_in_schema=False, after_request=_as_problem),
        render_plugins=[JsonRenderPlugin(path="/openapi.json")],
        use_handler_docstrings=True,
        components=Components(security_schemes={"key": key}),
    )


def _as_problem(response: Response[Any]) -> Response[Any]:
    # The framework answers unknown paths under /schema with a page of its own; here every error is a problem.
    if response.status_code == HTTPStatus.NOT_FOUND:
        raise NotFoundException
    return response


def routes_of(app: Litestar) -> Iterable[HTTPRouteHandler]:
    """Every handler that belongs to the API."""
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            for handler in route.route_handlers:
                if handler.resolve_include_in_schema() and "OPTIONS" not in handler.http_methods:
                    yield handler


def declare_errors(app: Litestar) -> None:
    """Let each route's description name its scope, and the errors it may answer with beside those it names itself."""
    for handler in routes_of(app):
        handler.responses = {**declared(), **(handler.responses or {})}
        if scope := handler.opt.get("scope"):
            handler.security = [{"key": []}]
            handler.description = _naming_scope(handler.description or handler.fn.__doc__ or "", scope)


def _naming_scope(description: str, scope: str) -> str:
    needs = f"Needs the scope `{scope}`."
    said = inspect.cleandoc(description)
    return said if said.endswith(needs) else f"{said}\n\n{needs}"
