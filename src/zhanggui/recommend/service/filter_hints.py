"""What a filter names and no product has, with the nearest that there is."""

from __future__ import annotations

from itertools import islice

from zhanggui.kernel.errors import did_you_mean, quoted
from zhanggui.recommend.engines.filters import Filter, unknown_values

from .goods import ViewGoods

KEPT, MOST_COMPARED = 512, 2_000
NAMES = {"under": "category", "path": "category", "leaf": "category"}
"""How a filter calls what the catalogue tells apart."""


class FilterHints:
    """Remembers hints, so that a filter that comes with every request is looked into once a catalogue."""

    def __init__(self) -> None:
        self._held: dict[str, tuple[int, tuple[str, ...]]] = {}

    def of(self, wanted: Filter, goods: ViewGoods, seq: int) -> tuple[str, ...]:
        """One sentence for each value that no product of the catalogue has."""
        held = self._held.get(wanted.text)
        if held is not None and held[0] == seq:
            return held[1]
        hints = tuple(
            f"At character {at}: no product has the {NAMES.get(trait, trait)} {quoted(value)}."
            f" {nearest(goods, trait, value)}"
            for trait, value, at in unknown(wanted, goods)
        )
        if len(self._held) >= KEPT:
            self._held.clear()
        self._held[wanted.text] = (seq, hints)
        return hints


def unknown(wanted: Filter, goods: ViewGoods) -> list[tuple[str, str, int]]:
    """(trait, value, at which character) of every value that no product has."""
    return unknown_values(wanted, lambda trait, value: len(goods.marked(trait, value)) > 0)


def nearest(goods: ViewGoods, trait: str, value: str) -> str:
    """A question that names the nearest value that products have; else the first few of them."""
    named = goods.ids() if trait == "id" else (name for name, _ in goods.traits(trait))
    known = list(islice(named, MOST_COMPARED))
    return did_you_mean(value, known, otherwise=f"There are: {', '.join(known[:10])}." if known else "There are none.")
