"""The catalogue as filters read it, and which of it is no product."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from zhanggui.recommend.engines.filters.masks import Flags
from zhanggui.recommend.engines.interactions import Ints
from zhanggui.shop import CatalogueView

from .labels.book import NO_LABELS, LabelBook

PRODUCT = "product"
CONTENT = ("article", "video", "live")
"""What an entry of the catalogue may be beside a product."""
_NOBODY = np.zeros(0, dtype=np.int64)


class ViewGoods:
    """One view of the catalogue, with the labels that goods have earned beside the merchant's own."""

    __slots__ = ("_view", "available", "created_ms", "is_content", "is_sellable", "labels", "price_minor", "size")

    def __init__(self, view: CatalogueView, labels: LabelBook = NO_LABELS) -> None:
        self._view, self.labels = view, labels
        self.size: int = view.size
        self.price_minor: Ints = view.price_minor
        self.available: Ints = view.available
        self.created_ms: Ints = view.created_ms
        self.is_sellable: Flags = view.is_sellable
        self.is_content = _content(view)

    def marked(self, kind: str, value: str) -> Ints:
        """Numbers of the products with a trait, ascending."""
        if kind == "label":
            members = np.union1d(self._view.marked(kind, value), self.labels.marked(value))
            return members[members < self.size]
        if kind == "type" and value.strip().casefold() == PRODUCT:
            return np.flatnonzero(self._is_goods())
        if kind != "id":
            return self._view.marked(kind, value)
        number = self._view.numbers.get(value)
        return _NOBODY if number is None else np.array([number], dtype=np.int64)

    def trait(self, kind: str, number: int) -> str:
        """A product's brand or seller, folded; empty for none."""
        entry, head = self._view.entries[number], f"{kind}:"
        keys = () if entry is None else (*(chip.key for chip in entry.chips), *entry.marks)
        return next((key[len(head) :] for key in keys if key.startswith(head)), "")

    def traits(self, kind: str) -> Iterator[tuple[str, Ints]]:
        """All values of a trait, folded, with the numbers of their products."""
        yield from self._view.traits(kind)
        if kind == "label":
            yield from self.labels.traits()

    def ids(self) -> Iterator[str]:
        """The ids of all products, the oldest first."""
        return (id_ for id_, entry in zip(self._view.ids, self._view.entries, strict=True) if entry is not None)

    def changed_since(self, before: ViewGoods) -> Ints:
        """Numbers of the products whose price, stock, state or earned labels are others."""
        size = min(self.size, before.size)
        is_other = self.price_minor[:size] != before.price_minor[:size]
        is_other |= self.available[:size] != before.available[:size]
        is_other |= self.is_sellable[:size] != before.is_sellable[:size]
        is_other |= self.created_ms[:size] != before.created_ms[:size]
        labelled = self.labels.changed_since(before.labels)
        return np.union1d(np.flatnonzero(is_other), labelled[labelled < self.size])

    def _is_goods(self) -> Flags:
        is_there = np.array([entry is not None for entry in self._view.entries], dtype=np.bool_)
        return is_there if self.is_content is None else is_there & ~self.is_content


def document_of(view: CatalogueView, number: int) -> tuple[str, ...]:
    """The words of a product that may be learned from, and its traits; a price band says nothing about what it is.

    None for no product.
    """
    if not 0 < number < view.size:
        return ()
    told = ("category", "brand") if view.withheld((number,)) else ("category", "brand", "keyword")
    traits = (chip.key for chip in view.chips(number) if chip.kind in told)
    return (*view.learned_tokens(number), *traits)


def _content(view: CatalogueView) -> Flags | None:
    """(size,) what is an article, a video or a live session; None where the shop has nothing of the kind."""
    members = [view.marked("type", kind) for kind in CONTENT]
    if not any(map(len, members)):
        return None
    flags = np.zeros(view.size, dtype=np.bool_)
    flags[np.concatenate(members)] = True
    return flags
