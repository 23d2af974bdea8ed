"""All rooms' routes and the pages that always stand, in one list."""

from __future__ import annotations

from typing import Any

from zhanggui.audience.routes.journeys import JourneyRoutes
from zhanggui.audience.routes.learned import LearnedRoutes
from zhanggui.audience.routes.plans import PlanRoutes
from zhanggui.audience.routes.predictions import PredictionRoutes
from zhanggui.audience.routes.profiles import ProfileRoutes
from zhanggui.audience.routes.segments import SegmentRoutes
from zhanggui.recommend.routes.aims import AimRoutes
from zhanggui.recommend.routes.explaining import ExplainRoutes
from zhanggui.recommend.routes.floors import FloorRoutes
from zhanggui.recommend.routes.labels import LabelRoutes
from zhanggui.recommend.routes.lists import RecommendRoutes
from zhanggui.recommend.routes.models import ModelRoutes
from zhanggui.recommend.routes.off_policy import OffPolicyRoutes
from zhanggui.recommend.routes.recipes import ListExportRoutes, RecipeRoutes
from zhanggui.recommend.routes.rules import RuleRoutes
from zhanggui.recommend.routes.trainings import TrainingRoutes
from zhanggui.recommend.routes.vectors import VectorRoutes
from zhanggui.shop.outbox.routes import OutboxRoutes
from zhanggui.shop.routes import DiscoveryRoutes, ExportRoutes, OrderRoutes, PeopleRoutes, ProductRoutes, WordRoutes
from zhanggui.shop.routes.events import EventRoutes
from zhanggui.shop.routes.imports import ImportRoutes
from zhanggui.trust.routes import (
    AlertRoutes,
    AssessmentRoutes,
    BriefRoutes,
    ConsentRoutes,
    ContestRoutes,
    DatasheetRoutes,
    EgressRoutes,
    EthicsRoutes,
    KeyRoutes,
    LedgerRoutes,
    PersonRoutes,
    ProposalRoutes,
    RecordRoutes,
    SeparateConsentRoutes,
)
from zhanggui.trust.routes.fairness import FairnessRoutes
from zhanggui.trust.routes.figures import FigureRoutes
from zhanggui.trust.routes.guard import GuardRoutes

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
    FloorRoutes,
    LabelRoutes,
    VectorRoutes,
    OffPolicyRoutes,
    ModelRoutes,
    TrainingRoutes,
    ProfileRoutes,
    PredictionRoutes,
    SegmentRoutes,
    LearnedRoutes,
    JourneyRoutes,
    PlanRoutes,
    PersonRoutes,
    ProposalRoutes,
    BriefRoutes,
    ConsentRoutes,
    SeparateConsentRoutes,
    ContestRoutes,
    FairnessRoutes,
    GuardRoutes,
    FigureRoutes,
    LedgerRoutes,
    EgressRoutes,
    DatasheetRoutes,
    AlertRoutes,
    AssessmentRoutes,
    EthicsRoutes,
    KeyRoutes,
    OutboxRoutes,
    *LASTING_PAGES,
)
