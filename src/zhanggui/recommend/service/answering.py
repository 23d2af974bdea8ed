"""One answer: a shopper's own last events and the shared snapshot in, ranked numbers out. Reads no store, no clock."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhanggui.kernel.ids import hash64
from zhanggui.recommend.engines.interactions import Floats, Ints
from zhanggui.recommend.engines.ranker import Candidates, Digest, History, Scratch, candidates, digest, evidence
from zhanggui.recommend.tables import StoredPreference

from .live_state import Snapshot
from .strengths import DISMISS, PURCHASE, STRENGTH

DAY_MS = 86_400_000
REST_DAYS, SELDOM_DAYS = 14, 365
SELDOM, SOMETIMES = 0.03, 0.15
"""Share of buyers who buy again, below which a product rests for a year, or for two weeks."""
REPEAT_SURFACES = frozenset({"buy_again", "cart", "basket"})
BALANCE = 0.08
"""How much a category gives way as it repeats, in units of the score (a natural logarithm)."""
USUAL_STRENGTH = 3.0
"""Of a preference whose shopper names none; see `ShowLess`."""
HEAD = 256
"""Best products among which categories give way to one another; the rest come after them."""
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
class Answer:
    """Ranked products and what their reasons rest on; arrays have one row a place.

    Attributes:
        numbers: product numbers, best first.
        scores: after diversity and preferences.
        features: (k, 15) as in `blend.FEATURES`.
        parts: (k, rows, 3) what each product of the history added.
        history: (rows,) product numbers of the history, newest first.
        newest: (rows,) place in the past of each one's newest event.
        propensities: (k,).
        is_exploring: whether the last place explores.
    """

    numbers: NDArray[np.int32]
    scores: Floats
    features: Floats
    parts: Floats
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


def answer(snapshot: Snapshot, past: Past, preferences: list[StoredPreference], wish: Wish, scratch: Scratch) -> Answer:
    """Rank for one shopper; an empty past gives what everybody likes.

    `past` is what `without_preferences` left.
    """
    from zhanggui.recommend.engines.scoring_kernels import arrange  # imports numba

    folded = digest(_history(past, wish), scratch)
    found = candidates(
        snapshot.graphs,
        folded,
        signals=snapshot.signals,
        extra=_extra(snapshot),
        blocked=_blocked(snapshot, past, preferences, wish),
        scratch=scratch,
    )
    if wish.surface == "buy_again":
        owned = found.features[:, 7] > 0
        found = Candidates(ids=found.ids[owned], features=found.features[owned])
    _lend_content(snapshot, found)
    scores = found.features @ snapshot.model.blend
    penalty = _penalty(snapshot, preferences, _unit(scores), len(scratch.slot))
    arranged = arrange(found.ids, scores, _best(scores, HEAD), penalty, snapshot.category, BALANCE, scratch.counts)
    return _chosen(snapshot, found, arranged, folded, wish, penalty, scratch)


def _history(past: Past, wish: Wish) -> History:
    return History(
        product=past.product.astype(np.int32),
        strength=STRENGTH[past.kind],
        is_purchase=past.kind == PURCHASE,
        at_ms=np.ascontiguousarray(past.at_ms),
        now_ms=wish.now_ms,
    )


def _extra(snapshot: Snapshot) -> NDArray[np.int32]:
    if len(snapshot.newcomers) == 0:
        return snapshot.extra
    return np.concatenate([snapshot.extra, snapshot.newcomers])


def _blocked(snapshot: Snapshot, past: Past, preferences: list[StoredPreference], wish: Wish) -> NDArray[np.bool_]:
    """Sold out or not for sale, dismissed, bought lately (unless it is bought again and again), hidden."""
    blocked = snapshot.blocked.copy()
    known = past.product < len(blocked)
    bought = known & (past.kind == PURCHASE)
    if bought.any():
        product, days = past.product[bought], (wish.now_ms - past.at_ms[bought]) / DAY_MS
        rest = days < 1
        if wish.surface not in REPEAT_SURFACES:
            again = snapshot.signals[product, 3]
            rest |= ((again < SOMETIMES) & (days < REST_DAYS)) | ((again < SELDOM) & (days < SELDOM_DAYS))
        blocked[product[rest]] = True
    blocked[past.product[known & (past.kind == DISMISS)]] = True
    for held in preferences:
        if not held.is_undone and held.product < len(blocked):
            blocked[held.product] = True
    blocked[list(wish.hidden)] = True
    return blocked


def _lend_content(snapshot: Snapshot, found: Candidates) -> None:
    """Products that the model does not know have no behaviour: content stands in for it, at the learned rate."""
    if len(snapshot.newcomers):
        is_new = snapshot.is_newcomer[found.ids]
        lent = found.features[is_new, 2] * snapshot.model.cold_gain
        found.features[is_new, 0] = np.maximum(found.features[is_new, 0], lent)


def _unit(scores: Floats) -> float:
    """What strength 1 takes away. The usual strength takes the best below where the worst stood, at any blend."""
    return 1.0 + (float(np.ptp(scores)) / USUAL_STRENGTH if len(scores) else 0.0)


def _penalty(snapshot: Snapshot, preferences: list[StoredPreference], unit: float, size: int) -> Floats:
    penalty = np.zeros(size, dtype=np.float32)
    for held in preferences:
        if not held.is_undone:
            for key in held.chips:
                penalty[snapshot.view.chip_members(key)] += np.float32(held.strength * unit)
    return penalty


def _chosen(
    snapshot: Snapshot,
    found: Candidates,
    arranged: Floats,
    folded: Digest,
    wish: Wish,
    penalty: Floats,
    scratch: Scratch,
) -> Answer:
    order = _best(arranged, wish.k)
    k = len(order)
    propensities = np.ones(k, dtype=np.float32)
    pick = _explored(snapshot, found, order, wish, penalty)
    if pick is not None:
        order = np.append(order[:-1], pick[0])
        propensities[-1] = pick[1]
    winners = found.ids[order]
    return Answer(
        numbers=winners,
        scores=arranged[order],
        features=found.features[order],
        parts=evidence(snapshot.graphs, folded, winners, scratch),
        history=folded.products.copy(),
        newest=folded.newest.copy(),
        propensities=propensities,
        is_exploring=pick is not None,
    )


def _best(scores: Floats, most: int) -> NDArray[np.int64]:
    """Rows of the `most` highest scores, best first; of equal ones the earlier row."""
    head = np.argpartition(-scores, most - 1)[:most] if most < len(scores) else np.arange(len(scores))
    return head[np.lexsort((head, -scores[head]))]


def _explored(
    snapshot: Snapshot, found: Candidates, order: NDArray[np.int64], wish: Wish, penalty: Floats
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
    pool = pool[np.lexsort((-found.ids[pool], -found.features[pool, 2]))][:EXPLORE_AMONG]
    return int(pool[hash64(wish.chance) % len(pool)]), 1.0 / len(pool)
