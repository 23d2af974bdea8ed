"""The words that exports use for the columns of behaviour, in English and Chinese."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final, Literal

Role = Literal["user", "item", "time", "value", "event", "basket", "session", "items", "prefix", "next"]
_WORDS: Final[Mapping[Role, str]] = {
    "user": (
        "user userid uid customer customerid visitor visitorid shopper person member memberid account buyer client "
        "reviewer reviewerid author player viewer "
        "用户 用户id 用户编号 客户 客户id 会员 买家 顾客 访客 买家会员名 买家昵称"
    ),
    "item": (
        "item itemid iid product productid stockcode sku skuid asin parentasin goods goodsid article articleid "
        "movie movieid video videoid book bookid song songid track trackid artist artistid recipe game business "
        "news isbn "
        "商品 商品id 商品编号 宝贝 货品 产品 货号 款号"
    ),
    "time": (
        "time timestamp ts datetime eventtime createdat at date invoicedate orderdate purchasedate ordertime "
        "createtime createdtime reviewtime unixreviewtime unixtime ratingtimestamp eventat orderedat purchasedat "
        "paidat occurredat position order "
        "时间 时间戳 下单时间 下单日期 订单创建时间 付款时间 订单付款时间 成交时间 购买时间 行为时间 发生时间 "
        "创建时间 日期"
    ),
    "event": (
        "event eventtype eventname action actiontype behavior behaviour behaviortype behaviourtype "
        "行为 行为类型 事件 事件类型"
    ),
    "basket": (
        "basket basketid orderid orderno ordernumber invoice invoiceno invoiceid transactionid receipt "
        "订单 订单号 订单编号 主订单编号 单号"
    ),
    "session": "session sessionid visit visitid usersession 会话 会话id",
    "items": "items itemids products productids sequence itemlist itemidlist",
    "prefix": "prefix history inputs",
    "next": "next nextitem nextproduct target label",
}
ROLES: Final[Mapping[Role, tuple[str, ...]]] = {role: tuple(words.split()) for role, words in _WORDS.items()}
"""Compared in small letters and without signs; `value` is never guessed, since it changes what is wanted."""
_VALUES: Final = (
    *("rating", "ratings", "overall", "stars", "score", "value", "quantity", "qty", "count", "amount", "plays"),
    *("评分", "星级", "评级", "数量", "件数", "购买数量"),
)
_NUMBERED: Final[frozenset[Role]] = frozenset({"user", "item", "basket", "session"})
_UNIT = re.compile(r"(?:ms|millis|sec|secs|seconds|us|ns|unix|epoch|utc|毫秒|秒)$")
_NUMBER = re.compile(r"(?:ids?|number|num|no|code|key|hash|uuid|编号|编码|号码|代码|号)$")


def column_of(role: Role, names: Sequence[str]) -> str:
    """The column of a role among `names`, by the words for it, the usual ones first; empty where there is none.

    What has a number is found by whatever the number is called: `customer_no`, `买家编号`; a time by whatever it is
    counted in: `at_ms`, `event_time_utc`.
    """
    plain = {_plain(name): name for name in reversed(names)}
    exact = next((plain[word] for word in ROLES[role] if word in plain), "")
    ending = _NUMBER if role in _NUMBERED else _UNIT if role == "time" else None
    if exact or ending is None:
        return exact
    bare = {ending.sub("", word): name for word, name in reversed(plain.items())}
    return next((bare[word] for word in ROLES[role] if word in bare), "")


def is_known(name: str) -> bool:
    """Whether a column of that name has a role."""
    return any(column_of(role, [name]) for role in ROLES)


def values_among(names: Sequence[str]) -> str:
    """The first column that is called like ratings or quantities; empty where there is none."""
    return next((name for name in names if _plain(name) in _VALUES), "")


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.lower())
