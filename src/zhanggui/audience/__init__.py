"""What a shop may know of its shoppers: live profiles, each trait with its evidence. Start at `Audience`."""

# fmt: off
# isort: off
from .engines.profile.folding import hours_of
from .errors import (
    AudienceError, BadCorrection, BadSegmentRule, BrokenPrediction, NoPredictions, NoProfile, TooFewForPlan,
    UnknownCorrection, UnknownSegment, UnknownShopper, UnknownTier, UnknownTrait,
)
from .service.audience import Audience
from .service.concluding import Concluding
from .service.learned.desk import LearnedDesk
from .service.learned.learning import Learning
from .service.persons import AudienceStore
from .service.plans.desk import PlanDesk
from .service.plans.kind import audience_kinds
from .service.plans.planning import PlanPlanning
from .service.plans.reaching import PlanReaching
from .service.plans.running import PlanRunning
from .service.plans.shelf import PlanShelf
from .service.predictions.bulk import Bulk
from .service.predictions.desk import Predictions
from .service.predictions.files import PredictionFiles
from .service.predictions.foretelling import Foretelling
from .service.predictions.serving import ServingModels
from .service.predictions.training import Training
from .service.profiles.correcting import Corrections
from .service.profiles.goods import WordVectors
from .service.profiles.keeping import Folded, Keeping
from .service.profiles.pausing import PausingGate
from .service.profiles.reading import Profiles
from .service.segments.counting import Counting
from .service.segments.journeys import Journeys
from .service.segments.looking import Looking
from .service.segments.segments import Segments
from .service.shoppers import Shoppers
from .types.conclusions import Conclusion, Conclusions
from .types.predictions import Foretold, OfferGroup, PredictionCard, PredictionModels, PredictionTraining
from .types.profiles import Corrected, Evidence, Interest, Profile, Rfm, Rhythm, ServiceView, Share, Stage, Tag
from .types.segments import NewSegment, Segment

__all__ = [
    "Audience", "AudienceError", "AudienceStore", "BadCorrection", "BadSegmentRule", "BrokenPrediction", "Bulk",
    "Concluding", "Conclusion", "Conclusions", "Corrected", "Corrections", "Counting", "Evidence", "Folded",
    "Foretelling", "Foretold", "Interest", "Journeys", "Keeping", "LearnedDesk", "Learning", "Looking", "NewSegment",
    "NoPredictions", "NoProfile", "OfferGroup", "PausingGate", "PlanDesk", "PlanPlanning", "PlanReaching",
    "PlanRunning", "PlanShelf", "PredictionCard", "PredictionFiles", "PredictionModels", "PredictionTraining",
    "Predictions", "Profile", "Profiles", "Rfm", "Rhythm", "Segment", "Segments", "ServiceView", "ServingModels",
    "Share", "Shoppers", "Stage", "Tag", "TooFewForPlan", "Training", "UnknownCorrection", "UnknownSegment",
    "UnknownShopper", "UnknownTier", "UnknownTrait", "WordVectors", "audience_kinds", "hours_of",
]
