"""All rooms' routes and the pages that always stand, in one list."""

from __future__ import annotations

from typing import Any

from zhanggui.recommend.aim_routes import AimRoutes
from zhanggui.recommend.explain_routes import ExplainRoutes
from zhanggui.recommend.label_routes import LabelRoutes
from zhanggui.recommend.model_routes import ModelRoutes
from zhanggui.recommend.off_policy_routes import OffPolicyRoutes
from zhanggui.recommend.recipe_routes import ListExportRoutes, RecipeRoutes
from zhanggui.recommend.routes import RecommendRoutes
from zhanggui.recommend.rule_routes import RuleRoutes
from zhanggui.shop.outbox.routes import OutboxRoutes
from zhanggui.shop.routes import DiscoveryRoutes, ExportRoutes, OrderRoutes, PeopleRoutes, ProductRoutes, WordRoutes
from zhanggui.shop.routes.events import EventRoutes
from zhanggui.shop.routes.imports import ImportRoutes
from zhanggui.trust.routes import BriefRoutes, ConsentRoutes, KeyRoutes, LedgerRoutes, ProposalRoutes, RecordRoutes

from .pages import LASTING_PAGES

ROUTES: tuple[Any, ...] = (
    ProductRoutes,
    PeopleRoutes,
    OrderRoutes,
    WordRoutes,
    EventRoutes,
    ImportRoutes,
    ExportRoutes,
    RecordRoutes,
    DiscoveryRoutes,
    RecommendRoutes,
    ExplainRoutes,
    RecipeRoutes,
    ListExportRoutes,
    RuleRoutes,
    AimRoutes,
    LabelRoutes,
    OffPolicyRoutes,
    ModelRoutes,
    ProposalRoutes,
    BriefRoutes,
    ConsentRoutes,
    LedgerRoutes,
    KeyRoutes,
    OutboxRoutes,
    *LASTING_PAGES,
)
