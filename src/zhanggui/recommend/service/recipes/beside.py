"""What goes with products: bought together, the rest of a basket, the rest of a look."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import msgspec
import numpy as np
from numpy.typing import NDArray

from zhanggui.recommend.engines.blend import ALIKE, CONTENT, TOGETHER
from zhanggui.recommend.engines.complements import APART
from zhanggui.recommend.engines.interactions import Floats
from zhanggui.recommend.service.live_state import Snapshot
from zhanggui.recommend.service.serving import Placing, Serving
from zhanggui.recommend.service.shoppers import Shopper
from zhanggui.recommend.service.surfaces import BASKET, BOUGHT_TOGETHER, LOOK, SIMILAR
from zhanggui.recommend.service.wishing import Recipe, Wish
from zhanggui.recommend.types.lists import Evidence, Reason, Recommendations
from zhanggui.shop import EVENT_NUMBERS, EventName

from .kept import Flags, allowed, known_numbers, past_of

AHEAD = 10.0
"""Above the best of the others stands what is known to be bought along."""
AS_TIE = 0.01
MOST_BASKET = 100
MOST_EVIDENCE = 3
_PURCHASE, _VIEW = EVENT_NUMBERS[EventName.PURCHASE], EVENT_NUMBERS[EventName.VIEW_ITEM]


@dataclass(frozen=True, slots=True)
class Along:
    """What is bought along with a basket.

    Attributes:
        worth: (size,) summed weights; 0 for what is not.
        by: for each such product its (weight, product of the basket, people who bought both), strongest first.
    """

    worth: Floats
    by: dict[int, list[tuple[float, int, int]]] = field(default_factory=dict)


class Beside:
    """Recipes that start from products. A shopper may be named, so that nothing comes that they turned down."""

    def __init__(self, serving: Serving) -> None:
        self._serving = serving

    def similar(
        self,
        product_id: str,
        k: int = 10,
        language: str = "zh",
        only: str = "",
        *,
        customer_id: str | None = None,
        visitor_id: str | None = None,
        place: Placing | None = None,
    ) -> Recommendations:
        """What is like a product, as if somebody had done nothing but look at it; with a filter, of what fits it.

        For whoever is named and allows personalization the list is logged, what they turned down stays away, and so
        does what rests from them. `place` as for `Serving.serve`.

        Raises:
            UnknownProduct: there is none of that id.
            BadFilter: the filter cannot be understood.
        """
        asked = self.like(product_id, k, only, customer_id=customer_id, visitor_id=visitor_id)
        return self._serving.serve(*asked, language, is_personal=False, place=place)

    def like(
        self,
        product_id: str,
        k: int,
        only: str = "",
        *,
        customer_id: str | None = None,
        visitor_id: str | None = None,
    ) -> tuple[Snapshot, Shopper, Wish]:
        """Who asks for what is like a product, with that product as all their past."""
        snapshot, shopper, wish = self._serving.asked_by(customer_id, visitor_id, k, SIMILAR, product_id, only)
        number = snapshot.view.number_of(product_id)
        past = past_of([number], _VIEW, wish.now_ms)
        # The order is everybody's: what somebody's tags and profile say of them is not asked.
        wish = replace(wish, hidden=(*wish.hidden, number), tags=(), foreseen=None)
        return snapshot, replace(shopper, past=past), wish

    def bought_together(
        self,
        product_id: str,
        k: int = 10,
        language: str = "zh",
        *,
        customer_id: str | None = None,
        visitor_id: str | None = None,
        only: str = "",
        surface: str = BOUGHT_TOGETHER,
        place: Placing | None = None,
    ) -> Recommendations:
        """What is bought in one go with a product and is no other one of its kind.

        What is known from at least two people's purchases comes first and says so; behind it what else of other
        categories fits. `only` is a filter, `place` as for `Serving.serve`.

        Raises:
            UnknownProduct: there is none of that id.
            BadFilter: the filter cannot be understood.
        """
        asked = self._serving.asked_by(customer_id, visitor_id, k, surface, product_id, only)
        return self._completed(*asked, [asked[0].view.number_of(product_id)], language, place)

    def complete_basket(
        self,
        product_ids: Sequence[str],
        k: int = 10,
        language: str = "zh",
        *,
        customer_id: str | None = None,
        visitor_id: str | None = None,
        only: str = "",
    ) -> Recommendations:
        """What is missing in a basket: bought along with the products in it, and none of their alternatives.

        Ids that are no product's are named in `unknown`; beyond 100 products the last count. `only` is a filter.

        Raises:
            BadFilter: the filter cannot be understood.
        """
        snapshot, shopper, wish = self._serving.asked_by(customer_id, visitor_id, k, BASKET, only=only)
        numbers, unknown = known_numbers(snapshot.view, product_ids)
        answer = self._completed(snapshot, shopper, wish, numbers[-MOST_BASKET:], language)
        return msgspec.structs.replace(answer, unknown=unknown)

    def complete_look(
        self,
        product_id: str,
        k: int = 10,
        language: str = "zh",
        *,
        customer_id: str | None = None,
        visitor_id: str | None = None,
        only: str = "",
    ) -> Recommendations:
        """One product of each other category that goes with a product: bought along, else alike in its traits.

        `only` is a filter: what does not fit it stands for no category.

        Raises:
            UnknownProduct: there is none of that id.
            BadFilter: the filter cannot be understood.
        """
        snapshot, shopper, wish = self._serving.asked_by(customer_id, visitor_id, k, LOOK, product_id, only)
        number = snapshot.view.number_of(product_id)
        along = _along(snapshot, [number])
        worth = _alike(snapshot, [number])
        known = along.worth > 0
        worth[known] = AHEAD + np.log(along.worth[known])
        may = allowed(snapshot, shopper, wish) & (worth > 0) & (snapshot.category != snapshot.category[number])
        may[number] = False
        best = _best_of_each(np.flatnonzero(may), worth, snapshot.category)
        among = np.zeros(len(may), dtype=np.bool_)
        among[best] = True
        blend = _of_products(snapshot.model.blend)
        recipe = Recipe(among=among, extra=best, weigh=lambda ids, _: worth[ids], blend=blend)
        return self._serving.serve(
            snapshot,
            shopper,
            replace(wish, recipe=recipe),
            language,
            is_personal=False,
            past=past_of([number], _VIEW, wish.now_ms),
            tell=lambda to, reason: _told(snapshot, along, to, reason, language),
        )

    def _completed(
        self,
        snapshot: Snapshot,
        shopper: Shopper,
        wish: Wish,
        numbers: Sequence[int],
        language: str,
        place: Placing | None = None,
    ) -> Recommendations:
        along = _along(snapshot, numbers)
        known = along.worth > 0
        among = allowed(snapshot, shopper, wish) & (known | _is_other(snapshot, numbers))
        among[list(numbers)] = False

        def weigh(ids: NDArray[np.int32], scores: Floats) -> Floats:
            worth, top = along.worth[ids], float(scores.max(initial=0.0))
            ahead: Floats = np.where(worth > 0, top + AHEAD + np.log(np.maximum(worth, 1e-6)), scores)
            return ahead

        extra = np.flatnonzero(known).astype(np.int32)
        return self._serving.serve(
            snapshot,
            shopper,
            replace(
                wish,
                recipe=Recipe(among=among, extra=extra, weigh=weigh, blend=_of_products(snapshot.model.blend)),
            ),
            language,
            is_personal=False,
            past=past_of(numbers, _PURCHASE, wish.now_ms),
            tell=lambda to, reason: _told(snapshot, along, to, reason, language),
            place=place,
        )


def _along(snapshot: Snapshot, numbers: Sequence[int]) -> Along:
    learned, worth = snapshot.model.complements, np.zeros(len(snapshot.blocked), dtype=np.float32)
    by: dict[int, list[tuple[float, int, int]]] = {}
    for number in numbers:
        if number >= len(learned.ids):
            continue
        row = zip(
            learned.ids[number].tolist(), learned.weights[number].tolist(), learned.people[number].tolist(), strict=True
        )
        for to, weight, people in row:
            if to > 0:
                worth[to] += weight
                by.setdefault(to, []).append((weight, number, people))
    return Along(worth, {to: sorted(found, reverse=True) for to, found in by.items()})


def _alike(snapshot: Snapshot, numbers: Sequence[int]) -> Floats:
    """(size,) the cosine of each product's words with the nearest of `numbers`; 0 for what shares little."""
    content, cosines = snapshot.graphs.content, np.zeros(len(snapshot.blocked), dtype=np.float32)
    for number in numbers:
        if number < len(content.ids):
            ids = content.ids[number]
            np.maximum.at(cosines, ids[ids > 0], content.weights[number][ids > 0])
    return cosines


