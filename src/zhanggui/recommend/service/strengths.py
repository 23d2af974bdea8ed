"""How much an event says in favour of its product."""

from __future__ import annotations

import numpy as np

from zhanggui.recommend.aim_types import EventWeights
from zhanggui.recommend.engines.interactions import Floats
from zhanggui.shop import EVENT_NUMBERS, EventName

FIELDS = {
    EventName.VIEW_ITEM: "view",
    EventName.SELECT_ITEM: "select",
    EventName.SEARCH: "search",
    EventName.ADD_TO_CART: "cart",
    EventName.ADD_TO_WISHLIST: "wishlist",
    EventName.BEGIN_CHECKOUT: "checkout",
    EventName.PURCHASE: "purchase",
    EventName.SHARE: "share",
    EventName.FOLLOW: "follow",
    EventName.DISMISS: "dismiss",
}
"""Event → the weight of it that a merchant may set; what is not named says nothing."""


def strengths_of(weights: EventWeights) -> Floats:
    """(events,) how much each event says in favour of its product, by event number; a dismissal less than nothing."""
    held = [float(getattr(weights, FIELDS[name])) if name in FIELDS else 0.0 for name in EventName]
    held[DISMISS] = -held[DISMISS]
    return np.array(held, dtype=np.float32)


PURCHASE = EVENT_NUMBERS[EventName.PURCHASE]
DISMISS = EVENT_NUMBERS[EventName.DISMISS]
STRENGTH = strengths_of(EventWeights())
"""By event number, where the merchant said nothing else."""
SEEN_IN_LIST, CHOSEN = EVENT_NUMBERS[EventName.VIEW_ITEM_LIST], EVENT_NUMBERS[EventName.SELECT_ITEM]
CARTED = frozenset({EVENT_NUMBERS[EventName.ADD_TO_CART], EVENT_NUMBERS[EventName.BEGIN_CHECKOUT]})
IS_ACT = {
    act: np.isin(np.arange(len(EventName)), kinds)
    for act, kinds in {
        "bought": (PURCHASE,),
        "viewed": (EVENT_NUMBERS[EventName.VIEW_ITEM], EVENT_NUMBERS[EventName.SELECT_ITEM]),
        "carted": tuple(CARTED),
        "dismissed": (DISMISS,),
    }.items()
}
"""What filters call the acts of a shopper: by event number, whether it is one."""
