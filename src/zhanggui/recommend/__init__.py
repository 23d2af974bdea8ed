"""What a shopper may like next, live and explained. Start at `Recommender.for_shopper`."""

# fmt: off
# isort: off
from .errors import (
    BadFilter, BadObjectives, BadRule, BrokenModel, CannotWrite, ExportNotReady, ModelTooLarge, NobodyNamed,
    NotEnoughEvents, NotKept, RecommendError, UnknownCategory, UnknownChip, UnknownExport, UnknownModel,
    UnknownPreference, UnknownRule, UnknownValue,
)
from .explain_types import Explanation
from .labels.desk import LabelDesk
from .labels.earner import Earner
from .labels.part import HiddenLabelPart
from .recipe_types import Audience, AudienceMember, ExportLists, ListExport, ListExportReport, NextAction
from .service.aims.desk import AimDesk
from .service.steering.objectives import Aims
from .service.aims.part import ObjectivesPart
from .service.aims.trade_off import TradeOffs
from .service.aims.watching import Watch
from .service.comparing import Comparing
from .service.model_acts import ModelActs
from .service.model_desk import ModelDesk
from .service.model_store import ModelStore
from .service.off_policy import OffPolicy
from .service.preference_part import PreferencePart
from .service.quality import Quality
from .service.recommender import Recommender
from .service.rule_part import RulePart
from .service.rule_trials import RuleTrials
from .service.rules import Rules
from .types import (
    ChipChoice, ChooseChips, Evidence, ExcludedProduct, ModelCard, PastAct, Preference, Preview, RankedProduct, Reason,
    Recommendations, ShowLess, TrainReport,
)

__all__ = [
    "AimDesk", "Aims", "Audience", "AudienceMember", "BadFilter", "BadObjectives", "BadRule", "BrokenModel",
    "CannotWrite", "ChipChoice", "ChooseChips", "Comparing", "Earner", "Evidence", "ExcludedProduct", "Explanation",
    "ExportLists", "ExportNotReady", "HiddenLabelPart", "LabelDesk", "ListExport", "ListExportReport", "ModelActs",
    "ModelCard", "ModelDesk", "ModelStore", "ModelTooLarge", "NextAction", "NobodyNamed", "NotEnoughEvents", "NotKept",
    "ObjectivesPart", "OffPolicy", "PastAct", "Preference", "PreferencePart", "Preview", "Quality", "RankedProduct",
    "Reason", "RecommendError", "Recommendations", "Recommender", "RulePart", "RuleTrials", "Rules", "ShowLess",
    "TradeOffs", "TrainReport", "UnknownCategory", "UnknownChip", "UnknownExport", "UnknownModel",
    "UnknownPreference", "UnknownRule", "UnknownValue", "Watch",
]
