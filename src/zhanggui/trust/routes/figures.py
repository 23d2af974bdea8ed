"""Figures for analysts over HTTP."""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from zhanggui.kernel.listing import AnyRequest
from zhanggui.trust.service.figures import AnalystFigures, FiguresAcross
from zhanggui.trust.types.figures import ANALYSTS, AskAcross, AskFigures, BudgetState, ReleasedAcross, ReleasedFigures

from .calling import caller_of


class GrantBudget(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A new budget for an audience: total epsilon until the next grant."""

    audience: Annotated[str, msgspec.Meta(min_length=1, max_length=128)] = ANALYSTS
    epsilon: Annotated[float, msgspec.Meta(ge=0, le=100)] = 4.0


class FigureRoutes(Controller):
    """Figures about many people that tell nothing of one."""

    path = "/v1/{shop:str}/analyst-figures"
    tags = ("trust",)

    @post("/", operation_id="ReleaseFigures", opt={"scope": "trust:figures"}, status_code=200, sync_to_thread=True)
    def release(
        self, request: AnyRequest, analyst_figures: NamedDependency[AnalystFigures], data: JSONBody[AskFigures]
    ) -> ReleasedFigures:
        """Counts, sums or top products with noise that hides each person; costs epsilon of the asker's budget."""
        return analyst_figures.release(audience_of(request), data)

    @post(
        "/across",
        operation_id="ReleaseFiguresAcross",
        opt={"scope": "trust:figures"},
        status_code=200,
        sync_to_thread=True,
    )
    def across(
        self, request: AnyRequest, figures_across: NamedDependency[FiguresAcross], data: JSONBody[AskAcross]
    ) -> ReleasedAcross:
        """Counts or sums over several shops in which the asker holds the scope; costs epsilon in each of them."""
        caller = caller_of(request)
        return figures_across.release(audience_of(request), data, lambda shop: caller.may("trust:figures", shop))

    @get("/budget", operation_id="GetPrivacyBudget", opt={"scope": "trust:figures"}, sync_to_thread=True)
    def budget(self, request: AnyRequest, analyst_figures: NamedDependency[AnalystFigures]) -> BudgetState:
        """What is left of the asker's privacy budget."""
        return analyst_figures.budget.state(audience_of(request))

    @post("/budget", operation_id="GrantBudget", opt={"scope": "trust:budget"}, status_code=200, sync_to_thread=True)
    def grant(
        self, request: AnyRequest, analyst_figures: NamedDependency[AnalystFigures], data: JSONBody[GrantBudget]
    ) -> BudgetState:
        """Grant an audience a new budget; an owner's act, which the ledger keeps."""
        return analyst_figures.budget.grant(data.audience, data.epsilon, caller_of(request).actor)


def audience_of(request: AnyRequest) -> str:
    """Whose budget pays."""
    caller = caller_of(request)
    return ANALYSTS if caller.kind == "user" else f"key:{caller.id}"
