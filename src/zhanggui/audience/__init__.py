"""What a shop may know of its shoppers: live profiles, each trait with its evidence. Start at `Audience`."""

# fmt: off
# isort: off
from .errors import AudienceError, NoProfile, UnknownShopper
from .service.audience import Audience
from .service.shoppers import Shoppers

__all__ = ["Audience", "AudienceError", "NoProfile", "Shoppers", "UnknownShopper"]
