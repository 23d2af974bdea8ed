"""What `shop.audience` holds: everything that a shop may know of its shoppers."""

from __future__ import annotations

from dataclasses import dataclass

from .shoppers import Shoppers


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """The room's services.

    Attributes:
        shoppers: finds who is meant, and whether a profile of them is allowed.
    """

    shoppers: Shoppers
