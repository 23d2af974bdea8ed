"""Products by the category that predictions may name; what the deny list shields has none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from zhanggui.audience.engines.denied import Shield, shield_of
from zhanggui.audience.engines.lifetime.histories import Ints
from zhanggui.shop import CatalogueView

NONE = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Categories:
    """Names with the keys of their chips, and by product number the place of its category among them; -1 for none."""

    names: tuple[str, ...]
    keys: tuple[str, ...]
    place: Ints

    def of(self, products: Ints) -> Ints:
        """(n,) places of products (n,)."""
        return np.where(products < len(self.place), self.place[np.minimum(products, len(self.place) - 1)], NONE)


def categories_of(view: CatalogueView, names: Sequence[str] | None = None) -> Categories:
    """The catalogue's categories, or those of `names` alone in their order.

    A product whose words touch health, religion, sexuality, politics, identity or children has none: no category is
    foretold from it, and none of its category (PIPL art. 28 and 31).
    """
    found = [_category(view, number) for number in range(view.size)]
    keys = {name: key for name, key in found if name}
    known = tuple(sorted(keys)) if names is None else tuple(names)
    places = {name: place for place, name in enumerate(known)}
    return Categories(
        names=known,
        keys=tuple(keys.get(name, "") for name in known),
        place=np.array([places.get(name, NONE) for name, _ in found], dtype=np.int64),
    )


def _category(view: CatalogueView, number: int) -> tuple[str, str]:
    """(name, key of its chip) of a product's; empty for none."""
    entry = view.entries[number] if number else None
    if entry is None:
        return "", ""
    found = [(chip.value, chip.key) for chip in entry.chips if chip.kind == "category"]
    if not found or shield_of(*(title for _, title in entry.titles), entry.words) is not Shield.OPEN:
        return "", ""
    return found[-1]


class CategoryBook:
    """Keeps the categories of one moment of the catalogue: the words of each product are looked through once."""

    def __init__(self) -> None:
        self._held: tuple[tuple[int, tuple[str, ...]], Categories] | None = None

    def of(self, view: CatalogueView, names: tuple[str, ...]) -> Categories:
        """See `categories_of`."""
        key, held = (view.seq, names), self._held
        if held is None or held[0] != key:
            held = self._held = (key, categories_of(view, names))
        return held[1]
