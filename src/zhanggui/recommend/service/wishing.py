"""What one answer is asked for, and what is known of who asks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, tzinfo

import numpy as np
from numpy.typing import NDArray

from zhanggui.recommend.engines.filters import Filter
from zhanggui.recommend.engines.interactions import Floats, Ints
from zhanggui.recommend.tables.preferences import StoredPreference
from zhanggui.recommend.types.tags import ShopperTag

from .acting import NOT_SEEN, Seen
from .live_state import Snapshot
from .strengths import DISMISS, UNDISMISS

MOST = 200
"""Places of a list at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """A shopper's last events, newest first: (n,) columns."""

    seq: Ints
    product: Ints
    kind: Ints
    at_ms: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """What a recipe asks of a ranking beyond a shopper's taste.

    Attributes:
        among: (size,) the products that may come; whatever else keeps one away keeps it away here too.
        extra: product numbers that are candidates in any case.
        weigh: from candidates (n,) and what taste says of them (n,) to their worth (n,); None: taste alone.
        blend: (15,) weights of taste instead of the model's.
    """

    among: NDArray[np.bool_]
    extra: NDArray[np.int32]
    weigh: Callable[[NDArray[np.int32], Floats], Floats] | None = None
    blend: Floats | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is asked for.

    Attributes:
        k: at most so many products.
        surface: where the list stands.
        now_ms: the moment.
        chance: decides what the exploring place shows; equal for equal shoppers and hours.
        hidden: product numbers that must not come.
        recipe: what a recipe asks beyond taste.
        wanted: the filter that came with the request.
        channel: where the shopper is, as the request says it.
        device: what they hold, likewise.
        foreseen: (3,) what is foreseen of the shopper, see `ports.Profiles`; None for nothing.
        tags: of the shopper, as far as they say anything about goods.
        left_minor: what is left of the shopper's budget for the month; nothing dearer comes. None for no budget.
        zone: of the shop's clock.
        seen: what the shopper was shown, where a rule asks for it.
        intent: how much the shopper seems to want anything, in [0, 1].
    """

    k: int
    surface: str
    now_ms: int
    chance: str
    hidden: tuple[int, ...] = ()
    recipe: Recipe | None = None
    wanted: Filter | None = None
    channel: str = ""
    device: str = ""
    foreseen: Floats | None = None
    tags: tuple[ShopperTag, ...] = ()
    left_minor: int | None = None
    zone: tzinfo = UTC
    seen: Seen = NOT_SEEN
    intent: float = 0.0


def without_preferences(past: Past, preferences: list[StoredPreference]) -> Past:
    """The past without the dismissals that were taken back, and without those that preferences stand for.

    Those act through the preference alone. So undoing one restores exactly the former answer, and lowering chips
    lowers nothing else.
    """
    kept = past.kind != UNDISMISS
    if not preferences and kept.all():
        return past
    for seq, product in zip(past.seq[~kept], past.product[~kept], strict=True):
        kept &= ~((past.kind == DISMISS) & (past.product == product) & (past.seq < seq))
    for held in preferences:
        kept &= ~((past.kind == DISMISS) & (past.product == held.product) & (past.at_ms == held.at_ms))
    if kept.all():
        return past
    return Past(seq=past.seq[kept], product=past.product[kept], kind=past.kind[kept], at_ms=past.at_ms[kept])


def bounded(k: int) -> int:
    """How many places a list has."""
    return min(max(k, 1), MOST)


def narrowed(snapshot: Snapshot, wish: Wish, only: str) -> Wish:
    """A wish with the filter of the request.

    Raises:
        BadFilter: the request's cannot be understood.
    """
    return replace(wish, wanted=snapshot.masks.parsed(only)) if only else wish
