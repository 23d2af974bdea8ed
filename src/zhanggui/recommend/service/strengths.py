"""How much an event says in favour of its product."""

from __future__ import annotations

import numpy as np

from zhanggui.recommend.engines.interactions import Floats
from zhanggui.recommend.types.aims import EventWeights, Objectives
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
DISMISS, UNDISMISS = EVENT_NUMBERS[EventName.DISMISS], EVENT_NUMBERS[EventName.UNDISMISS]
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


def worths_of(aims: Objectives) -> Floats | None:
    """(events,) what a taking by each event counts for, by event number; None where all count alike."""
    if aims.click == aims.cart == aims.purchase:
        return None
    held = np.full(len(EventName), aims.click, dtype=np.float32)
    held[[*CARTED, EVENT_NUMBERS[EventName.ADD_TO_WISHLIST]]] = aims.cart
    held[PURCHASE] = aims.purchase
    return held


def taught_by(aims: Objectives) -> str:
    """What a card says of the aims that taught a model; empty for the defaults."""
    usual = Objectives()
    parts = [(name, getattr(aims, name), getattr(usual, name)) for name in ("click", "cart", "purchase")]
    parts += [(f"event {name}", getattr(aims.events, name), getattr(usual.events, name)) for name in FIELDS.values()]
    return ", ".join(f"{name} {value:g}" for name, value, default in parts if value != default)
