"""The impact assessment and breach drills over HTTP."""

from __future__ import annotations

from typing import Annotated, Literal

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from zhanggui.kernel.listing import AnyRequest
from zhanggui.trust.service.assessing import Assessor
from zhanggui.trust.service.breach import Drills
from zhanggui.trust.types.assessment import Assessment, BreachDrill, DrillAsk

from .calling import caller_of

Language = Annotated[Literal["zh", "en"], QueryParameter(description="Of the words.")]


class AssessmentRoutes(Controller):
    """What an audit asks for."""

    path = "/v1/{shop:str}"
    tags = ("protection",)

    @get("/assessment", operation_id="AssessImpact", opt={"scope": "protection:read"}, sync_to_thread=True)
    def assess(self, assessor: NamedDependency[Assessor], language: Language = "zh") -> Assessment:
        """Fill the impact assessment (PIPL art. 55-56) from the store and the code, as things stand now."""
        return assessor.assess(language)

    @post(
        "/breach-drills",
        operation_id="HoldBreachDrill",
        opt={"scope": "protection:write"},
        status_code=200,
        sync_to_thread=True,
    )
    def drill(
        self, request: AnyRequest, drills: NamedDependency[Drills], shop: FromPath[str], data: JSONBody[DrillAsk]
    ) -> BreachDrill:
        """Reckon who would be affected by a leak and what would be due; nothing is sent to anybody.

        Ids are listed only for who may read people (`shop:people`).
        """
        caller = caller_of(request)
        return drills.hold(data, caller.actor, may_see_ids=caller.may("shop:people", shop))
