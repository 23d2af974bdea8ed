"""Which newcomer has the last place of a list, and with what chance."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from zhanggui.kernel.ids import hash64
from zhanggui.recommend.engines.exploring import explored
from zhanggui.recommend.engines.first_stage import Scored
from zhanggui.recommend.engines.interactions import Floats

from .live_state import Snapshot
from .surfaces import EXPLORING
from .wishing import Wish

FROM_K, AMONG = 4, 20
"""Lists of so many places explore; so many newcomers that fit best compete."""


def newcomer_of(
    snapshot: Snapshot,
    found: Scored,
    order: NDArray[np.int64],
    wish: Wish,
    penalty: Floats,
    resting: Callable[[NDArray[np.int32]], NDArray[np.bool_]] | None = None,
) -> tuple[int, float] | None:
    """The row of a newcomer for the last place and its propensity; None where the list explores nothing.

    Args:
        snapshot: what answers share.
        found: the candidates.
        order: rows of the list, best first.
        wish: what is asked for.
        penalty: (size,) what preferences take away; a newcomer that loses anything stays away.
        resting: which products rest from this shopper; so does a newcomer. Nothing rests without it.
    """
    if len(snapshot.newcomers) == 0 or wish.k < FROM_K or len(order) < wish.k or wish.surface not in EXPLORING:
        return None
    if snapshot.is_newcomer[found.ids[order]].any():
        return None
    pool = np.flatnonzero(snapshot.is_newcomer[found.ids] & (penalty[found.ids] == 0))
    if resting is not None:
        pool = pool[~resting(found.ids[pool])]
    if len(pool) == 0:
        return None
    pool = pool[np.argsort(-found.ids[pool], kind="stable")]  # of equal fit the newest first
    ids, explorer = found.ids[pool], snapshot.explorer
    shown = explorer.counts(ids)[0]
    fit, chance = found.content[pool], hash64(wish.chance)
    row, propensity = explored(fit, lambda rows: explorer.draws(ids[rows]), shown, chance, AMONG)
    return int(pool[row]), propensity
