"""少而精: what comes unasked is short where little seems wanted, nothing comes beyond a budget, and both say so."""

from __future__ import annotations

from dataclasses import replace

from zhanggui.recommend.engines.intent import bearable, intent
from zhanggui.recommend.engines.interactions import Floats

from .live_state import Snapshot
from .shoppers import Shopper
from .surfaces import UNASKED
from .wishing import Past, Wish, narrowed


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


def budgeted(snapshot: Snapshot, shopper: Shopper, wish: Wish, only: str = "") -> Wish:
    """The wish for nothing dearer than what is left of the shopper's own budget; `only` is the filter that it has."""
    if shopper.left_minor is None:
        return wish
    held = f"price_minor <= {shopper.left_minor}"
    return narrowed(snapshot, replace(wish, left_minor=shopper.left_minor), f"({only}) and {held}" if only else held)


def notices(shopper: Shopper, wish: Wish) -> tuple[str, ...]:
    """All that the shopper is to be told of their list, the weightiest first; see `words.NOTICES`."""
    if wish.left_minor is None:
        return (shopper.notice,) if shopper.notice else ()
    budget = "within_budget" if wish.left_minor else "budget_spent"
    return (shopper.notice, budget) if shopper.notice else (budget,)
