"""What a shop may know of its shoppers: live profiles, each trait with its evidence. Start at `Audience`."""

# fmt: off
# isort: off
from .engines.profile.folding import hours_of
from .errors import (
    AudienceError, BadCorrection, NoProfile, UnknownCorrection, UnknownShopper, UnknownTrait,
)
from .service.audience import Audience
from .service.persons import AudienceStore
from .service.profiles.correcting import Corrections
from .service.profiles.goods import WordVectors
from .service.profiles.keeping import Folded, Keeping
from .service.profiles.pausing import PausingGate
from .service.profiles.reading import Profiles
from .service.shoppers import Shoppers
from .types.profiles import Corrected, Evidence, Interest, Profile, Rfm, Rhythm, Share, Stage, Tag

__all__ = [
    "Audience", "AudienceError", "AudienceStore", "BadCorrection", "Corrected", "Corrections", "Evidence", "Folded",
    "Interest", "Keeping", "NoProfile", "PausingGate", "Profile", "Profiles", "Rfm", "Rhythm", "Share", "Shoppers",
    "Stage", "Tag", "UnknownCorrection", "UnknownShopper", "UnknownTrait", "WordVectors", "hours_of",
]
