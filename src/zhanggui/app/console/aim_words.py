"""What the aims of the lists and the acts of shoppers are called: on the page of variety and where one is refused."""

from __future__ import annotations

from collections.abc import Mapping

from zhanggui.kernel.words import N_

SLIDER = N_("The slider")
AIMS: Mapping[str, tuple[str, str]] = {
    "margin": (N_("Margin"), N_("0 to 1: how much what a product earns counts beside what shoppers want")),
    "long_term": (N_("Buyers who come back"), N_("0 to 1: how much it counts that a product's buyers buy again here")),
    "click": (N_("A look taken next"), N_("what it counts for when a training learns what shoppers want")),
    "cart": (N_("A product put in the cart next"), N_("the same")),
    "purchase": (N_("A product bought next"), N_("the same")),
}
EVENTS: Mapping[str, str] = {
    "view": N_("Looking at a product"),
    "select": N_("Clicking it in a list"),
    "search": N_("Searching"),
    "cart": N_("Putting it in the cart"),
    "wishlist": N_("Wishing for it"),
    "checkout": N_("Beginning to pay"),
    "purchase": N_("Buying it"),
    "share": N_("Sharing it"),
    "follow": N_("Following"),
    "dismiss": N_("Dismissing it, against it"),
}
