"""What a load balancer, an orchestrator and Prometheus ask."""

# No `from __future__ import annotations`: Litestar reads the annotations of handlers made inside a function.
import hmac
import ipaddress

import msgspec
from litestar import MediaType, Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.datastructures import ResponseSpec

from zhanggui.kernel import metrics
from zhanggui.kernel.errors import Forbidden, Kind
from zhanggui.kernel.listing import AnyRequest


class MetricsForbidden(Forbidden):
    """Figures are for this machine, or for who has the key."""

    code, kind = "server.metrics_forbidden", Kind.FORBIDDEN


class Health(msgspec.Struct, frozen=True):
    """How a worker is: `live`, `ready`, or `starting` with what is still awaited."""

    status: str
    waiting_for: tuple[str, ...] = ()


class Readiness:
    """What must be warm before a worker gets requests: `Readiness("stores", "kernels")`, then `done(...)` for each."""

    def __init__(self, *steps: str) -> None:
        self._awaited = dict.fromkeys(steps)

    def done(self, step: str) -> None:
        """Say that `step` is warm."""
        del self._awaited[step]

    @property
    def waiting_for(self) -> tuple[str, ...]:
        """The steps that are not warm yet."""
        return tuple(self._awaited)


def health_routes(readiness: Readiness, *, metrics_key: str | None) -> list[HTTPRouteHandler]:
    """Routes to mount at the root.

    Args:
        readiness: of this worker.
        metrics_key: opens `/metrics` from other machines (`Authorization: Bearer KEY`); None: to this machine only.
    """

    @get("/health/live", operation_id="HealthLive", sync_to_thread=False, tags=["server"])
    def live() -> Health:
        """Say that this worker runs; an orchestrator restarts it when it does not answer."""
        return Health("live")

    @get(
        "/health/ready",
        operation_id="HealthReady",
        sync_to_thread=False,
        tags=["server"],
        responses={503: ResponseSpec(Health, description="Not ready yet", generate_examples=False)},
    )
    def ready() -> Response[Health]:
        """Say whether this worker's stores, caches and kernels are warm; a load balancer waits for 200."""
        awaited = readiness.waiting_for
        if awaited:
            return Response(Health("starting", awaited), status_code=503)
        return Response(Health("ready"))

    @get("/metrics", include_in_schema=False, sync_to_thread=True, media_type=MediaType.TEXT)
    def figures(request: AnyRequest) -> Response[bytes]:
        """Figures of all processes for Prometheus."""
        if not (_is_from_here(request) or _has_key(request, metrics_key)):
            raise MetricsForbidden(
                "Figures are not shown to other machines.",
                hint="Ask from this machine, or set ZHANGGUI_METRICS_KEY and send it: Authorization: Bearer KEY",
            )
        content, media_type = metrics.exposition()
        return Response(content, media_type=media_type)

    return [live, ready, figures]


def _is_from_here(request: AnyRequest) -> bool:
    # A proxy on this machine asks for somebody else, and says so.
    if "x-forwarded-for" in request.headers or "forwarded" in request.headers or request.client is None:
        return False
    try:
        return ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False


def _has_key(request: AnyRequest, key: str | None) -> bool:
    given = request.headers.get("authorization", "").removeprefix("Bearer ")
    return key is not None and hmac.compare_digest(given.encode(), key.encode())
