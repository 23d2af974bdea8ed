"""The morning brief over HTTP."""

from __future__ import annotations

from litestar import Controller, get
from litestar.di import NamedDependency

from zhanggui.trust.service.brief import MorningBrief
from zhanggui.trust.types.briefs import Brief


class BriefRoutes(Controller):
    """What is most worth deciding."""

    path = "/v1/{shop:str}"
    tags = ("proposals",)

    @get("/brief", operation_id="MorningBrief", opt={"scope": "trust:read"}, sync_to_thread=True)
    def brief(self, brief: NamedDependency[MorningBrief]) -> Brief:
        """At most three decisions by money times confidence, and how old the facts behind them are."""
        return brief.today()
