"""Floors under a group's share of exposure, over HTTP: what they cost, what holds them, what lists gave since."""

from __future__ import annotations

from litestar import Controller, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from zhanggui.kernel.ids import Ulid
from zhanggui.kernel.listing import AnyRequest, actor_of
from zhanggui.recommend.service.aims.desk import AimDesk
from zhanggui.recommend.types.floors import ExposureFloor, FloorReport, FloorSet, StandingFloor
from zhanggui.recommend.types.rules import Rule

SCOPE, LOOKING = "recommend:admin", "recommend:measure"


class FloorRoutes(Controller):
    """The least share of exposure that a group of goods is to have."""

    path = "/v1/{shop:str}/recommend-floors"
    tags = ("recommend",)

    @get(operation_id="ListFloors", opt={"scope": LOOKING}, sync_to_thread=True)
    def floors(self, aim_desk: NamedDependency[AimDesk]) -> list[StandingFloor]:
        """The floors that stand, each with its cost and what served lists gave its group since, counted hourly."""
        return aim_desk.floors.all()

    @post("/replay", operation_id="ReplayFloor", opt={"scope": SCOPE}, status_code=200, sync_to_thread=True)
    def replay(self, aim_desk: NamedDependency[AimDesk], data: JSONBody[ExposureFloor]) -> FloorReport:
        """What a floor would bring and cost: the last sessions without and with its rule. Nothing is set."""
        return aim_desk.floors.measure(data)

    @put(operation_id="SetFloor", opt={"scope": SCOPE}, sync_to_thread=True)
    def set_floor(
        self, request: AnyRequest, aim_desk: NamedDependency[AimDesk], data: JSONBody[ExposureFloor]
    ) -> FloorSet:
        """Replay a floor, and set its rule where the replay held it; it takes the place of the group's present one."""
        report, rule = aim_desk.floors.decide(data, actor_of(request))
        return FloorSet(rule=rule, report=report)

    @delete("/{rule_id:str}", operation_id="RemoveFloor", opt={"scope": SCOPE}, status_code=200, sync_to_thread=True)
    def remove(self, request: AnyRequest, aim_desk: NamedDependency[AimDesk], rule_id: FromPath[Ulid]) -> Rule:
        """Take a floor's rule away; undo brings it back."""
        return aim_desk.floors.remove(rule_id, actor_of(request))

    @post("/{rule_id:str}/undo", operation_id="UndoFloor", opt={"scope": SCOPE}, status_code=200, sync_to_thread=True)
    def undo(self, request: AnyRequest, aim_desk: NamedDependency[AimDesk], rule_id: FromPath[Ulid]) -> Rule:
        """Take the last act about a floor's rule back."""
        return aim_desk.floors.undo(rule_id, actor_of(request))
