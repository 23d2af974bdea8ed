"""Into which cell of a table each purchase falls. Which cells there are depends on nobody's rows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from zhanggui.trust.errors import TooManyFigures
from zhanggui.trust.types.figures import AskFigures, CellOf, Cut, Longs, Purchases

MOST_CELLS = 500_000
"""Noise for so many takes ten seconds of a processor."""
Labels = Mapping[str, Mapping[int, str]]
"""Kind of group → person → label."""


class Label(NamedTuple):
    """What a cell is called; `of` tells the rest, and all together, from one thing that has the same name."""

    text: str
    of: CellOf = "named"


CellName = tuple[Label, Label]
"""(group, label)."""
OTHER, ALL, UNCUT = Label("other", "other"), Label("all", "all"), Label("")


def labelled(names: Iterable[str]) -> tuple[Label, ...]:
    """Things by their names."""
    return tuple(Label(name) for name in names)


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain:
    """The cells of a table, which must not depend on anybody's rows: names, and which product falls into which."""

    labels: tuple[str, ...]
    of_product: Mapping[int, int]

    def places(self, products: Longs) -> Longs:
        """(n,) the cell of each product; the one after the last for those of none."""
        other = len(self.labels)
        return np.array([self.of_product.get(product, other) for product in products.tolist()], dtype=np.int64)


class Table(NamedTuple):
    """Cells by (group, label), the purchases that count in them, and the cell of each.

    A purchase of somebody in several segments stands in it once for each of them.
    """

    names: tuple[CellName, ...]
    bought: Purchases
    cell: Longs


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """Divides purchases.

    Args:
        groups: labels of people who allow analytics.
        group_labels: every label that a kind of group can have.
        goods: (categories, products) as cells.
        segments: name of each kept segment → who is in it, of the same people.
    """

    groups: Callable[[], Labels]
    group_labels: Callable[[str], Sequence[str]]
    goods: Callable[[], tuple[Domain, Domain]]
    segments: Callable[[], Mapping[str, Collection[int]]]

    def of_group(self, bought: Purchases, group: str) -> Purchases:
        """Those of one group's people; all where none is named."""
        kind, _, label = group.partition("=")
        if not kind:
            return bought
        if kind == "segment":
            people = self.segments().get(label, ())
        else:
            people = {person for person, own in self.groups().get(kind, {}).items() if own == label}
        return _at(bought, np.flatnonzero([person in people for person in bought.person.tolist()]))

    def require_few(self, ask: AskFigures) -> None:
        """Raise unless noise can be made for all cells of a question.

        Raises:
            TooManyFigures: products by groups make more than that.
        """
        if ask.measure != "top_products" or ask.by in ("none", "category"):
            return
        heads = self.segments() if ask.by == "segment" else self.group_labels(ask.by)
        cells = (len(heads) + 1) * (len(self.goods()[1].labels) + 1)
        if cells > MOST_CELLS:
            raise TooManyFigures(
                f"Products by {ask.by} are {cells:,} figures; at most {MOST_CELLS:,} are released at once.",
                hint="Ask of one group alone, as --group gender=female.",
            )

    def table(self, bought: Purchases, ask: AskFigures) -> Table:
        """The cells that a question asks for."""
        if ask.measure != "top_products":
            heads, bought, place = self._divided(bought, ask.by)
            return Table(tuple((UNCUT, head) for head in heads), bought, place)
        categories, products = self.goods()
        if ask.by == "category":
            return _goods_in_categories(bought, categories, products)
        heads, bought, place = self._divided(bought, ask.by)
        labels = (*labelled(products.labels), OTHER)
        names = tuple((UNCUT if head == ALL else head, label) for head in heads for label in labels)
        return Table(names, bought, place * len(labels) + products.places(bought.product))

    def _divided(self, bought: Purchases, by: Cut) -> tuple[tuple[Label, ...], Purchases, Longs]:
        if by == "none":
            return (ALL,), bought, np.zeros(len(bought.person), dtype=np.int64)
        if by == "category":
            categories, _ = self.goods()
            return (*labelled(categories.labels), OTHER), bought, categories.places(bought.product)
        if by == "segment":
            return self._by_segment(bought)
        names = tuple(self.group_labels(by))
        place = {name: number for number, name in enumerate(names)}
        labels = self.groups().get(by, {})
        cell = [place.get(labels.get(person, ""), len(names)) for person in bought.person.tolist()]
        return (*labelled(names), OTHER), bought, np.array(cell, dtype=np.int64)

    def _by_segment(self, bought: Purchases) -> tuple[tuple[Label, ...], Purchases, Longs]:
        """A purchase once for each segment of its person, side by side, so that the bound takes from all alike."""
        segments = self.segments()
        held = [
            [place for place, people in enumerate(segments.values()) if person in people] or [len(segments)]
            for person in bought.person.tolist()
        ]
        rows = np.repeat(np.arange(len(held)), np.array([len(places) for places in held], dtype=np.int64))
        cell = np.array([place for places in held for place in places], dtype=np.int64)
        return (*labelled(segments), OTHER), _at(bought, rows), cell


def _goods_in_categories(bought: Purchases, categories: Domain, products: Domain) -> Table:
    """A product stands in one category, so these cells are no more than products."""
    heads = (*labelled(categories.labels), OTHER)
    group = [OTHER] * len(products.labels)
    for product, place in products.of_product.items():
        group[place] = heads[categories.of_product.get(product, len(categories.labels))]
    names = (*zip(group, labelled(products.labels), strict=True), (OTHER, OTHER))
    return Table(names, bought, products.places(bought.product))


def _at(bought: Purchases, rows: Longs) -> Purchases:
    return Purchases(*(column[rows] for column in bought))
