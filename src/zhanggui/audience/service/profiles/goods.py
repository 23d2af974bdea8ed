"""The catalogue as profiles need it: traits and shield of each product, worked out once for each state it has."""

from __future__ import annotations

from zhanggui.audience.engines.denied import is_unsaid, shield_of
from zhanggui.audience.engines.profile.goods import Good, GoodOf, Trait, own_trait
from zhanggui.audience.engines.profile.taste import Floats, word_vector
from zhanggui.audience.types.profiles import Level
from zhanggui.shop import CatalogueView

_LEVELS: dict[str, Level] = {"category": "category", "keyword": "attribute", "brand": "brand", "price": "price"}
_KEPT = 200_000
_WARMED = 20_000


class Goods:
    """Keeps what was worked out of products; one that was edited has another entry in the view, and is read anew."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[object, Good]] = {}

    def of(self, view: CatalogueView) -> GoodOf:
        """The products of one moment."""
        known, entries, size = self._known, view.entries, view.size

        def good(number: int) -> Good | None:
            entry = entries[number] if 0 < number < size else None
            if entry is None:
                return None
            held = known.get(number)
            if held is None or held[0] is not entry:
                if len(known) >= _KEPT:
                    known.clear()
                held = known[number] = (entry, _good(view, number))
            return held[1]

        return good

    def warm(self, view: CatalogueView) -> None:
        """Work out the newest products before somebody waits for them: one takes as long as a whole small profile."""
        good = self.of(view)
        for number in range(max(view.size - _WARMED, 1), view.size):
            good(number)


def _good(view: CatalogueView, number: int) -> Good:
    entry, id_ = view.entries[number], view.ids[number]
    assert entry is not None
    chips = (
        chip for chip in entry.chips if not is_unsaid(chip.value) and (entry.facts is None or chip.kind != "keyword")
    )
    traits = tuple(Trait(_LEVELS[chip.kind], chip.key, chip.value) for chip in chips)
    shield = shield_of(*(title for _, title in entry.titles), entry.words)
    return Good(number, id_, own_trait(id_, view.titles(number)), traits, shield, int(view.created_ms[number]))


class WordVectors:
    """Vectors of products from their own words: see `engines.profile.taste`."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[object, Floats]] = {}

    def vector(self, view: CatalogueView, number: int) -> Floats | None:
        """(64,) of one product; None where the catalogue has none of that number."""
        entry = view.entries[number] if 0 < number < view.size else None
        if entry is None:
            return None
        held = self._known.get(number)
        if held is None or held[0] is not entry:
            if len(self._known) >= _KEPT:
                self._known.clear()
            held = self._known[number] = (entry, word_vector(view.learned_tokens(number)))
        return held[1]
