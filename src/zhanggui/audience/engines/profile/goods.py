"""What a profile needs to know of a product; the service reads it from the catalogue."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from zhanggui.audience.engines.denied import Shield
from zhanggui.audience.types.profiles import Level


class Trait(msgspec.Struct, frozen=True, gc=False):
    """One thing that products have in common."""

    level: Level
    key: str
    value: str


class Good(msgspec.Struct, frozen=True, gc=False):
    """One product: its id, itself as a trait, what it shares with others, how far its events may speak."""

    number: int
    id: str
    own: Trait
    traits: tuple[Trait, ...]
    shield: Shield
    created_ms: int


def own_trait(id_: str, title: str) -> Trait:
    """A product as what an interest is in."""
    return Trait("product", f"product:{id_}", title)


GoodOf = Callable[[int], Good | None]
"""The product of a number as the catalogue has it now; None where it is gone or only reserved."""
