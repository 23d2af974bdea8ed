"""Words that would give somebody a price of their own.

Law: PIPL art. 24 (no unreasonable differential treatment in price), 电子商务法 art. 18; cited by number, not read here.
A discount is an offer with public conditions; a plan only says that something is there.
"""

from __future__ import annotations

import re
import unicodedata

_OWN_PRICE = re.compile(
    r"专享价|专属价|会员价|老客价|新客价|内部价|为你降|为您降|专属优惠|专享优惠|优惠券|代金券|红包|返现|满减|立减|直降"
    r"|[一二三四五六七八九0-9]\s*折|\d+\s*%\s*off|coupon|voucher|discount|cash\s*back|promo\s*code"
    r"|(?:your|special|exclusive|personal)\s+price|(?:just|only)\s+for\s+you"
)


def own_prices(words: str) -> list[str]:
    """The parts of a text that promise a price, a coupon or a reduction; empty where there are none."""
    return [found.group() for found in _OWN_PRICE.finditer(unicodedata.normalize("NFKC", words).casefold())]
