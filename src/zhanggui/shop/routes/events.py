"""HTTP door for events. The raw body goes to the service, which decodes a whole batch at once.

A guard that lets a publishable key through sets `state.only_visitor` on the connection, for a customer's token
`state.only_customer`; the service then takes events of that visitor or customer only.
"""

from dataclasses import dataclass
from typing import Any

from litestar import Controller, post
from litestar.di import NamedDependency
from litestar.openapi.spec import OpenAPIMediaType, Operation, RequestBody
from litestar.params import RawBody

from zhanggui.kernel import metrics
from zhanggui.kernel.listing import AnyRequest
from zhanggui.shop.engines.event_schema import batch_schema, line_schema, one_schema
from zhanggui.shop.service.events import Events
from zhanggui.shop.types.accepting import EventReceipt

_ACCEPTED = metrics.EVENTS.labels("accepted")


@dataclass
class _TakesOne(Operation):
    def __post_init__(self) -> None:
        """Describe the body, which the framework does not see."""
        self.request_body = _body({"application/json": one_schema()})


@dataclass
class _TakesMany(Operation):
    def __post_init__(self) -> None:
        """Describe the body, which the framework does not see."""
        self.request_body = _body({"application/json": batch_schema(), "application/x-ndjson": line_schema()})


def _body(schemas: dict[str, Any]) -> RequestBody:
    return RequestBody(
        content={media: OpenAPIMediaType(schema=schema) for media, schema in schemas.items()}, required=True
    )


class EventRoutes(Controller):
    """What shoppers do."""

    path = "/v1/{shop:str}/events"
    tags = ["events"]
    opt = {"scope": "events:write"}

    @post("/", operation_id="PostEvent", operation_class=_TakesOne, status_code=200)
    async def post_event(self, request: AnyRequest, events: NamedDependency[Events], body: RawBody) -> EventReceipt:
        """Take one event. It is on disk when this answers; posting it again counts once."""
        return _counted(await events.accept_one(body, **_speaker(request)))

    @post("/batch", operation_id="PostEvents", operation_class=_TakesMany, status_code=200)
    async def post_events(self, request: AnyRequest, events: NamedDependency[Events], body: RawBody) -> EventReceipt:
        """Take up to 5,000 events: a JSON array, or JSON lines. Those that do not fit are refused by their place."""
        return _counted(await events.accept_batch(body, **_speaker(request)))


def _speaker(request: AnyRequest) -> dict[str, str | None]:
    """For whom alone the sender may speak; empty for a service key."""
    state = request.scope["state"]
    return {name: state[name] for name in ("only_visitor", "only_customer") if name in state}


def _counted(receipt: EventReceipt) -> EventReceipt:
    _ACCEPTED.inc(receipt.accepted)
    if receipt.duplicates:
        metrics.EVENTS.labels("duplicate").inc(receipt.duplicates)
    if receipt.refused:
        metrics.EVENTS.labels("refused").inc(len(receipt.refused))
    return receipt