def _of_products(blend: Floats) -> Floats:
    """(15,) weights that heed what products lead to; what sells anyway only parts those that nothing leads to."""
    weights = blend * np.float32(AS_TIE)
    weights[[ALIKE, TOGETHER, CONTENT]] = np.maximum(blend[[ALIKE, TOGETHER, CONTENT]], AS_TIE)
    return weights


def _is_other(snapshot: Snapshot, numbers: Sequence[int]) -> Flags:
    """(size,) what is of another category than all of `numbers`, and does not read like any of them."""
    own = {int(snapshot.category[number]) for number in numbers} - {0}
    is_own: Flags = np.isin(snapshot.category, list(own))
    return ~is_own & (_alike(snapshot, numbers) < APART)


def _best_of_each(found: NDArray[np.int64], worth: Floats, category: NDArray[np.int32]) -> NDArray[np.int32]:
    """Of each category the product of most worth, of equal ones the older; those of none stand for themselves."""
    order = found[np.lexsort((found, -worth[found]))]
    groups = np.where(category[order] > 0, category[order], -order)
    _, first = np.unique(groups, return_index=True)
    return order[np.sort(first)].astype(np.int32)


def _told(snapshot: Snapshot, along: Along, number: int, reason: Reason, language: str) -> Reason:
    """What is bought along says with what, by how many of how many; the rest keeps its reason.

    The products asked about stand for a past in the ranking, but nobody said that whoever asks bought them.
    """
    found = along.by.get(number)
    if found is None:
        is_claimed = reason.code == "because_bought_with"
        return msgspec.structs.replace(reason, code="chosen_with") if is_claimed else reason
    view, total = snapshot.view, math.fsum(weight for weight, _, _ in found)
    _, source, people = found[0]
    params = {
        "product_id": view.ids[source],
        "title": view.titles(source, language),
        "people": str(people),
        "buyers": str(int(snapshot.model.complements.buyers[source])),
    }
    because = tuple(Evidence(0, view.ids[at], round(weight / total, 4)) for weight, at, _ in found[:MOST_EVIDENCE])
    return Reason("bought_together", params, because, {"together": 1.0})
