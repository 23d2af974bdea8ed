"""What a profile needs to know of a product; the service reads it from the catalogue."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec

from zhanggui.audience.engines.denied import Shield
from zhanggui.audience.types.profiles import Level


class Trait(msgspec.Struct, frozen=True, gc=False):
    """One thing that products have in common."""

    level: Level
    key: str
    value: str


class Good(msgspec.Struct, frozen=True, gc=False):
    """One product: its id, itself as a trait, what it shares with others, how far its events may speak.

    `told` is worked out: by key, all that its events may speak for.
    """

    number: int
    id: str
    own: Trait
    traits: tuple[Trait, ...]
    shield: Shield
    created_ms: int
    told: Mapping[str, Trait] = {}

    def __post_init__(self) -> None:
        """Reckoned once for a product, where every profile with it would do so again."""
        shared = () if self.shield is Shield.PRODUCT else self.traits
        msgspec.structs.force_setattr(self, "told", {trait.key: trait for trait in (self.own, *shared)})


def own_trait(id_: str, title: str) -> Trait:
    """A product as what an interest is in."""
    return Trait("product", f"product:{id_}", title)


GoodOf = Callable[[int], Good | None]
"""The product of a number as the catalogue has it now; None where it is gone or only reserved."""
