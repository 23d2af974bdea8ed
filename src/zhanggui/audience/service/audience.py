"""What `shop.audience` holds: everything that a shop may know of its shoppers."""

from __future__ import annotations

from dataclasses import dataclass

from zhanggui.audience.types.profiles import Profile

from .concluding import Concluding
from .learned.desk import LearnedDesk
from .plans.desk import PlanDesk
from .predictions.desk import Predictions
from .profiles.correcting import Corrections
from .profiles.keeping import Keeping
from .profiles.reading import Profiles
from .segments.journeys import Journeys
from .segments.segments import Segments
from .shoppers import Shoppers


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """The room's services.

    Attributes:
        shoppers: finds who is meant, and whether a profile of them is allowed.
        profiles: tells live profiles.
        keeping: folds what people do into stored rows.
        corrections: lets shoppers have a say in theirs.
        predictions: foretells what customers do next.
        segments: groups customers by rules.
        learned: groups them by how they shop.
        journeys: counts how customers stay and move between stages.
        plans: proposes what to do for each tier, and runs what was approved.
        concluding: tells a shopper what is concluded of them.
    """

    shoppers: Shoppers
    profiles: Profiles
    keeping: Keeping
    corrections: Corrections
    predictions: Predictions
    segments: Segments
    learned: LearnedDesk
    journeys: Journeys
    plans: PlanDesk
    concluding: Concluding

    def profile(self, customer_id: str, *, language: str = "zh", with_taste: bool = False) -> Profile:
        """The live profile of a customer; see `Profiles.of`."""
        return self.profiles.of(customer_id, language=language, with_taste=with_taste)
