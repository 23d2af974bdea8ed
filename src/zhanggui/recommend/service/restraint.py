"""少而精: what comes unasked is short where little seems wanted, and says so."""

from __future__ import annotations

from dataclasses import replace

from zhanggui.recommend.engines.intent import bearable, intent
from zhanggui.recommend.engines.interactions import Floats

from .shoppers import Shopper
from .surfaces import UNASKED
from .wishing import Past, Wish


def wanting(past: Past, now_ms: int, strength: Floats) -> float:
    """How much a shopper seems to want anything now, in [0, 1]; 0 for a stranger.

    `strength` (events,) is how much each event says in favour of its product, by event number.
    """
    return intent(strength[past.kind], past.at_ms, now_ms)


def restrained(shopper: Shopper, wish: Wish) -> tuple[Shopper, Wish]:
    """On a surface that pushes, no more than the shopper's intent bears, and a notice where that is less."""
    if wish.surface not in UNASKED or (k := bearable(wish.k, wish.intent)) == wish.k:
        return shopper, wish
    return replace(shopper, notice="low_intent"), replace(wish, k=k)
