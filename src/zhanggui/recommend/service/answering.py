"""One answer: a shopper's own last events and the shared snapshot in, ranked numbers out. Reads no store, no clock."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhanggui.kernel.ids import hash64
from zhanggui.recommend.engines.interactions import Floats, Ints
from zhanggui.recommend.engines.ranker import Blend, Grounds, History, Scored, Scratch, choose, digest, grounds, score
from zhanggui.recommend.tables import StoredPreference

from .live_state import Snapshot
from .strengths import DISMISS, PURCHASE, STRENGTH

RESTS = np.array([(0.15, 14.0), (0.03, 365.0)])
"""(share of buyers who buy again, days): below the share a product rests for so long after it was bought."""
NO_RESTS = RESTS[:0]
REPEAT_SURFACES = frozenset({"buy_again", "cart", "basket"})
BALANCE = 0.08
"""How much a category gives way as it repeats, in units of the score (a natural logarithm)."""
USUAL_STRENGTH = 3.0
"""Of a preference whose shopper names none; see `ShowLess`."""
EXPLORING = frozenset({"home"})
EXPLORE_FROM_K, EXPLORE_AMONG = 4, 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """A shopper's last events, newest first: (n,) columns."""

    seq: Ints
    product: Ints
    kind: Ints
    at_ms: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is asked for.

    Attributes:
        k: at most so many products.
        surface: where the list stands.
        now_ms: the moment.
        chance: decides what the exploring place shows; equal for equal shoppers and hours.
        hidden: product numbers that must not come.
    """

    k: int
    surface: str
    now_ms: int
    chance: str
    hidden: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """Ranked products and what their reasons rest on; arrays have one row a place.

    Attributes:
        numbers: product numbers, best first.
        scores: after diversity and preferences.
        grounds: what the scores rest on.
        history: (rows,) product numbers of the history, newest first.
        newest: (rows,) place in the past of each one's newest event.
        propensities: (k,).
        is_exploring: whether the last place explores.
    """

    numbers: NDArray[np.int32]
    scores: Floats
    grounds: Grounds
    history: NDArray[np.int32]
    newest: NDArray[np.int32]
    propensities: Floats
    is_exploring: bool


def without_preferences(past: Past, preferences: list[StoredPreference]) -> Past:
    """The past without the dismissals that preferences stand for; those act through the preference alone.

    So undoing one restores exactly the former answer, and lowering chips lowers nothing else.
    """
    kept = np.ones(len(past.seq), dtype=np.bool_)
    for held in preferences:
        kept &= ~((past.kind == DISMISS) & (past.product == held.product) & (past.at_ms == held.at_ms))
    if kept.all():
        return past
    return Past(seq=past.seq[kept], product=past.product[kept], kind=past.kind[kept], at_ms=past.at_ms[kept])


def rank(snapshot: Snapshot, past: Past, preferences: list[StoredPreference], wish: Wish, scratch: Scratch) -> Ranking:
    """Rank for one shopper; an empty past gives what everybody likes.

    `past` is what `without_preferences` left.
    """
    history = _history(past, wish)
    folded = digest(history, scratch)
    blend = Blend(
        weights=snapshot.model.blend, is_newcomer=snapshot.is_newcomer, newcomer_rate=snapshot.model.cold_gain
    )
    found = score(
        snapshot.graphs,
        folded,
        blend,
        signals=snapshot.signals,
        extra=snapshot.always,
        blocked=_blocked(snapshot, past, history, preferences, wish),
        only_bought=wish.surface == "buy_again",
        scratch=scratch,
    )
    penalty = _penalty(snapshot, preferences, found.scores, scratch)
    order, values = choose(found, penalty, snapshot.category, BALANCE, wish.k, scratch)
    propensities = np.ones(len(order), dtype=np.float32)
    pick = _explored(snapshot, found, order, wish, penalty)
    if pick is not None:
        order[-1], propensities[-1] = pick
    winners = found.ids[order]
    return Ranking(
        numbers=winners,
        scores=values,
        grounds=grounds(snapshot.graphs, folded, blend, winners, signals=snapshot.signals, scratch=scratch),
        history=folded.products.copy(),
        newest=folded.newest.copy(),
        propensities=propensities,
        is_exploring=pick is not None,
    )


def kept_away(snapshot: Snapshot, past: Past, preferences: list[StoredPreference], wish: Wish) -> NDArray[np.bool_]:
    """(size,) the products that this answer could not contain, whatever their score."""
    return _blocked(snapshot, past, _history(past, wish), preferences, wish)


def _history(past: Past, wish: Wish) -> History:
    return History(
        product=past.product.astype(np.int32),
        strength=STRENGTH[past.kind],
        is_purchase=past.kind == PURCHASE,
        at_ms=np.ascontiguousarray(past.at_ms),
        now_ms=wish.now_ms,
    )


def _blocked(
    snapshot: Snapshot, past: Past, history: History, preferences: list[StoredPreference], wish: Wish
) -> NDArray[np.bool_]:
    """Sold out or not for sale, dismissed, bought lately (unless it is bought again and again), hidden."""
    from zhanggui.recommend.engines.answer_kernels import block_past  # imports numba

    blocked = snapshot.blocked.copy()
    rests = NO_RESTS if wish.surface in REPEAT_SURFACES else RESTS
    repeat_rate = snapshot.signals[:, 3]
    is_dismissal = past.kind == DISMISS
    block_past(
        history.product, history.is_purchase, is_dismissal, history.at_ms, wish.now_ms, repeat_rate, rests, blocked
    )
    for held in preferences:
        if not held.is_undone and held.product < len(blocked):
            blocked[held.product] = True
    for number in wish.hidden:
        blocked[number] = True
    return blocked


def _penalty(snapshot: Snapshot, preferences: list[StoredPreference], scores: Floats, scratch: Scratch) -> Floats:
    """(size,) what preferences take away. The usual strength takes the best below where the worst stood."""
    lowered = [held for held in preferences if held.chips and not held.is_undone]
    if not lowered:
        return scratch.no_penalty
    unit = 1.0 + (float(np.ptp(scores)) / USUAL_STRENGTH if len(scores) else 0.0)
    penalty = np.zeros(scratch.size, dtype=np.float32)
    for held in lowered:
        for key in held.chips:
            penalty[snapshot.view.chip_members(key)] += np.float32(held.strength * unit)
    return penalty


def _explored(
    snapshot: Snapshot, found: Scored, order: NDArray[np.int64], wish: Wish, penalty: Floats
) -> tuple[int, float] | None:
    """A newcomer for the last place: one of those that fit best, each with an equal chance."""
    newcomers = snapshot.newcomers
    if len(newcomers) == 0 or wish.k < EXPLORE_FROM_K or len(order) < wish.k or wish.surface not in EXPLORING:
        return None
    if snapshot.is_newcomer[found.ids[order]].any():
        return None
    pool = np.flatnonzero(snapshot.is_newcomer[found.ids] & (penalty[found.ids] == 0))
    if len(pool) == 0:
        return None
    pool = pool[np.lexsort((-found.ids[pool], -found.content[pool]))][:EXPLORE_AMONG]
    return int(pool[hash64(wish.chance) % len(pool)]), 1.0 / len(pool)
