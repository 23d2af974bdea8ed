"""Cohorts and moves between stages over HTTP: aggregates alone."""

from __future__ import annotations

from typing import Annotated

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from zhanggui.audience.service.audience import Audience
from zhanggui.audience.types.journeys import Cohort, Flow

MEASURE = {"scope": "audience:measure"}
Months = Annotated[int, QueryParameter(ge=1, le=24, description="How many cohorts.")]


class JourneyRoutes(Controller):
    """How customers stay, and how they move between stages."""

    path = "/v1/{shop:str}/audience"
    tags = ("audience",)

    @get("/cohorts", operation_id="ListCohorts", opt=MEASURE, sync_to_thread=True)
    def cohorts(self, audience: NamedDependency[Audience], months: Months = 12) -> list[Cohort]:
        """By month of the first purchase: how many, and how many of them bought again in each month since."""
        return audience.journeys.cohorts(months)

    @get("/flow", operation_id="GetStageFlow", opt=MEASURE, sync_to_thread=True)
    def flow(self, audience: NamedDependency[Audience]) -> Flow:
        """From which stage to which customers moved in the month before this."""
        return audience.journeys.flow()
