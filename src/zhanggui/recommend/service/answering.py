"""One answer: a shopper's own last events and the shared snapshot in, ranked numbers out. Reads no store, no clock."""

from __future__ import annotations

import msgspec
import numpy as np
from numpy.typing import NDArray

from zhanggui.recommend.engines.arranging import with_last
from zhanggui.recommend.engines.content_parts import content_parts
from zhanggui.recommend.engines.first_stage import (
    Blend,
    Digest,
    History,
    Scored,
    choose,
    digest,
    grounds,
    score,
)
from zhanggui.recommend.engines.interactions import Floats, Ints
from zhanggui.recommend.engines.scratch import Scratch
from zhanggui.recommend.tables.preferences import StoredPreference

from .acting import Doer
from .exploring import newcomer_of
from .live_state import Snapshot
from .mixing import mixed, with_mix
from .ranked import Examined, Moves, Ranking
from .ruling import Ruling, context_of
from .second_stage import asked
from .show_less import lowered
from .strengths import DISMISS, PURCHASE
from .surfaces import BUY_AGAIN, REPEAT, SPARED
from .tilting import acting_tags
from .wishing import Past, Wish

RESTS = np.array([(0.15, 14.0), (0.03, 365.0)])
"""(share of buyers who buy again, days): below the share a product rests for so long after it was bought."""
NO_RESTS = RESTS[:0]
BALANCE = 0.08
"""How much a category gives way as it repeats, in units of the score (a natural logarithm)."""
NEWCOMER = ("", "newcomer")
"""Whose move it is that a newcomer stands in the last place: nobody's rule."""


class _Staged(msgspec.Struct, frozen=True, kw_only=True):
    """What an answer chooses from, and how it came to be; mostly views of a scratch, valid until its next use.

    `by_sum` (n,) is what the sum alone says of the candidates, `penalty` (size,) what a shopper's own wishes take away.
    """

    history: History
    folded: Digest
    blend: Blend
    ruling: Ruling | None
    found: Scored
    by_sum: Floats
    penalty: Floats


def rank(snapshot: Snapshot, past: Past, preferences: list[StoredPreference], wish: Wish, scratch: Scratch) -> Ranking:
    """Rank for one shopper; an empty past gives what everybody likes.

    `past` is what `without_preferences` left.
    """
    staged = _staged(snapshot, past, preferences, wish, scratch)
    found, folded, ruling, penalty = staged.found, staged.folded, staged.ruling, staged.penalty
    if ruling is None or not ruling.arranges:
        order, values = choose(found, penalty, snapshot.category, BALANCE, wish.k, scratch)
        pick, moves = newcomer_of(snapshot, found, order, wish, penalty), None
    else:
        order, values, pick, moves = _arranged(snapshot, ruling, found, penalty, wish, scratch)
    propensities = np.ones(len(order), dtype=np.float32)
    if pick is not None:
        order[-1], propensities[-1], values[-1] = *pick, found.scores[pick[0]]
    winners, merit, spaces = found.ids[order], _merit(snapshot, wish), snapshot.spaces
    return Ranking(
        numbers=winners,
        scores=values,
        grounds=grounds(
            snapshot.graphs,
            folded,
            staged.blend,
            winners,
            signals=snapshot.signals,
            scratch=scratch,
            given=None if merit is None else merit[winners],
        ),
        history=folded.products.copy(),
        newest=folded.newest.copy(),
        propensities=propensities,
        is_exploring=pick is not None,
        moves=moves,
        content=None if spaces is None else content_parts(winners, folded, snapshot.graphs.content, spaces),
    )


def examined(
    snapshot: Snapshot, past: Past, preferences: list[StoredPreference], wish: Wish, scratch: Scratch
) -> Examined:
    """The stages of the answer that `rank` gives, for explanations; nothing in it is a view of the scratch."""
    staged = _staged(snapshot, past, preferences, wish, scratch)
    return Examined(
        history=staged.history,
        folded=staged.folded.copy(),
        blend=staged.blend,
        ids=staged.found.ids.copy(),
        by_sum=staged.by_sum,
        scores=staged.found.scores.copy(),
        penalty=staged.penalty.copy(),
    )


