"""The egress register over HTTP."""

from __future__ import annotations

from litestar import Controller, delete, get, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from zhanggui.kernel.egress import EgressUse
from zhanggui.kernel.listing import AnyRequest
from zhanggui.trust.service.egress import EgressRegister
from zhanggui.trust.types.egress import EgressHost, RegisterHost

from .calling import caller_of


class EgressRoutes(Controller):
    """Whom the shop calls, with what, and where that is."""

    path = "/v1/{shop:str}/egress"
    tags = ("protection",)

    @get("/", operation_id="ListEgressHosts", opt={"scope": "protection:read"}, sync_to_thread=True)
    def hosts(self, egress: NamedDependency[EgressRegister]) -> list[EgressHost]:
        """List the hosts that the shop may call, with what each gets and what the law still asks for."""
        return egress.hosts()

    @put("/", operation_id="RegisterEgressHost", opt={"scope": "protection:write"}, sync_to_thread=True)
    def register(
        self, request: AnyRequest, egress: NamedDependency[EgressRegister], data: JSONBody[RegisterHost]
    ) -> EgressHost:
        """Register a host for a use, or say anew what it gets; calls to others fail."""
        return egress.add(data, caller_of(request).actor)

    @delete(
        "/{use:str}/{host:str}",
        operation_id="RemoveEgressHost",
        opt={"scope": "protection:write"},
        status_code=204,
        sync_to_thread=True,
    )
    def remove(
        self,
        request: AnyRequest,
        egress: NamedDependency[EgressRegister],
        use: FromPath[EgressUse],
        host: FromPath[str],
    ) -> None:
        """Take a host out; the very next call to it fails."""
        egress.remove(host, use, caller_of(request).actor)
