"""Plans per tier over HTTP: counts for who counts, people for who may see persons."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import PathParameter

from zhanggui.audience.service.audience import Audience
from zhanggui.audience.types.plans import TierPlan
from zhanggui.audience.types.segments import MemberPage
from zhanggui.kernel.listing import After, AnyRequest, CursorCodec, Limit, actor_of
from zhanggui.trust import Author, Proposal

from .paging import page_of_people

READ, MEASURE, PROPOSE = {"scope": "audience:read"}, {"scope": "audience:measure"}, {"scope": "trust:propose"}
TierName = Annotated[str, PathParameter(pattern=r"^(acquire|retain|convert|win_back)$(?!\n)")]

BatchNumber = Annotated[str, PathParameter(pattern=r"^[1-9][0-9]{0,5}$(?!\n)")]


class PlanRoutes(Controller):
    """A plan for each tier (拉新, 留存, 转化, 唤醒); nothing happens before one was approved."""

    path = "/v1/{shop:str}/audience/plans"
    tags = ("audience",)

    @get("/", operation_id="ListPlans", opt=MEASURE, sync_to_thread=True)
    def all(self, audience: NamedDependency[Audience]) -> list[TierPlan]:
        """All tiers with what runs for them, and what earlier plans brought; fewer than ten are never counted out."""
        return audience.plans.all()

    @post("/{tier:str}/proposals", operation_id="ProposePlan", opt=PROPOSE, status_code=201, sync_to_thread=True)
    def propose(self, audience: NamedDependency[Audience], tier: TierName) -> Proposal:
        """Propose a plan for a tier from how it looks now."""
        return audience.plans.propose(tier)

    @post("/{tier:str}/stops", operation_id="ProposePlanStop", opt=PROPOSE, status_code=201, sync_to_thread=True)
    def propose_stop(self, request: AnyRequest, audience: NamedDependency[Audience], tier: TierName) -> Proposal:
        """Propose that the plan of a tier runs no longer, one that was restored from an export for example."""
        return audience.plans.propose_stop(tier, Author(name=actor_of(request)))

    @get("/{tier:str}/batches/{batch:str}/people", operation_id="ListPlanPeople", opt=READ, sync_to_thread=True)
    def people(
        self,
        request: AnyRequest,
        audience: NamedDependency[Audience],
        cursors: NamedDependency[CursorCodec],
        tier: TierName,
        batch: BatchNumber,
        after: After = None,
        limit: Limit = 50,
    ) -> MemberPage:
        """Whom a batch reaches, as far as they still allow it at this moment."""
        ask = partial(audience.plans.people, tier, int(batch), limit=limit)
        return page_of_people(request, cursors, after, ask)
