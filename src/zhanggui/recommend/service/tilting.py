"""What a shopper's tags mean for goods: which products of a list rise a little, each in the name of its tag.

A tag orders, and does nothing else: nothing that may not come comes for it, nothing stays away, and no price is made of
it. On lists that answer a question of their own, and in recipes, none counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhanggui.kernel.clock import DAY_MS
from zhanggui.recommend.engines.arranging import Lift, Quota
from zhanggui.recommend.types.tags import ShopperTag

from .acting import Doer
from .live_state import Snapshot
from .strengths import PURCHASE
from .surfaces import SPARED
from .wishing import Wish

LIFT = 0.2
"""Of the list's spread of values, what a tag of strength 1 lifts its products by."""
SHARE = 0.25
"""Of the places, what a tag of strength 1 keeps for its products where they do not come by themselves."""
FRESH_MS = 30 * DAY_MS
NEAR_PRICE = 1.3
"""How many times dearer or cheaper a product may be and still cost about as much."""
Flags = NDArray[np.bool_]
Numbers = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a meaning looks at."""

    snapshot: Snapshot
    doer: Doer
    now_ms: int
    tag: ShopperTag

    @property
    def own(self) -> NDArray[np.int64]:
        """The products that they did anything with."""
        product = self.doer.product
        return product[product < len(self.snapshot.blocked)]


def _untried(asked: _Asked, ids: Numbers) -> Flags:
    """What they never did anything with: new in the shop, or of a category that they know nothing of."""
    from zhanggui.recommend.engines.arranging_kernels import unmet  # imports numba

    snapshot = asked.snapshot
    found: Flags = unmet(ids, asked.own, snapshot.category, snapshot.view.created_ms, asked.now_ms - FRESH_MS)
    return found


def _fresh(asked: _Asked, ids: Numbers) -> Flags:
    """What came within 30 days."""
    fresh: Flags = asked.now_ms - asked.snapshot.view.created_ms[ids] < FRESH_MS
    return fresh


def _favourite(asked: _Asked, ids: Numbers) -> Flags:
    """What they bought more than once."""
    doer, size = asked.doer, len(asked.snapshot.blocked)
    bought = doer.product[(doer.kind == PURCHASE) & (doer.product < size)]
    more: Flags = np.bincount(bought, minlength=size)[ids] > 1
    return more


def _kept_in_store(asked: _Asked, ids: Numbers) -> Flags:
    """What its buyers buy again, more than those of half of the list do."""
    rates = asked.snapshot.signals[ids, 3]
    often: Flags = rates > np.sort(rates)[len(rates) // 2]
    return often


def _of_brand(asked: _Asked, ids: Numbers) -> Flags:
    """What is of the brand that they keep to."""
    return _among(ids, asked.snapshot.view.marked("brand", asked.tag.about), len(asked.snapshot.blocked))


def _near_in_price(asked: _Asked, ids: Numbers) -> Flags:
    """What costs about as much as the middle one of what they did anything with."""
    prices, own = asked.snapshot.view.price_minor, asked.own
    known = np.sort(prices[own[own < len(prices)]])
    known = known[known > 0]
    if not len(known):
        return np.zeros(len(ids), dtype=np.bool_)
    usual, held = float(known[len(known) // 2]), prices[ids]
    near: Flags = (held * NEAR_PRICE >= usual) & (held <= usual * NEAR_PRICE)
    return near


def _among(asked: Numbers, held: NDArray[np.integer], size: int) -> Flags:
    """(n,) which of some numbers below `size` are among others; a tenth of the time that `np.isin` takes."""
    marked = np.zeros(size, dtype=np.bool_)
    marked[held] = True
    found: Flags = marked[asked]
    return found


TILTED: Mapping[str, Callable[[_Asked, Numbers], Flags]] = {
    "tries_new": _untried,
    "early_bird": _fresh,
    "keeps_to_favourites": _favourite,
    "stocks_up": _kept_in_store,
    "one_brand": _of_brand,
    "compares": _near_in_price,
}
"""By the code of a tag, which products it means; of all other tags none says anything about goods."""
_SEEKING = frozenset({"tries_new", "early_bird"})
"""Tags that are about what does not come by itself: they keep a share of the places. The others lift."""


def acting_tags(wish: Wish) -> tuple[ShopperTag, ...]:
    """The tags that count in an answer."""
    return () if not wish.tags or wish.recipe is not None or wish.surface in SPARED else wish.tags


@dataclass(frozen=True, slots=True)
class Tilting:
    """The tags of one answer; moves name them by their place, from `first` on."""

    tags: Sequence[ShopperTag]
    first: int
    snapshot: Snapshot
    doer: Doer
    now_ms: int

    def sought(self, ids: Numbers) -> Iterator[Flags]:
        """For each tag that keeps places: which of `ids` (n,) it means."""
        for tag in self.tags:
            if tag.code in _SEEKING:
                yield self._meant(tag, ids)

    def wishes(self, ids: Numbers) -> tuple[list[Quota], list[Lift]]:
        """What the tags want of a ranked list (n,)."""
        quotas, lifts = [], []
        for number, tag in enumerate(self.tags, start=self.first):
            if tag.code in _SEEKING:
                quotas.append(Quota(self._meant(tag, ids), SHARE * tag.strength, number))
            else:
                lifts.append(Lift(self._meant(tag, ids), LIFT * tag.strength, number))
        return quotas, lifts

    def _meant(self, tag: ShopperTag, ids: Numbers) -> Flags:
        return TILTED[tag.code](_Asked(self.snapshot, self.doer, self.now_ms, tag), ids)


def name_of(tag: ShopperTag) -> tuple[str, str]:
    """Whose move it is, as rules are named: nobody's rule, by this tag."""
    return "", f"tag:{tag.code}"
