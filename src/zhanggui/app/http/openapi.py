"""The description of the API: complete, with the errors of every route."""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from functools import partial
from http import HTTPStatus
from typing import Any

from litestar import Litestar, Response, Router
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, Operation, Parameter, SecurityScheme
from litestar.routes import HTTPRoute

import zhanggui

from .errors import declared

PATH_PARAMETERS = {
    "space": "What the vectors were made of: text or image.",
    "shop": "The name of the shop.",
    "product_id": "The shop's id of a product.",
    "correction_id": "The correction, as making it answered.",
    "customer_id": "The shop's id of a customer.",
    "order_id": "The shop's id of an order.",
    "visitor_id": "The id of a browser, as its events name it.",
    "link_id": "The link that identifying answered.",
    "entry_id": "The entry of the outbox.",
    "export_id": "The export of lists, as starting it answered.",
    "import_id": "The import, as starting it answered.",
    "key_id": "The key, as the list of keys names it; never the secret.",
    "model_id": "The model, as the list of models names it.",
    "training_id": "The training, as starting it answered.",
    "rule_id": "The rule, as the list of rules names it.",
    "preference_id": "The preference that show-less answered.",
    "proposal_id": "The proposal.",
    "contest_id": "The contest, as opening it answered.",
    "notice": "The name of a notice.",
    "name": "What a separate consent is called, as the list of them names it.",
    "receipt_id": "The receipt of an erasure.",
    "segment_id": "The segment, as the list of segments names it.",
    "tier": "acquire, retain, convert or win_back.",
    "batch": "The batch of a plan, as the list of plans numbers it.",
    "alert_id": "The alert, as the list of alerts names it.",
    "host": "The name of a host, without a port.",
    "use": "What calls to the host are for.",
    "kind": "A kind of proposals, such as those that the autonomy lists.",
}
"""What stands in paths, by name; a route that describes its own is left as it is."""


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
    """Let each route say what its docstring says, its scope, and the errors it may answer with beside its own."""
    for handler in routes_of(app):
        handler.operation_class = partial(_operation, handler.operation_class)  # type: ignore[assignment]
        handler.responses = {**declared(), **(handler.responses or {})}
        handler.description = _described(handler)
        if handler.opt.get("scope"):
            handler.security = [{"key": []}]


def _operation(made_as: type[Operation], **facts: Any) -> Operation:
    operation = made_as(**facts)
    for parameter in operation.parameters or []:
        if isinstance(parameter, Parameter) and parameter.param_in == "path":
            parameter.description = parameter.description or PATH_PARAMETERS.get(parameter.name)
    return operation


def _described(handler: HTTPRouteHandler) -> str:
    # A handler that runs in a thread is wrapped, and the wrapper has a docstring of its own.
    written = getattr(handler.fn, "func", handler.fn)
    said = inspect.cleandoc(handler.description or written.__doc__ or "")
    needs = f"Needs the scope `{scope}`." if (scope := handler.opt.get("scope")) else ""
    return said if said.endswith(needs) else f"{said}\n\n{needs}"
