"""Whether a column's name says what a field is: by one of the field's names, or by one with words beside it.

`buyer-phone-number` is a phone, `Quantity (- Refund)` a quantity and `客户手机号码` a phone too. Which words may stand
beside a name without changing what it means is said field by field: `item-tax` is no price of an item.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

_WORD = re.compile(r"[A-Z]{2,}s\b|[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\da-zA-Z_]+")
_REMEMBERED = 4_096
"""Names: each is compared with many, and a file brings its own."""
_BESIDE_FROM = 100
"""Names with words beside them come after all that say the field outright."""

_PEOPLE = (
    "buyer customer client user recipient receiver consignee contact ship shipping billing bill delivery to full "
    "买家 客户 顾客 用户 会员 收货人 收货 收件人 收件 联系人 联系 下单人"
)
_GOODS = "lineitem line item product goods listing 商品 宝贝 产品 货品"
_ORDER = "order purchase purchased sale transaction checkout 订单 交易"
_MOMENT = f"{_ORDER} event review created creation placed on at utc local 评价 评论"

BESIDE: Final[Mapping[str, frozenset[str]]] = {
    field: frozenset(words.split())
    for field, words in {
        "order_id": "purchase sale customer platform external 平台 原始",
        "product_id": "lineitem order external platform 平台",
        "variant_id": f"{_GOODS} seller merchant custom label number code",
        "customer_id": "unique external",
        "title": f"{_GOODS} order",
        "quantity": f"{_GOODS} order ordered purchased sold refund",
        "unit_price": f"{_GOODS} sold selling",
        "price": f"{_GOODS} regular current selling our",
        "at": _MOMENT,
        "state": "order 订单 交易",
        "currency": "order item price",
        "name": _PEOPLE,
        "first_name": _PEOPLE,
        "last_name": _PEOPLE,
        "phone": f"{_PEOPLE} number",
        "email": f"{_PEOPLE} address",
        "address": f"{_PEOPLE} 1",
        "province": _PEOPLE,
        "tracking_id": "shipping shipment parcel order",
        "category": f"{_GOODS} main primary name",
        "brand": f"{_GOODS} name",
        "description": f"{_GOODS} full long",
        "keywords": _GOODS,
        "images": f"{_GOODS} main link src",
        "on_hand": f"{_GOODS} quantity qty available current in level",
        "stars": "review product overall star",
        "text": "review customer product",
    }.items()
}
"""By field, the words that change nothing of its meaning."""


def likeness(column: str, field: str, names: Sequence[str]) -> int | None:
    """How near a column's name is to a field.

    Args:
        column: the column's name.
        field: the field's own name, which is the nearest of all.
        names: the field's other names, the usual ones first.

    Returns:
        A rank, smaller is nearer; None where the name says something else.
    """
    all_names = (field, *names)
    key = column_key(column)
    exact = next((rank for rank, name in enumerate(all_names) if column_key(name) == key), None)
    if exact is not None:
        return exact
    left = _without(words_of(column), BESIDE.get(field, frozenset()))
    found = (rank for rank, name in enumerate(all_names) if left and words_of(name) == left)
    return next((_BESIDE_FROM + rank for rank in found), None)


@lru_cache(_REMEMBERED)
def column_key(name: str) -> str:
    """A column's name as synonyms are compared: lower case, words parted by one blank, no unit in brackets."""
    name = re.sub(r"[\s_\-./]+", " ", name.strip().lower())
    return re.sub(r"\s*[((](元|¥|cny|rmb|件|个|必填|选填)[))]\s*$", "", name).strip()


@lru_cache(_REMEMBERED)
def words_of(name: str) -> frozenset[str]:
    """The words of a name, in lower case, singular, whatever parts them: a blank, a sign or a capital letter."""
    return frozenset(_singular(word.lower()) for word in _WORD.findall(name))


def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return f"{word[:-3]}y"
    is_plural = len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us"))
    return word[:-1] if is_plural else word


def _without(words: frozenset[str], beside: frozenset[str]) -> frozenset[str]:
    """Chinese runs words together, so there what stands beside is what a word begins with."""
    return frozenset(filter(None, (_cut(word, beside) for word in words - beside)))


def _cut(word: str, beside: frozenset[str]) -> str:
    if word.isascii():
        return word
    before = max((each for each in beside if not each.isascii() and word.startswith(each)), key=len, default="")
    return word.removeprefix(before)
