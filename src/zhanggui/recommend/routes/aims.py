"""What a shop aims at, over HTTP: objectives, the slider with its cost, and what served lists showed."""

from __future__ import annotations

import msgspec
from litestar import Controller, get, post, put
from litestar.di import NamedDependency
from litestar.params import JSONBody

from zhanggui.kernel.listing import AnyRequest, actor_of
from zhanggui.recommend.jobs.aims import measuring_of, request_trade_off
from zhanggui.recommend.service.aims.desk import AimDesk
from zhanggui.recommend.types.aims import Objectives
from zhanggui.recommend.types.watching import ExposureReport, Measuring, TradeOff

SCOPE, LOOKING = "recommend:admin", "recommend:measure"


class Asked(msgspec.Struct, frozen=True):
    """A piece of background work that was asked for."""

    job: str


class AimRoutes(Controller):
    """What the lists of a shop are for, and what that costs and brings."""

    path = "/v1/{shop:str}/recommend-objectives"
    tags = ("recommend",)

    @get(operation_id="GetObjectives", opt={"scope": SCOPE}, sync_to_thread=True)
    def objectives(self, aim_desk: NamedDependency[AimDesk]) -> Objectives:
        """What the shop aims at now."""
        return aim_desk.aims.get()

    @put(operation_id="SetObjectives", opt={"scope": SCOPE}, sync_to_thread=True)
    def set_objectives(
        self, request: AnyRequest, aim_desk: NamedDependency[AimDesk], data: JSONBody[Objectives]
    ) -> Objectives:
        """Aim at something else; what is left out takes its default. It stands in the ledger."""
        return aim_desk.aims.set(data, actor_of(request))

    @post("/undo", operation_id="UndoObjectives", opt={"scope": SCOPE}, status_code=200, sync_to_thread=True)
    def undo(self, request: AnyRequest, aim_desk: NamedDependency[AimDesk]) -> Objectives:
        """Take the last change back, 20 deep."""
        return aim_desk.aims.undo(actor_of(request))

    @get("/trade-off", operation_id="GetTradeOff", opt={"scope": LOOKING}, sync_to_thread=True)
    def trade_off(self, aim_desk: NamedDependency[AimDesk]) -> TradeOff | None:
        """What the slider costs and brings, as measured last; null where nothing was yet."""
        return aim_desk.trade_offs.latest()

    @post("/trade-off", operation_id="MeasureTradeOff", opt={"scope": SCOPE}, status_code=202, sync_to_thread=True)
    def measure(self, aim_desk: NamedDependency[AimDesk]) -> Asked:
        """Measure the slider anew; it runs in the background, and `measuring` says how far it is."""
        return Asked(job=request_trade_off(aim_desk.trade_offs.serving.db))

    @get("/trade-off/measuring", operation_id="GetMeasuring", opt={"scope": LOOKING}, sync_to_thread=True)
    def measuring(self, aim_desk: NamedDependency[AimDesk]) -> Measuring | None:
        """How far the measurement is that was asked for last, and why one came to nothing; null where none was."""
        return measuring_of(aim_desk.trade_offs.serving.db)

    @get("/exposure", operation_id="GetExposure", opt={"scope": LOOKING}, sync_to_thread=True)
    def exposure(self, aim_desk: NamedDependency[AimDesk]) -> ExposureReport:
        """What served lists of the last 35 days showed, and how narrow people's lists are; ten minutes old at most."""
        return aim_desk.watch.report()
