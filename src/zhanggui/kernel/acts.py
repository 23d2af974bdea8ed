"""What shoppers do: the names of events, their numbers in the store, and what exports of other systems call them.

The one place of these words: rooms and engines, importers and evaluations read them here. How much an act says in
favour of a product is for whoever asks, by these names (`recommend/types/aims.py`, `audience/engines/profile/`).
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import Final


class EventName(enum.StrEnum):
    """What a shopper did. The order here is the number in the store: append only."""

    VIEW_ITEM = "view_item"
    VIEW_ITEM_LIST = "view_item_list"
    SELECT_ITEM = "select_item"
    SEARCH = "search"
    ADD_TO_CART = "add_to_cart"
    REMOVE_FROM_CART = "remove_from_cart"
    ADD_TO_WISHLIST = "add_to_wishlist"
    BEGIN_CHECKOUT = "begin_checkout"
    PURCHASE = "purchase"
    REFUND = "refund"
    DISMISS = "dismiss"
    MESSAGE_SENT = "message_sent"
    MESSAGE_OPENED = "message_opened"
    RATE = "rate"
    SHARE = "share"
    FOLLOW = "follow"
    IDENTIFY = "identify"
    INVITE = "invite"
    UNDISMISS = "undismiss"


EVENT_NUMBERS: Final[dict[EventName, int]] = {name: number for number, name in enumerate(EventName)}
_ELSEWHERE: Final[Mapping[EventName, str]] = {
    EventName.VIEW_ITEM: "view pv read watch play 浏览",
    EventName.VIEW_ITEM_LIST: "impression exposure 曝光",
    EventName.SELECT_ITEM: "select click 点击",
    EventName.SEARCH: "view_search_results 搜索",
    EventName.ADD_TO_CART: "cart addtocart add_cart add 加购 加入购物车",
    EventName.REMOVE_FROM_CART: "removefromcart remove 移出购物车",
    EventName.ADD_TO_WISHLIST: "fav favorite favourite wishlist like collect 收藏",
    EventName.BEGIN_CHECKOUT: "checkout 结算",
    EventName.PURCHASE: "buy order transaction sale paid pay 购买 下单 付款 支付",
    EventName.REFUND: "return returned 退货 退款",
    EventName.DISMISS: "dislike hide skip 不喜欢",
    EventName.SHARE: "分享",
    EventName.FOLLOW: "关注",
    EventName.INVITE: "邀请",
}
EVENT_OF_WORD: Final[Mapping[str, EventName]] = {name.value: name for name in EventName} | {
    word: name for name, words in _ELSEWHERE.items() for word in words.split()
}
"""What an export calls an event, in small letters → the event."""
