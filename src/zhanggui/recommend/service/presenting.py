"""A ranking as the structs that cross the door."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np

from zhanggui.recommend import words
from zhanggui.recommend.types.lists import RankedProduct
from zhanggui.recommend.types.rules import RuleMove

from .live_state import Snapshot
from .ranked import Moves, Ranking
from .reasons import reasons
from .wishing import Past


def presented(snapshot: Snapshot, past: Past, found: Ranking, language: str) -> tuple[RankedProduct, ...]:
    """One struct a place, with reason and words."""
    ids, titles, explain = snapshot.view.ids, snapshot.view.titles, words.explain
    why = reasons(snapshot, past, found, language)
    numbers, scores = found.numbers.tolist(), found.scores.astype(np.float64).round(5).tolist()
    propensities = found.propensities.tolist()
    # By position: names of arguments cost a third of making a struct.
    ranked = [
        RankedProduct(
            ids[number],
            scores[n],
            why[n],
            n + 1,
            titles(number, language),
            explain(why[n].code, why[n].params, language),
            propensities[n],
        )
        for n, number in enumerate(numbers)
    ]
    return tuple(ranked if found.moves is None else _with_moves(ranked, found.moves, numbers, language))


def _with_moves(
    ranked: Sequence[RankedProduct], moves: Moves, numbers: Sequence[int], language: str
) -> list[RankedProduct]:
    before = {number: place for place, number in enumerate(moves.ranked.tolist(), start=1)}
    by = {end + 1: moves.rules[rule][1] for _, end, rule in moves.made.tolist()}
    return [
        msgspec.structs.replace(
            item,
            ranked_at=before[number],
            moved_by=(mover := by.get(item.position, "")),
            moved_text=words.move(mover, language),
        )
        if before[number] != item.position
        else item
        for item, number in zip(ranked, numbers, strict=True)
    ]


def told_moves(snapshot: Snapshot, moves: Moves) -> tuple[RuleMove, ...]:
    """The moves by name, in the order in which they were made."""
    order, ids, told = moves.ranked.tolist(), snapshot.view.ids, []
    for start, end, rule in moves.made.tolist():
        product = order.pop(start)
        order.insert(end, product)
        name, kind = moves.rules[rule]
        told.append(RuleMove(rule=name, kind=kind, product_id=ids[product], start=start + 1, end=end + 1))
    return tuple(told)
