"""What is said of how somebody shops, as far as it says anything about goods."""

from __future__ import annotations

import msgspec


class ShopperTag(msgspec.Struct, frozen=True, gc=False):
    """A readable tag of a shopper.

    Attributes:
        code: one of `service.tilting.TILTED`; others mean nothing here.
        strength: in [0, 1], how surely it holds.
        about: what it is about where the code leaves it open (the brand of `one_brand`).
    """

    code: str
    strength: float
    about: str = ""