def _staged(
    snapshot: Snapshot, past: Past, preferences: list[StoredPreference], wish: Wish, scratch: Scratch
) -> _Staged:
    """All stages before places are given: the candidates with their scores, and what is taken away of them."""
    history = _history(snapshot, past, wish)
    folded = digest(history, scratch)
    ruling = _ruling(snapshot, past, preferences, wish)
    blend = _blend(snapshot, wish)
    is_wide = ruling is not None or _marks_many(snapshot, wish)
    blocked = snapshot.blocked.copy() if is_wide else scratch.marked_like(snapshot.blocked)
    marked = _block(blocked, snapshot, past, history, preferences, wish)
    found = _summed(snapshot, folded, blend, blocked, ruling, wish, scratch)
    by_sum = found.scores.copy()
    _add_stages(found, snapshot, history, folded, blend, wish, scratch)
    if not is_wide:
        scratch.unmark(snapshot.blocked, marked)
    return _Staged(
        history=history,
        folded=folded,
        blend=blend,
        ruling=ruling,
        found=found,
        by_sum=by_sum,
        penalty=lowered(snapshot, preferences, found.scores, scratch),
    )


def _summed(
    snapshot: Snapshot,
    folded: Digest,
    blend: Blend,
    blocked: NDArray[np.bool_],
    ruling: Ruling | None,
    wish: Wish,
    scratch: Scratch,
) -> Scored:
    """Candidates with what the sum says of them; rules narrow `blocked` first."""
    extra = snapshot.always if ruling is None else ruling.narrow(blocked)
    return score(
        snapshot.graphs,
        folded,
        blend,
        signals=snapshot.signals,
        extra=extra if wish.recipe is None else np.concatenate([extra, wish.recipe.extra]),
        blocked=blocked,
        only_bought=wish.surface == BUY_AGAIN,
        scratch=scratch,
    )


def _add_stages(
    found: Scored, snapshot: Snapshot, history: History, folded: Digest, blend: Blend, wish: Wish, scratch: Scratch
) -> None:
    """Add to the scores what a recipe, the trees and the merchant's aims say."""
    if wish.recipe is not None and wish.recipe.weigh is not None:
        found.scores[:] = wish.recipe.weigh(found.ids, found.scores)
    if snapshot.model.stage is not None and (trees := asked(snapshot, history, folded, blend, wish)) is not None:
        trees.rescore(found, snapshot.model.stage.trees, scratch)
    if (merit := _merit(snapshot, wish)) is not None:
        found.scores[:] += merit[found.ids].sum(axis=1)


def _merit(snapshot: Snapshot, wish: Wish) -> Floats | None:
    """What products are worth to the merchant; a recipe has aims of its own."""
    return snapshot.merit if wish.recipe is None else None


def _ruling(snapshot: Snapshot, past: Past, preferences: list[StoredPreference], wish: Wish) -> Ruling | None:
    """The filters, rules, tags and head start that act; None where none does, which is found out for nearly nothing."""
    is_recipe = wish.recipe is not None
    rules = snapshot.book.acting(wish.surface, wish.now_ms, is_recipe=is_recipe) if snapshot.book.rules else []
    if snapshot.goods.is_content is not None:
        rules = with_mix(rules, mixed(snapshot.book, wish))
    tags = acting_tags(wish)
    start = None if is_recipe or wish.surface in SPARED else snapshot.head_start
    if wish.wanted is None and not rules and not tags and start is None:
        return None
    dismissed = [(held.product, held.at_ms) for held in preferences if not held.is_undone]
    return Ruling(
        snapshot,
        wanted=wish.wanted,
        rules=rules,
        tags=tags,
        start=start,
        doer=Doer(
            product=past.product, kind=past.kind, at_ms=past.at_ms, strength=snapshot.strength, dismissed=dismissed
        ),
        context=context_of(
            wish.now_ms, wish.zone, surface=wish.surface, channel=wish.channel, is_known=bool(len(past.seq))
        ),
        seen=wish.seen,
    )


