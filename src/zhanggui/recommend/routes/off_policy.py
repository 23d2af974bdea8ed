"""What served places led to, and other ways of choosing judged by it, over HTTP."""

from __future__ import annotations

import io
from typing import Annotated, Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody, QueryParameter

from zhanggui.recommend.service.models.desk import ModelDesk
from zhanggui.recommend.types.off_policy import AskEstimate, AskOutcomes, Outcomes, PolicyEstimate, Reward

SCOPE = {"scope": "recommend:measure"}
PARQUET = "application/vnd.apache.parquet"
Days = Annotated[int, QueryParameter(ge=1, le=90, description="Lists of so many days back.")]
Hours = Annotated[int, QueryParameter(ge=1, le=168, description="What a place led to within so many hours.")]
Counted = Annotated[Reward, QueryParameter(description="What counts: click or purchase.")]


class OffPolicyRoutes(Controller):
    """Served places with their chances and outcomes."""

    path = "/v1/{shop:str}/off-policy"
    tags = ("recommend",)

    @get(operation_id="GetOutcomes", opt=SCOPE, sync_to_thread=True)
    def outcomes(
        self, model_desk: NamedDependency[ModelDesk], days: Days = 28, hours: Hours = 24, reward: Counted = "click"
    ) -> Outcomes:
        """What places led to, by surface: those chosen surely, and those that chance had a say in."""
        return model_desk.off_policy.outcomes(AskOutcomes(days=days, hours=hours, reward=reward))

    @get("/rows", operation_id="GetPlaces", opt={"scope": "shop:export"}, media_type=PARQUET, sync_to_thread=True)
    def rows(
        self, model_desk: NamedDependency[ModelDesk], days: Days = 28, hours: Hours = 24, reward: Counted = "click"
    ) -> Response[Any]:
        """One row a place as Parquet: context, product, propensity, whether it was seen, reward. Nobody is named."""
        file = io.BytesIO()
        model_desk.off_policy.write(file, AskOutcomes(days=days, hours=hours, reward=reward))
        return Response(file.getvalue(), media_type=PARQUET)

    @post("/estimate", operation_id="EstimatePolicy", opt=SCOPE, status_code=200, sync_to_thread=True)
    def estimate(self, model_desk: NamedDependency[ModelDesk], data: JSONBody[AskEstimate]) -> PolicyEstimate:
        """What another way of choosing would have earned, told place by place: IPS, SNIPS and doubly robust."""
        return model_desk.off_policy.judge(data)
