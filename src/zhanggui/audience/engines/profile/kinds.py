"""The kinds of events by their number in the store; engines import no room, so a test holds this list to the shop's."""

from __future__ import annotations

NAMES = (
    "view_item", "view_item_list", "select_item", "search", "add_to_cart", "remove_from_cart", "add_to_wishlist",
    "begin_checkout", "purchase", "refund", "dismiss", "message_sent", "message_opened", "rate", "share", "follow",
    "identify", "invite",
)  # fmt: skip
KINDS = {name: number for number, name in enumerate(NAMES)}
