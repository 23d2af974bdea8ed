"""One moment of the catalogue, in memory, by product number."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import msgspec
import numpy as np
import numpy.typing as npt

from zhanggui.shop.engines.marks import mark_key
from zhanggui.shop.errors import UnknownProduct
from zhanggui.shop.types import Chip

Longs = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
NO_MEMBERS = np.zeros(0, dtype=np.int64)
NO_MEMBERS.flags.writeable = False


class Numbers(Mapping[str, int]):
    """Product numbers by id, as of one view. Views share one dict, in which entries are only ever added."""

    __slots__ = ("_all", "_size")

    def __init__(self, before: Mapping[str, int], new: Mapping[str, int], size: int) -> None:
        self._all: dict[str, int] = before._all if isinstance(before, Numbers) else dict(before)
        self._all.update(new)
        self._size = size

    def __getitem__(self, id_: str) -> int:
        number = self._all[id_]
        if number >= self._size:
            raise KeyError(id_)  # it came after this view
        return number

    def __len__(self) -> int:
        return self._size - 1

    def __iter__(self) -> Iterator[str]:
        # Numbers are dense and dicts keep their order, so the first ones are this view's.
        return islice(tuple(self._all), self._size - 1)


class Entry(msgspec.Struct, frozen=True, gc=False):
    """What a view keeps of a product beside the arrays."""

    titles: tuple[tuple[str, str], ...]  # (language, title), the merchant's first one first
    words: str  # category, brand, keywords and attributes, for tokens
    chips: tuple[Chip, ...]
    marks: tuple[str, ...] = ()
    facts: str | None = None  # category and brand, where the licence of its texts forbids to learn from them

    @property
    def text(self) -> str:
        """All titles and words as one text."""
        return " ".join((*(title for _, title in self.titles), self.words))


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

    @property
    def products(self) -> int:
        """How many products the catalogue has; those that are only reserved do not count."""
        return sum(entry is not None for entry in self.entries)

    def number_of(self, id_: str) -> int:
        """The number of a product of the catalogue.

        Raises:
            UnknownProduct: there is none of that id, or it is only reserved.
        """
        number = self.numbers.get(id_)
        if number is None or self.entries[number] is None:
            raise UnknownProduct.among(id_, (id_ for id_, at in self.numbers.items() if self.entries[at] is not None))
        return number

    def titles(self, number: int, language: str = "zh") -> str:
        """The title in a language, else in its main language (`zh` for `zh-Hant`), else the first; else the id."""
        entry = self.entries[number]
        if entry is None or not entry.titles:
            return self.ids[number]
        main, found = language.partition("-")[0], ""
        for spoken, title in entry.titles:
            if spoken == language and title:
                return title
            if spoken == main:
                found = title
        return found or entry.titles[0][1]

    def learned_texts(self, numbers: Iterable[int]) -> dict[str, str]:
        """The words that models may learn from, by the merchant's id; without those whose licence forbids it."""
        held = ((number, self.entries[number]) for number in numbers)
        return {self.ids[at]: entry.text for at, entry in held if entry is not None and entry.facts is None}

    def withheld(self, numbers: Iterable[int]) -> frozenset[str]:
        """The ids of products whose licence forbids that models learn from their texts."""
        held = ((number, self.entries[number]) for number in numbers)
        return frozenset(self.ids[at] for at, entry in held if entry is not None and entry.facts is not None)

    def chips(self, number: int) -> tuple[Chip, ...]:
        """The chips of a product, those a shopper chooses among."""
        entry = self.entries[number]
        return () if entry is None else entry.chips

    def chip_members(self, key: str) -> Longs:
        """The numbers of all products with a chip, ascending; empty for a key that no product has."""
        return self.members.get(key, NO_MEMBERS)

    def marked(self, kind: str, value: str) -> Longs:
        """The numbers of all products with a trait, ascending.

        Args:
            kind: `path` (of its category), `leaf`, `under`, `keyword`, `brand`, `seller`, `label`, `market` or `type`
                (of what is no product: `article`, `video` or `live`).
            value: in any spelling.
        """
        return self.members.get(mark_key(kind, value), NO_MEMBERS)

    def traits(self, kind: str) -> Iterator[tuple[str, Longs]]:
        """All values of a kind as `marked` takes them, folded, with the products that have them."""
        head = f"{kind}:"
        return ((key[len(head) :], members) for key, members in self.members.items() if key.startswith(head))

    def tokens(self, number: int) -> tuple[str, ...]:
        """The words of a product's titles, category, brand, keywords and attributes, normalised, repeats kept."""
        entry = self.entries[number]
        return () if entry is None else self.words_of(entry.text)

    def learned_tokens(self, number: int) -> tuple[str, ...]:
        """As `tokens`, for models; of category and brand alone where the licence of its texts forbids learning."""
        entry = self.entries[number]
        return () if entry is None else self.words_of(entry.text if entry.facts is None else entry.facts)