def _arranged(
    snapshot: Snapshot, ruling: Ruling, found: Scored, penalty: Floats, wish: Wish, scratch: Scratch
) -> tuple[Ints, Floats, tuple[int, float] | None, Moves]:
    """Rows of the places in the order that rules and tags want, their values, who explores there, and the moves."""
    best, worth = choose(found, penalty, snapshot.category, BALANCE, ruling.pooled(wish.k), scratch)
    bare = found.scores - penalty[found.ids]
    pool = ruling.pool(found.ids, bare, best)
    values = np.concatenate([worth, bare[pool[len(best) :]]]).astype(np.float32)
    ranked = np.argsort(-values, kind="stable")
    pool, values = pool[ranked], values[ranked]
    done = ruling.arranged(found.ids[pool], values, wish.k, scratch)
    pick = None if ruling.is_strict else newcomer_of(snapshot, found, pool[done.rows], wish, penalty, ruling.resting)
    if pick is not None:  # only now: whoever is drawn must not change what stands before
        if pick[0] not in pool:
            pool, values = np.append(pool, pick[0]), np.append(values, bare[pick[0]])
        done = with_last(done, int(np.flatnonzero(pool == pick[0])[0]), len(ruling.names))
    moves = Moves(ranked=found.ids[pool], made=done.moves, rules=(*ruling.names, NEWCOMER))
    return pool[done.rows], values[done.rows], pick, moves


def kept_away(snapshot: Snapshot, past: Past, preferences: list[StoredPreference], wish: Wish) -> NDArray[np.bool_]:
    """(size,) the products that this answer could not contain, whatever their score."""
    blocked = snapshot.blocked.copy()
    _block(blocked, snapshot, past, _history(snapshot, past, wish), preferences, wish)
    ruling = _ruling(snapshot, past, preferences, wish)
    if ruling is not None:
        ruling.narrow(blocked)
    return blocked


def _blend(snapshot: Snapshot, wish: Wish) -> Blend:
    weights = snapshot.model.blend if wish.recipe is None or wish.recipe.blend is None else wish.recipe.blend
    return Blend(weights=weights, is_newcomer=snapshot.is_newcomer, newcomer_rate=snapshot.model.cold_gain)


def _history(snapshot: Snapshot, past: Past, wish: Wish) -> History:
    return History(
        product=past.product.astype(np.int32),
        strength=snapshot.strength[past.kind],
        is_purchase=past.kind == PURCHASE,
        at_ms=np.ascontiguousarray(past.at_ms),
        now_ms=wish.now_ms,
    )


def _marks_many(snapshot: Snapshot, wish: Wish) -> bool:
    """Whether more may be blocked than single products that the shopper, or the request, has named."""
    return wish.recipe is not None or snapshot.goods.is_content is not None


def _block(
    blocked: NDArray[np.bool_],
    snapshot: Snapshot,
    past: Past,
    history: History,
    preferences: list[StoredPreference],
    wish: Wish,
) -> NDArray[np.int32]:
    """Mark in `blocked` (size,) what was dismissed, bought lately (unless again and again), hidden, or left out.

    What cannot be bought is marked already. Returns the single products that may have been marked.
    """
    from zhanggui.recommend.engines.answer_kernels import block_past  # imports numba

    rests = NO_RESTS if wish.surface in REPEAT else RESTS
    repeat_rate = snapshot.signals[:, 3]
    is_dismissal = past.kind == DISMISS
    block_past(
        history.product, history.is_purchase, is_dismissal, history.at_ms, wish.now_ms, repeat_rate, rests, blocked
    )
    named = [held.product for held in preferences if not held.is_undone and held.product < len(blocked)]
    named.extend(wish.hidden)
    for number in named:
        blocked[number] = True
    content = snapshot.goods.is_content
    if content is not None and mixed(snapshot.book, wish) is None:
        blocked[: len(content)] |= content
    if wish.recipe is not None:
        blocked |= ~wish.recipe.among
    return np.append(history.product, np.array(named, dtype=np.int32)) if named else history.product
