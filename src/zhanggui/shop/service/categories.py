"""Which category each product has, by numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from operator import is_

import numpy as np

from zhanggui.shop.engines.takings import Longs

from .catalogue_view import CatalogueView

PREFIX = "category:"


@dataclass(frozen=True, slots=True, eq=False)
class Categories:
    """The categories of a catalogue, until a product moves between them.

    Attributes:
        size: the catalogue's.
        members: the product numbers of each category, by its key.
        numbers: (p,) number of the category of each product number, 0 for none.
        keys: of each category by its number; empty at 0.
    """

    size: int
    members: Mapping[str, Longs]
    numbers: Longs
    keys: tuple[str, ...]

    @classmethod
    def of(cls, view: CatalogueView) -> Categories:
        """As a view has them."""
        members = {key: products for key, products in view.members.items() if key.startswith(PREFIX)}
        numbers = np.zeros(view.size, dtype=np.int64)
        for number, products in enumerate(members.values(), 1):
            numbers[products] = number
        return cls(view.size, members, numbers, ("", *members))

    def name(self, view: CatalogueView, number: int) -> str:
        """A category as its first product says it; empty for goods without one."""
        if not number:
            return ""
        key = self.keys[number]
        chips = view.chips(int(self.members[key][0]))
        return next((chip.value for chip in chips if chip.key == key), "")

    def are_those_of(self, view: CatalogueView) -> bool:
        """Whether each has the very members of a view: those that have not changed are shared from view to view."""
        found = [products for key, products in view.members.items() if key.startswith(PREFIX)]
        return (
            self.size >= view.size and len(found) == len(self.members) and all(map(is_, found, self.members.values()))
        )


class LiveCategories:
    """Gives one object for as long as nothing has moved, however often the rest of the catalogue changes."""

    def __init__(self) -> None:
        self._held: tuple[CatalogueView, Categories] | None = None

    def of(self, view: CatalogueView) -> Categories:
        """The categories of a view."""
        held = self._held
        if held is None or held[0] is not view:
            known = held[1] if held and held[1].are_those_of(view) else Categories.of(view)
            held = self._held = (view, known)
        return held[1]
