"""Why a product stands where it stands for a shopper, or why it does not: each stage with figures that add up."""

from __future__ import annotations

import msgspec

from .rules import RuleMove


class Part(msgspec.Struct, frozen=True):
    """What one thing adds to a score; `words` is what it is called."""

    name: str
    value: float
    words: str = ""


class HistoryPart(msgspec.Struct, frozen=True):
    """What one product of the shopper's history adds, by factor; the values sum to `value`."""

    product_id: str
    title: str
    value: float
    by: dict[str, float]


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """A product in one answer.

    `stage` says where it stands or where it was lost: `shown`, `exploring`, `not_a_candidate`, `sold_out`,
    `not_for_sale`, `dismissed`, `bought_lately`, `filtered`, `low_intent`, `lowered`, `gave_way`, `ranked_below`,
    `moved_away`, `rested`.

    Attributes:
        position: where it is shown, from 1; 0 where it is not.
        place: where its score alone puts it among all candidates, from 1; 0 for no candidate.
        candidates: how many there were.
        score: factors + ranker + aims; what the shopper's own wishes take away is `lowered_by`.
        factors: what each factor of the sum adds; they sum to the first stage's score.
        history: of that, what each product of the history adds; they sum to the factors that rest on history.
        ranker: what each group of columns adds to the trees' margin, beside `ranker_expected`; none: no trees asked.
        aims: what the merchant's aims add.
        chance: that the shopper takes it in their next session; None without calibration.
        rule: id or kind of the rule that left it out or moved it.
        moves: all moves of rules in this answer.
        behind: by how much it is below the last one shown, `against` the product; 0 and empty where that says nothing.
        compared: what each group adds less what it adds to that one, the most lowering first.
    """

    product_id: str
    title: str
    surface: str
    model: str
    stage: str
    words: str
    position: int = 0
    place: int = 0
    candidates: int = 0
    score: float = 0.0
    lowered_by: float = 0.0
    factors: tuple[Part, ...] = ()
    history: tuple[HistoryPart, ...] = ()
    ranker_expected: float = 0.0
    ranker: tuple[Part, ...] = ()
    aims: tuple[Part, ...] = ()
    chance: float | None = None
    rule: str = ""
    moves: tuple[RuleMove, ...] = ()
    behind: float = 0.0
    against: str = ""
    compared: tuple[Part, ...] = ()
