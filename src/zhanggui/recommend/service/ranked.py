"""What one ranking leaves: its places with what they rest on, the moves of rules, and the stages behind them."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
import numpy as np
from numpy.typing import NDArray

from zhanggui.recommend.engines.content_parts import ContentParts
from zhanggui.recommend.engines.first_stage import Blend, Digest, Grounds, History
from zhanggui.recommend.engines.interactions import Floats


class Moves(msgspec.Struct, frozen=True, kw_only=True):
    """How rules changed the order.

    Attributes:
        ranked: product numbers before, best first.
        made: (m, 3) from, to (places from 0), and the rule by its number: applied one after the other they turn
            `ranked` into the list that is shown.
        rules: ids of the rules by number, with their kinds.
    """

    ranked: NDArray[np.int32]
    made: NDArray[np.int32]
    rules: tuple[tuple[str, str], ...]


class Ranking(msgspec.Struct, frozen=True, kw_only=True):
    """Ranked products and what their reasons rest on; arrays have one row a place.

    Attributes:
        numbers: product numbers, best first.
        scores: after diversity and preferences.
        grounds: what the scores rest on.
        history: (rows,) product numbers of the history, newest first.
        newest: (rows,) place in the past of each one's newest event.
        propensities: (k,).
        is_exploring: whether the last place explores.
        moves: what rules did to the order; None where there are none.
        content: what the content of the scores is made of; None where no product has a vector.
    """

    numbers: NDArray[np.int32]
    scores: Floats
    grounds: Grounds
    history: NDArray[np.int32]
    newest: NDArray[np.int32]
    propensities: Floats
    is_exploring: bool
    moves: Moves | None = None
    content: ContentParts | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """What an answer chooses from, (n,) each: candidates, what the sum says, and what they are worth in the end.

    `penalty` (size,) is what a shopper's own wishes take away of that.
    """

    history: History
    folded: Digest
    blend: Blend
    ids: NDArray[np.int32]
    by_sum: Floats
    scores: Floats
    penalty: Floats


def nothing() -> Ranking:
    """No place at all."""
    none, no_floats = np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.float32)
    rows = np.zeros((0, 1), dtype=np.int64)
    return Ranking(
        numbers=none,
        scores=no_floats,
        grounds=Grounds(shares=rows.astype(np.float32), rows=rows, weights=rows.astype(np.float32)),
        history=none,
        newest=none,
        propensities=no_floats,
        is_exploring=False,
    )
