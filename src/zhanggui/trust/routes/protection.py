"""The egress register and alerts over HTTP."""

from __future__ import annotations

from typing import Annotated, Literal

from litestar import Controller, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from zhanggui.kernel.datasheets import Datasheet
from zhanggui.kernel.egress import EgressUse
from zhanggui.kernel.listing import AnyRequest
from zhanggui.trust.service.egress import EgressRegister
from zhanggui.trust.service.guarding import PiiGuard
from zhanggui.trust.service.training_data import TrainingGate
from zhanggui.trust.service.unnamed import unnamed_alert
from zhanggui.trust.service.watch import Watch
from zhanggui.trust.types.egress import EgressHost, RegisterHost
from zhanggui.trust.types.watch import Acknowledge, Alert

from .calling import caller_of

OfState = Annotated[
    Literal["all", "open"], QueryParameter(name="state", description="`open`: nobody has acknowledged them.")
]


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


class DatasheetRoutes(Controller):
    """What was learned from people, and which checks its data passed."""

    path = "/v1/{shop:str}/datasheets"
    tags = ("protection",)

    @get("/", operation_id="ListDatasheets", opt={"scope": "protection:read"}, sync_to_thread=True)
    def sheets(self, training_gate: NamedDependency[TrainingGate]) -> list[Datasheet]:
        """The newest datasheet of each kind of training, passed or stopped; counts alone, nothing of people."""
        return training_gate.sheets()


class AlertRoutes(Controller):
    """What was unlike what it was, and who has seen to it."""

    path = "/v1/{shop:str}/alerts"
    tags = ("protection",)

    @get("/", operation_id="ListAlerts", opt={"scope": "protection:read"}, sync_to_thread=True)
    def alerts(
        self,
        request: AnyRequest,
        watch: NamedDependency[Watch],
        guard: NamedDependency[PiiGuard],
        which: OfState = "all",
    ) -> list[Alert]:
        """List the last 200 alerts, the newest first; personal data in notes only for who may see people."""
        alerts = watch.alerts(open_only=which == "open")
        if caller_of(request).may("shop:people", request.path_params["shop"]):
            return alerts
        return [unnamed_alert(one, guard.redacted) for one in alerts]

    @post(
        "/{alert_id:str}/acknowledge",
        operation_id="AcknowledgeAlert",
        opt={"scope": "protection:write"},
        status_code=200,
        sync_to_thread=True,
    )
    def acknowledge(
        self, request: AnyRequest, watch: NamedDependency[Watch], alert_id: FromPath[str], data: JSONBody[Acknowledge]
    ) -> Alert:
        """Say that you have seen to an alert; who did so first stays."""
        return watch.acknowledge(alert_id, data.note, caller_of(request).actor)
