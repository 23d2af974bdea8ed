"""What a shopper may like next, live and explained. Start at `Recommender.for_shopper`."""

# fmt: off
# isort: off
from .errors import (
    BadFilter, BadObjectives, BadRule, BrokenModel, CannotWrite, ExportNotReady, ModelTooLarge, NobodyNamed,
    NotEnoughEvents, NotKept, RecommendError, UnknownCategory, UnknownChip, UnknownExport, UnknownModel,
    UnknownPreference, UnknownRule, UnknownSurface, UnknownValue,
)
from .types.explaining import Explanation
from .engines.learners.spectral import product_vectors
from .service.labels.desk import LabelDesk
from .service.labels.earner import Earner
from .service.labels.part import HiddenLabelPart
from .types.recipes import Audience, AudienceMember, ExportLists, ListExport, ListExportReport, NextAction
from .service.aims.desk import AimDesk
from .service.steering.objectives import Aims
from .service.aims.floors import Floors
from .service.aims.part import ObjectivesPart
from .service.aims.trade_off import TradeOffs
from .service.aims.watching import Watch
from .service.models.comparing import Comparing
from .service.models.acts import ModelActs
from .service.models.desk import ModelDesk
from .service.model_store import ModelStore
from .service.off_policy import OffPolicy
from .service.preference_part import PreferencePart
from .service.models.quality import Quality
from .service.recommender import Recommender
from .service.rules.part import RulePart
from .service.rules.trials import RuleTrials
from .service.rules.keeping import Rules
from .types.preferences import ChipChoice, ChooseChips, Preference, ShowLess
from .types.lists import Evidence, ExcludedProduct, PastAct, Preview, RankedProduct, Reason, Recommendations
from .types.models import ModelCard, TrainReport

__all__ = [
    "AimDesk", "Aims", "Audience", "AudienceMember", "BadFilter", "BadObjectives", "BadRule", "BrokenModel",
    "CannotWrite", "ChipChoice", "ChooseChips", "Comparing", "Earner", "Evidence", "ExcludedProduct", "Explanation",
    "ExportLists", "ExportNotReady", "Floors", "HiddenLabelPart", "LabelDesk", "ListExport", "ListExportReport",
    "ModelActs", "ModelCard", "ModelDesk", "ModelStore", "ModelTooLarge", "NextAction", "NobodyNamed",
    "NotEnoughEvents", "NotKept",
    "ObjectivesPart", "OffPolicy", "PastAct", "Preference", "PreferencePart", "Preview", "Quality", "RankedProduct",
    "Reason", "RecommendError", "Recommendations", "Recommender", "RulePart", "RuleTrials", "Rules", "ShowLess",
    "TradeOffs", "TrainReport", "UnknownCategory", "UnknownChip", "UnknownExport", "UnknownModel",
    "UnknownPreference", "UnknownRule", "UnknownSurface", "UnknownValue", "Watch", "product_vectors",
]
