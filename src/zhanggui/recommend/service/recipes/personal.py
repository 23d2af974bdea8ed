"""Recipes for one shopper: a given list in their order, and what they may want again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import msgspec
import numpy as np
from numpy.typing import NDArray

from zhanggui.recommend import words
from zhanggui.recommend.engines.interactions import Floats, Ints
from zhanggui.recommend.engines.repeat_timing import Dueness, dueness
from zhanggui.recommend.service.live_state import Snapshot
from zhanggui.recommend.service.previewing import left_out
from zhanggui.recommend.service.restraint import notices
from zhanggui.recommend.service.serving import Serving
from zhanggui.recommend.service.shoppers import OFF, Shopper
from zhanggui.recommend.service.strengths import PURCHASE
from zhanggui.recommend.service.surfaces import BUY_AGAIN, RERANK
from zhanggui.recommend.service.wishing import MOST, Past, Recipe, Wish
from zhanggui.recommend.types.lists import Evidence, Reason, Recommendations

from .kept import allowed, known_numbers

MOST_EVIDENCE = 3


@dataclass(frozen=True, slots=True)
class Again:
    """A product that somebody bought: how due it is, and the events that say so, newest first."""

    judged: Dueness
    seqs: tuple[int, ...]


class Personal:
    """Recipes that start from a shopper."""

    def __init__(self, serving: Serving) -> None:
        self._serving = serving

    def rerank(
        self,
        product_ids: Sequence[str],
        language: str = "zh",
        *,
        customer_id: str | None = None,
        visitor_id: str | None = None,
        surface: str = RERANK,
        k: int = MOST,
        only: str = "",
    ) -> Recommendations:
        """A given list in the order in which it suits a shopper, with reasons.

        Ids that are no product's stand in `unknown`, products that must not come in `left_out` with why. The `k` that
        suit best come back, 200 at most: ask for as many as are shown. `only` is a filter.

        Raises:
            BadFilter: the filter cannot be understood.
        """
        snapshot, shopper, wish = self._serving.asked(customer_id, visitor_id, k, surface, only)
        numbers, unknown = known_numbers(snapshot.view, product_ids)
        away = left_out(snapshot, shopper, wish, numbers)
        among = np.zeros(len(snapshot.blocked), dtype=np.bool_)
        among[numbers] = True
        recipe = Recipe(among=among, extra=np.array(numbers, dtype=np.int32))
        answer = self._serving.serve(snapshot, shopper, replace(wish, recipe=recipe), language)
        return msgspec.structs.replace(answer, unknown=unknown, left_out=tuple(away))

    def buy_again(
        self,
        customer_id: str | None = None,
        visitor_id: str | None = None,
        k: int = 10,
        language: str = "zh",
        only: str = "",
    ) -> Recommendations:
        """What a shopper bought before, the most due first: by their own intervals and how many buy it again at all.

        Each says the interval and when the last time was. Empty for a stranger. `only` is a filter.

        Raises:
            BadFilter: the filter cannot be understood.
        """
        snapshot, shopper, wish = self._serving.asked(customer_id, visitor_id, k, BUY_AGAIN, only)
        bought = bought_before(snapshot, shopper.past, wish.now_ms)
        score = np.full(len(snapshot.blocked), -np.inf, dtype=np.float32)
        for number, again in bought.items():
            score[number] = np.log(max(again.judged.score, 1e-9))
        among = allowed(snapshot, shopper, wish) & np.isfinite(score)

        def weigh(ids: NDArray[np.int32], _: Floats) -> Floats:
            return score[ids]

        recipe = Recipe(among=among, extra=np.flatnonzero(among).astype(np.int32), weigh=weigh)
        answer = self._serving.serve(
            snapshot,
            shopper,
            replace(wish, recipe=recipe),
            language,
            tell=lambda number, _: told_again(snapshot, bought, number),
        )
        return answer if bought else _without_purchases(answer, shopper, wish, language)


def _without_purchases(answer: Recommendations, shopper: Shopper, wish: Wish, language: str) -> Recommendations:
    """An empty list that says why: what other lists say in its place, that one sees what others like, is not so."""
    is_off = shopper.notice == OFF
    others = [code for code in notices(shopper, wish) if code not in {OFF, "no_history"}]
    said = "purchases_unread" if is_off else "nothing_bought"
    return msgspec.structs.replace(
        answer, notice=OFF if is_off else said, notice_text=words.notice((said, *others), language)
    )


def bought_before(snapshot: Snapshot, past: Past, now_ms: int) -> Mapping[int, Again]:
    """By product number, how due is what a shopper bought; products that the catalogue lost are left out."""
    model, size = snapshot.model, len(snapshot.view.ids)
    is_bought = (past.kind == PURCHASE) & (past.product < size)
    found: dict[int, Again] = {}
    for number in np.unique(past.product[is_bought]).tolist():
        rows = np.flatnonzero(is_bought & (past.product == number))
        at_ms: Ints = past.at_ms[rows]
        usual = float(model.interval_days[number]) if number < model.size else 0.0
        judged = dueness(at_ms, now_ms, usual_days=usual, repeat_rate=float(snapshot.signals[number, 3]))
        found[number] = Again(judged, tuple(past.seq[rows[:MOST_EVIDENCE]].tolist()))
    return found


def told_again(snapshot: Snapshot, bought: Mapping[int, Again], number: int) -> Reason:
    """The interval and the last time, in days; whose interval it is."""
    again, id_ = bought[number], snapshot.view.ids[number]
    judged = again.judged
    code = "due_again" if judged.times > 1 else "due_like_others"
    params = {
        "product_id": id_,
        "days": f"{judged.interval_days:.0f}",
        "ago": f"{judged.elapsed_days:.0f}",
        "times": str(judged.times),
        "due": f"{judged.due:.2f}",
        "chance": f"{judged.chance:.2f}",
    }
    share = round(1 / len(again.seqs), 4)
    return Reason(code, params, tuple(Evidence(seq, id_, share) for seq in again.seqs), {"bought": 1.0})
