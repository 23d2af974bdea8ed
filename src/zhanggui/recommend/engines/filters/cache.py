"""Masks of filters that are kept as the catalogue moves: only the products that were touched are judged anew."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from zhanggui.recommend.engines.interactions import Floats, Ints

from .masks import FilterContext, Flags, Goods, due_ms, holds, mask
from .parser import Filter, parse

BUDGET_BYTES = 64 * 2**20
LEAST_KEPT, MOST_PARSED, LONGEST_LOG = 8, 512, 64
_Key = tuple[str, tuple[bool, ...]]


class NamedGoods(Goods, Protocol):
    """A catalogue that also says which value of a trait a product has."""

    def trait(self, kind: str, number: int) -> str:
        """A product's brand or seller; empty for none."""

    def traits(self, kind: str) -> Iterable[tuple[str, Ints]]:
        """All brands or sellers, with the numbers of their products."""


@dataclass(frozen=True, slots=True)
class Leading:
    """The products that lead among those that fit, best first; `is_all` when there are no others."""

    products: Ints
    is_all: bool


@dataclass(slots=True)
class _Kept:
    out: Flags
    due_ms: int
    version: int
    leading: tuple[Floats, Flags, Leading] | None = None


@dataclass(slots=True)
class _Codes:
    """Groups of products by a trait: numbers from 1, 0 for none, and when the first product of each came."""

    numbers: dict[str, int]
    of: NDArray[np.int32]
    first_ms: list[int]
    version: int


class MaskCache:
    """What filters leave out of one catalogue, for all requests of a process.

    At most 64 MiB of masks are kept (eight at least), those asked for last; a mask is brought up to date when it is
    asked for.
    """

    def __init__(self, goods: NamedGoods) -> None:
        self._goods = goods
        self._lock = threading.Lock()
        self._parsed: dict[str, Filter] = {}
        self._kept: dict[_Key, _Kept] = {}
        self._codes: dict[str, _Codes] = {}
        self._log: list[Ints] = []
        self._first = 0

    def parsed(self, text: str) -> Filter:
        """A filter of its text, read once.

        Raises:
            BadFilter: it cannot be understood.
        """
        found = self._parsed.get(text)
        if found is None:
            found = parse(text)
            if len(self._parsed) >= MOST_PARSED:
                self._parsed.clear()
            self._parsed[text] = found
        return found

    def moved(self, goods: NamedGoods, touched: Ints | None) -> None:
        """The catalogue is another now: these products (and those that came) may fit differently; None: all may."""
        with self._lock:
            grown = np.arange(self._goods.size, goods.size, dtype=np.int64)
            self._goods = goods
            if touched is None:
                self._kept.clear()
                self._codes.clear()
            elif self._kept or self._codes:
                self._log.append(np.unique(np.concatenate([touched, grown])))
                if len(self._log) > LONGEST_LOG:
                    del self._log[: LONGEST_LOG // 2]
                    self._first += LONGEST_LOG // 2

    def left_out(self, wanted: Filter, context: FilterContext) -> Flags:
        """(size,) the products that do not fit, as if the shopper had done nothing; not to be written to."""
        with self._lock:
            return self._now(wanted, context).out

    def leading(self, wanted: Filter, context: FilterContext, worth: Floats, stopped: Flags, most: int) -> Leading:
        """The products that fit and are worth most, as if the shopper had done nothing.

        Args:
            wanted: the filter.
            context: the request.
            worth: (n,) by product number; an array that is another object is looked at anew.
            stopped: (n,) products that are left out besides; the same holds.
            most: so many.
        """
        with self._lock:
            kept = self._now(wanted, context)
            held = kept.leading
            if held is None or held[0] is not worth or held[1] is not stopped:
                held = kept.leading = (worth, stopped, _leading(kept.out, worth, stopped, most))
            return held[2]

    def _now(self, wanted: Filter, context: FilterContext) -> _Kept:
        key = wanted.text, tuple(holds(test, context) for test in wanted.asks)
        kept = self._kept.pop(key, None)
        if kept is None or kept.version < self._first or context.now_ms >= kept.due_ms:
            kept = self._judged(wanted, context)
        elif kept.version < self._version:
            kept = self._mended(kept, wanted, context)
        self._kept[key] = kept
        while len(self._kept) > max(LEAST_KEPT, BUDGET_BYTES // self._goods.size):
            del self._kept[next(iter(self._kept))]
        return kept

    def groups(self, kind: str) -> tuple[NDArray[np.int32], list[int]]:
        """(size,) number of each product's brand or seller, 0 for none; and when the first of each group came."""
        with self._lock:
            held = self._codes.get(kind)
            if held is None or held.version < self._first:
                held = self._coded(kind)
                self._codes[kind] = held
            elif held.version < self._version:
                held.of = np.concatenate([held.of, np.zeros(self._goods.size - len(held.of), dtype=np.int32)])
                self._code(held, kind, self._since(held.version))
                held.version = self._version
            return held.of, held.first_ms

    @property
    def _version(self) -> int:
        return self._first + len(self._log)

    def _since(self, version: int) -> Ints:
        return np.unique(np.concatenate(self._log[version - self._first :]))

    def _judged(self, wanted: Filter, context: FilterContext) -> _Kept:
        out = ~mask(wanted, self._goods, context)
        return _Kept(out, due_ms(wanted, self._goods, context.now_ms), self._version)

    def _mended(self, kept: _Kept, wanted: Filter, context: FilterContext) -> _Kept:
        rows = self._since(kept.version)
        out = np.ones(self._goods.size, dtype=np.bool_)
        out[: len(kept.out)] = kept.out
        out[rows] = ~mask(wanted, self._goods, context, rows)
        return _Kept(out, due_ms(wanted, self._goods, context.now_ms), self._version)

    def _coded(self, kind: str) -> _Codes:
        goods = self._goods
        held = _Codes({}, np.zeros(goods.size, dtype=np.int32), [0], self._version)
        for number, (value, members) in enumerate(goods.traits(kind), start=1):
            held.numbers[value], held.of[members] = number, number
            held.first_ms.append(int(goods.created_ms[members].min()))
        return held

    def _code(self, held: _Codes, kind: str, rows: Ints) -> None:
        goods, trait = self._goods, self._goods.trait
        for row in rows.tolist():
            value = trait(kind, row)
            if not value:
                held.of[row] = 0
                continue
            number = held.numbers.setdefault(value, len(held.numbers) + 1)
            born_ms = int(goods.created_ms[row])
            if number == len(held.first_ms):
                held.first_ms.append(born_ms)
            held.first_ms[number] = min(held.first_ms[number], born_ms)
            held.of[row] = number


def _leading(out: Flags, worth: Floats, stopped: Flags, most: int) -> Leading:
    size = min(len(out), len(worth))
    rows = np.flatnonzero(~(out[:size] | stopped[:size]))
    is_all = len(rows) <= most
    if not is_all:
        rows = rows[np.argpartition(-worth[rows], most - 1)[:most]]
    return Leading(rows[np.argsort(-worth[rows], kind="stable")], is_all)


def unknown_values(wanted: Filter, known: Callable[[str, str], bool]) -> list[tuple[str, str, int]]:
    """(trait, value, at which character) of every value that no product has."""
    return [
        (test.trait, word.text, word.at)
        for test in wanted.values
        for word in test.words
        if not known(test.trait, word.text)
    ]
