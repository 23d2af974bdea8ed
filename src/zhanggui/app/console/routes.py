"""All pages of the console, with what they are handed."""

from __future__ import annotations

from typing import Any

from litestar import Router
from litestar.di import Provide

from zhanggui.app.http.shops import OpenShops
from zhanggui.app.rooms import Control
from zhanggui.app.web.problems import page_problems
from zhanggui.app.web.requests import Views
from zhanggui.kernel.listing import AnyRequest

from .account import ACCOUNT_ROUTES
from .analyst_figures import ANALYST_FIGURE_ROUTES
from .contests import CONTEST_ROUTES
from .customers import CUSTOMER_ROUTES
from .ethics import ETHICS_ROUTES
from .fairness import FAIRNESS_ROUTES
from .finding import FINDING_ROUTES
from .floor_acts import FLOOR_ROUTES
from .guard import GUARD_ROUTES
from .import_steps import IMPORT_STEP_ROUTES
from .import_undo import IMPORT_UNDO_ROUTES
from .imports import IMPORT_ROUTES
from .inbox import INBOX_ROUTES
from .inbox_acts import INBOX_ACT_ROUTES
from .jobs import JOB_ROUTES
from .journeys import JOURNEY_ROUTES
from .keys import KEY_ROUTES
from .labels import LABEL_ROUTES
from .learned import LEARNED_ROUTES
from .ledger import LEDGER_ROUTES
from .levels import LEVEL_ROUTES
from .listing import PICTURE_ROUTES
from .login import LOGIN_ROUTES
from .model_acts import MODEL_ACT_ROUTES
from .model_compare import MODEL_COMPARE_ROUTES
from .models import MODEL_ROUTES
from .orders import ORDER_ROUTES
from .pausing import PAUSING_ROUTES
from .persons import PERSON_ROUTES
from .plans import PLAN_ROUTES
from .predictions import PREDICTION_ROUTES
from .products import PRODUCT_ROUTES
from .profiles import PROFILE_ROUTES
from .protection import PROTECTION_ROUTES
from .reasons import REASON_ROUTES
from .rules import RULE_ROUTES
from .segments import SEGMENT_ROUTES
from .settings import SETTINGS_ROUTES
from .shell import Console
from .suiting import SUITED_ROUTES
from .today import TODAY_ROUTES
from .users import USER_ROUTES
from .variety import VARIETY_ROUTES

ROUTES: tuple[Any, ...] = (
    *LOGIN_ROUTES,
    *INBOX_ROUTES,
    *INBOX_ACT_ROUTES,
    *LEVEL_ROUTES,
    *TODAY_ROUTES,
    *PAUSING_ROUTES,
    *PRODUCT_ROUTES,
    *SUITED_ROUTES,
    *ORDER_ROUTES,
    *CUSTOMER_ROUTES,
    *CONTEST_ROUTES,
    *PERSON_ROUTES,
    *REASON_ROUTES,
    *RULE_ROUTES,
    *VARIETY_ROUTES,
    *LABEL_ROUTES,
    *FAIRNESS_ROUTES,
    *FLOOR_ROUTES,
    *GUARD_ROUTES,
    *ANALYST_FIGURE_ROUTES,
    *FINDING_ROUTES,
    *PICTURE_ROUTES,
    *IMPORT_ROUTES,
    *IMPORT_STEP_ROUTES,
    *IMPORT_UNDO_ROUTES,
    *JOB_ROUTES,
    *ACCOUNT_ROUTES,
    *KEY_ROUTES,
    *LEDGER_ROUTES,
    *ETHICS_ROUTES,
    *MODEL_ROUTES,
    *MODEL_ACT_ROUTES,
    *MODEL_COMPARE_ROUTES,
    *PREDICTION_ROUTES,
    *PROFILE_ROUTES,
    *SEGMENT_ROUTES,
    *LEARNED_ROUTES,
    *JOURNEY_ROUTES,
    *PLAN_ROUTES,
    *PROTECTION_ROUTES,
    *SETTINGS_ROUTES,
    *USER_ROUTES,
)


def console_router(shops: OpenShops, control: Control, views: Views) -> Router:
    """The console.

    Args:
        shops: gives the rooms of the shop that the path names.
        control: users and sessions.
        views: makes the view of each request.
    """

    def console(request: AnyRequest) -> Console:
        return Console(
            view=views.of(request),
            rooms=shops.get(request.path_params["shop"]),
            control=control,
            caller=request.scope["state"]["caller"],
        )

    return Router(
        path="/",
        route_handlers=list(ROUTES),
        dependencies={"console": Provide(console, sync_to_thread=False)},
        exception_handlers=page_problems(views),
    )
