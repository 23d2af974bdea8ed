"""Fairness over HTTP: aggregates alone, no group under the smallest size."""

from __future__ import annotations

from litestar import Controller, get
from litestar.di import NamedDependency

from zhanggui.trust.service.fairness.reporting import Fairness
from zhanggui.trust.types.fairness import FairnessReport


class FairnessRoutes(Controller):
    """Whether groups of people are served alike."""

    path = "/v1/{shop:str}/fairness"
    tags = ("trust",)

    @get("/", operation_id="GetFairness", opt={"scope": "trust:measure"}, sync_to_thread=True)
    def report(self, fairness: NamedDependency[Fairness]) -> FairnessReport:
        """Shares by group with intervals, gaps between groups, and what is beyond a limit; ten minutes old at most."""
        return fairness.report()
