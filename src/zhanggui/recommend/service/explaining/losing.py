"""Which stage of an answer lost a product: not found, kept away, ranked below, moved, or resting."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from zhanggui.recommend.service.answering import kept_away
from zhanggui.recommend.service.live_state import Snapshot
from zhanggui.recommend.service.previewing import left_out
from zhanggui.recommend.service.ranked import Examined, Moves, Ranking
from zhanggui.recommend.service.rule_book import RuleBook
from zhanggui.recommend.service.shoppers import Shopper
from zhanggui.recommend.service.wishing import Wish
from zhanggui.recommend.types.rules import RuleKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """Where a product stands.

    Attributes:
        stage: one of `words.STAGES`.
        params: for its words.
        row: of the candidates; -1 for none.
        position: in the list, from 1; 0 for nowhere.
        against: row of the last product that its score alone brought into the list; -1 for none.
    """

    stage: str
    params: dict[str, str] = field(default_factory=dict)
    row: int = -1
    position: int = 0
    against: int = -1


def lost_at(
    number: int, snapshot: Snapshot, shopper: Shopper, wish: Wish, held: Examined, found: Ranking | None
) -> Lost:
    """Where a product stands in an answer.

    Args:
        number: of the product.
        snapshot, shopper, wish: of the answer.
        held: its candidates.
        found: what was ranked; None where the answer wants no place.
    """
    rows = np.flatnonzero(held.ids == number)
    row = int(rows[0]) if len(rows) else -1
    if row < 0:
        return _kept(number, snapshot, shopper, wish)
    if found is None:
        return Lost(stage="low_intent", row=row)
    places = np.flatnonzero(found.numbers == number)
    if len(places):
        return _shown(int(places[0]) + 1, row, held, found)
    return _not_shown(number, row, held, found)


def _kept(number: int, snapshot: Snapshot, shopper: Shopper, wish: Wish) -> Lost:
    away = left_out(snapshot, shopper, wish, [number])
    if not away:
        return Lost(stage="not_a_candidate")
    if away[0].why != "filtered":
        return Lost(stage=away[0].why)
    if wish.left_minor is not None and snapshot.view.price_minor[number] > wish.left_minor:
        return Lost(stage="over_budget")
    for rule in snapshot.book.acting(wish.surface, wish.now_ms):
        if rule.rule.kind is RuleKind.FILTER:
            alone, unasked = replace(snapshot, book=RuleBook((rule,))), replace(wish, wanted=None)
            if kept_away(alone, shopper.past, shopper.preferences, unasked)[number]:
                return Lost(stage="filtered_by_rule", params={"rule": rule.rule.name or rule.rule.target})
    return Lost(stage="filtered")


def _shown(position: int, row: int, held: Examined, found: Ranking) -> Lost:
    is_exploring = found.is_exploring and position == len(found.numbers)
    stage = "exploring" if is_exploring else "shown"
    against = -1 if is_exploring else _last(held, found)
    return Lost(
        stage=stage,
        params={"position": str(position)},
        row=row,
        position=position,
        against=-1 if against == row else against,
    )


def _not_shown(number: int, row: int, held: Examined, found: Ranking) -> Lost:
    last = _last(held, found)
    if found.moves is not None:
        moved = _moved(number, found.moves, len(found.numbers))
        if moved is not None:
            rule, kind = moved
            stage = "rested" if kind == RuleKind.REST.value else "moved_away"
            return Lost(stage=stage, params={"rule": rule or kind}, row=row, against=last)
    worth = held.scores - held.penalty[held.ids]
    behind = 0.0 if last < 0 else float(worth[last] - worth[row])
    params = {
        "place": str(int((held.scores > held.scores[row]).sum()) + 1),
        "candidates": str(len(held.ids)),
        "behind": f"{behind:.2f}",
    }
    if held.penalty[number] > 0 and (last < 0 or held.scores[row] >= worth[last]):
        return Lost(stage="lowered", params=params, row=row, against=last)
    return Lost(stage="gave_way" if behind <= 0 else "ranked_below", params=params, row=row, against=last)


def _last(held: Examined, found: Ranking) -> int:
    """Row of the last product of the list that stands there by its score; -1 for none."""
    numbers = found.numbers[:-1] if found.is_exploring else found.numbers
    if found.moves is not None:
        ranked = found.moves.ranked[: len(found.numbers)]
        numbers = numbers[np.isin(numbers, ranked)]
    return int(np.flatnonzero(held.ids == numbers[-1])[0]) if len(numbers) else -1


def _moved(number: int, moves: Moves, k: int) -> tuple[str, str] | None:
    """(id, kind) of the rule whose move took a product out of the first k; None where it never stood there."""
    order, by = moves.ranked.tolist(), None
    if number not in order or order.index(number) >= k:
        return None
    for start, end, rule in moves.made.tolist():
        before = order.index(number)
        order.insert(end, order.pop(start))
        if before < k <= order.index(number):
            by = moves.rules[rule]
    return by
