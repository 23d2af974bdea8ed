"""Which products a filter lets through: all at once as a mask, or only some of them with what a shopper did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from zhanggui.recommend.engines.interactions import Ints

from .parser import Filter
from .syntax import Acted, Counted, Every, Holds, Marked, Measured, Node, Not, Said, Some

Flags = NDArray[np.bool_]


class Goods(Protocol):
    """What filters read of the catalogue, by product number; row 0 is no product."""

    @property
    def size(self) -> int:
        """Length of all arrays."""

    @property
    def price_minor(self) -> Ints:
        """(size,) -1 for unknown."""

    @property
    def available(self) -> Ints:
        """(size,) -1 for uncounted."""

    @property
    def created_ms(self) -> Ints:
        """(size,)."""

    @property
    def is_sellable(self) -> Flags:
        """(size,)."""

    def marked(self, kind: str, value: str) -> Ints:
        """Numbers of the products with a trait, ascending."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterContext:
    """What a request says beside the products: its moment, its numbers, its words, and what is so."""

    now_ms: int
    counts: Mapping[str, int] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    states: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Acts:
    """What a shopper did: distinct product numbers (r,), and for each act when last (r,), -1 for never."""

    products: Ints
    last_ms: Mapping[str, Ints]


_COMPARE: Mapping[str, Any] = {
    "=": np.equal,
    "!=": np.not_equal,
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
}
_UNLIMITED = np.iinfo(np.int64).max


def mask(
    wanted: Filter, goods: Goods, context: FilterContext, rows: Ints | None = None, acts: Acts | None = None
) -> Flags:
    """Which products fit.

    A product without a price fits no comparison of prices; stock that is not counted is more than any number. What
    the shopper did is false of every product that `acts` does not name.

    Args:
        wanted: the filter.
        goods: the catalogue.
        context: the request.
        rows: (n,) product numbers below `goods.size` to judge; None for all.
        acts: what the shopper did; its products are then the rows, and `rows` is not looked at.

    Returns:
        (n,), or (size,) for all.
    """
    if acts is not None:
        rows = acts.products
    return _Judge(goods, context, rows, acts).of(wanted.node)


def due_ms(wanted: Filter, goods: Goods, now_ms: int) -> int:
    """When the answer next changes by itself, because a product comes of an age; far away for never."""
    edges = [int(test.number) for test in wanted.tests if isinstance(test, Measured) and test.field == "age"]
    found = _UNLIMITED
    for edge in edges:
        for turn in (goods.created_ms[1:] + edge, goods.created_ms[1:] + edge + 1):  # `<` and `<=` turn a ms apart
            later = turn[turn > now_ms]
            if len(later):
                found = min(found, int(later.min()))
    return found


def holds(test: Counted | Said | Holds, context: FilterContext) -> bool:
    """Whether a request is as a test wants it; a number that it does not tell is not."""
    match test:
        case Counted(name, sign, number):
            return name in context.counts and bool(_COMPARE[sign](context.counts[name], number))
        case Said(name, words):
            return context.words.get(name, "") in {word.text for word in words}
        case Holds(name):
            return name in context.states


class _Judge:
    def __init__(self, goods: Goods, context: FilterContext, rows: Ints | None, acts: Acts | None) -> None:
        self._goods, self._context, self._rows, self._acts = goods, context, rows, acts
        self._size = goods.size if rows is None else len(rows)

    def of(self, node: Node) -> Flags:
        match node:
            case Not(part):
                return ~self.of(part)
            case Every(parts):
                return np.logical_and.reduce([self.of(part) for part in parts])  # type: ignore[no-any-return]
            case Some(parts):
                return np.logical_or.reduce([self.of(part) for part in parts])  # type: ignore[no-any-return]
            case Measured(name, sign, number):
                return self._measured(name, sign, number)
            case Marked(_, trait, words):
                return self._marked(trait, [word.text for word in words])
            case Acted(act, within_ms):
                return self._acted(act, within_ms)
        return self._all_or_none(node)

    def _all_or_none(self, node: Counted | Said | Holds) -> Flags:
        if node == Holds("for_sale"):
            return self._of(self._goods.is_sellable)
        return np.full(self._size, holds(node, self._context), dtype=np.bool_)

    def _of(self, column: NDArray[Any]) -> NDArray[Any]:
        return column if self._rows is None else column[self._rows]

    def _measured(self, name: str, sign: str, number: float) -> Flags:
        compare, goods = _COMPARE[sign], self._goods
        if name == "age":
            return compare(self._context.now_ms - self._of(goods.created_ms), number)  # type: ignore[no-any-return]
        column = self._of(goods.price_minor if name == "price_minor" else goods.available)
        if name == "stock":
            return compare(np.where(column < 0, np.inf, column), number)  # type: ignore[no-any-return]
        return compare(column, number) & (column >= 0)  # type: ignore[no-any-return]

    def _marked(self, trait: str, values: list[str]) -> Flags:
        found = np.zeros(self._size, dtype=np.bool_)
        for value in values:
            members = self._goods.marked(trait, value)
            if self._rows is None:
                found[members] = True
            elif len(members):
                at = np.minimum(np.searchsorted(members, self._rows), len(members) - 1)
                found |= members[at] == self._rows
        return found

    def _acted(self, act: str, within_ms: int | None) -> Flags:
        if self._acts is None:
            return np.zeros(self._size, dtype=np.bool_)
        last = self._acts.last_ms[act]
        if within_ms is None:
            return last >= 0
        return (last >= 0) & (self._context.now_ms - last <= within_ms)
