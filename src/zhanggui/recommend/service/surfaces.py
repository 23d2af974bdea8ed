"""Where lists stand, and what holds on which of these places. Callers may name others; nothing special holds there."""

from __future__ import annotations

from functools import lru_cache

from zhanggui.kernel.privacy import Channel

HOME = "home"
PRODUCT = "product"
CART = "cart"
BASKET = "basket"
BUY_AGAIN = "buy_again"
POPULAR = "popular"
SIMILAR = "similar"
GOES_WITH = "goes_with"
BOUGHT_TOGETHER = "bought_together"
LOOK = "look"
RERANK = "rerank"
TRENDING = "trending"
NEW = "new"
LABEL = "label"
AUDIENCE = "audience"
EMAIL = "email"
SMS = "sms"
WECHAT = "wechat"
PUSH = "push"
POPUP = "popup"

GOODS_ONLY = frozenset({CART, BASKET, BUY_AGAIN})
"""Where one buys: nothing but products comes, whatever a rule says."""
REPEAT = GOODS_ONLY
"""Where what was bought lately need not rest."""
CHANNELS = {EMAIL: Channel.EMAIL, SMS: Channel.SMS, WECHAT: Channel.WECHAT, PUSH: Channel.APP, POPUP: Channel.WEB}
"""By which way the places of what comes to the shopper, rather than the shopper to it, reach them."""
UNASKED = frozenset(CHANNELS)
"""What comes to the shopper, rather than the shopper to it."""
EXPLORING = frozenset({HOME})
"""Where a newcomer may have the last place."""
SPARED = frozenset({SIMILAR, AUDIENCE, *GOODS_ONLY})
"""Where the slider moves nothing: lists that answer a question of their own. Recipes are spared wherever they stand."""
KNOWN = (
    UNASKED | EXPLORING | SPARED | {PRODUCT, POPULAR, GOES_WITH, BOUGHT_TOGETHER, LOOK, RERANK, TRENDING, NEW, LABEL}
)
"""All that the recommender itself names."""
OF_THEIR_OWN = UNASKED | EXPLORING | GOODS_ONLY | {PRODUCT}
"""Where a list of a shopper's own may be written for: of any other name nobody would know whose consent it takes."""
_BY_LETTERS = {name.replace("_", ""): name for name in KNOWN}


@lru_cache(maxsize=1_024)
def named(surface: str) -> str:
    """A known place however it is written (`E-mail`, `buy again`), so that its rules hold; others as they are."""
    return _BY_LETTERS.get("".join(filter(str.isalnum, surface)).casefold(), surface)
