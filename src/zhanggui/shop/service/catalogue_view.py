"""One moment of the catalogue, in memory, by product number."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import msgspec
import numpy as np
import numpy.typing as npt

from zhanggui.shop.types import Chip

Longs = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
_NO_MEMBERS = np.zeros(0, dtype=np.int64)
_NO_MEMBERS.flags.writeable = False


class Entry(msgspec.Struct, frozen=True, gc=False):
    """What a view keeps of a product beside the arrays."""

    titles: tuple[tuple[str, str], ...]  # (language, title), the merchant's first one first
    words: str  # category, brand, keywords and attributes, for tokens
    chips: tuple[Chip, ...]


@dataclass(frozen=True, slots=True, eq=False)
class CatalogueView:
    """The catalogue at one number of the change feed. Arrays are indexed by product number; index 0 is unused.

    Nothing in a view ever changes: the next change makes a new one. A product that is only reserved (an event or an
    order named it first) has a number and is not sellable.

    Attributes:
        seq: the change that it has seen last.
        size: the largest number + 1, the length of all arrays.
        numbers: product number by the merchant's id.
        ids: the merchant's id by number; empty at 0.
        is_sellable: active, and uncounted or with something available.
        price_minor: the lowest price in force in the default market; -1 unknown.
        available: on hand - allocated; -1 uncounted.
        created_ms: when the product came into the shop, epoch ms UTC.
    """

    seq: int
    size: int
    numbers: Mapping[str, int]
    ids: Sequence[str]
    is_sellable: Flags
    price_minor: Longs
    available: Longs
    created_ms: Longs
    entries: Sequence[Entry | None]
    members: Mapping[str, Longs]
    words_of: Callable[[str], tuple[str, ...]]

    def titles(self, number: int, language: str = "zh") -> str:
        """The title in a language, else in its main language (`zh` for `zh-Hant`), else the first; else the id."""
        entry = self.entries[number]
        if entry is None or not entry.titles:
            return self.ids[number]
        by_language = dict(entry.titles)
        title = by_language.get(language) or by_language.get(language.split("-")[0])
        return title or entry.titles[0][1]

    def chips(self, number: int) -> tuple[Chip, ...]:
        """The chips of a product, those a shopper chooses among."""
        entry = self.entries[number]
        return () if entry is None else entry.chips

    def chip_members(self, key: str) -> Longs:
        """The numbers of all products with a chip, ascending; empty for a key that no product has."""
        return self.members.get(key, _NO_MEMBERS)

    def tokens(self, number: int) -> tuple[str, ...]:
        """The words of a product's titles, category, brand, keywords and attributes, normalised, repeats kept."""
        entry = self.entries[number]
        return () if entry is None else self.words_of(" ".join((*(title for _, title in entry.titles), entry.words)))
