"""The words that exports use for the columns of behaviour, in English and Chinese."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, Literal

Role = Literal["user", "item", "time", "value", "event", "basket", "session", "items", "prefix", "next"]
_WORDS: Final[Mapping[Role, str]] = {
    "user": (
        "user userid uid customer customerid visitor visitorid shopper person member memberid account buyer client "
        "reviewer reviewerid author player viewer listener reader household subscriber cust cookie fullvisitorid "
        "profilename reviewprofilename username nickname msno "
        "用户 用户id 用户编号 客户 客户id 会员 会员卡 买家 顾客 访客 买家会员名 买家昵称 用户名"
    ),
    "item": (
        "item itemid iid product productid stockcode sku skuid asin parentasin goods goodsid article articleid "
        "movie movieid video videoid book bookid song songid track trackid artist artistid recipe game business "
        "news isbn pid aid poi venue hotel app ad merchandise upc ean barcode material "
        "商品 商品id 商品编号 宝贝 货品 产品 货号 款号"
    ),
    "time": (
        "time timestamp ts datetime eventtime createdat at date invoicedate orderdate purchasedate ordertime "
        "createtime createdtime unixreviewtime reviewtime unixtime ratingtimestamp eventat orderedat purchasedat "
        "paidat occurredat tdat day position order "
        "时间 时间戳 下单时间 下单日期 订单创建时间 付款时间 订单付款时间 成交时间 购买时间 行为时间 发生时间 "
        "创建时间 日期"
    ),
    "event": (
        "event eventtype eventname action actiontype behavior behaviour behaviortype behaviourtype type feedback "
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
    *("bookrating", "weight", "playcount", "listens", "hours", "watchratio", "label"),
    *("评分", "星级", "评级", "数量", "件数", "购买数量"),
)
_SIMPLIFIED: Final = str.maketrans(
    "會員號編碼戶買賣單訂時間產貨顧訪評數動為類寶貝額購", "会员号编码户买卖单订时间产货顾访评数动为类宝贝额购"
)
_NUMBERED: Final[frozenset[Role]] = frozenset({"user", "item", "basket", "session"})
_PLACES: Final = ["ordernumber", "orderno", "ordernum", "visitnumber", "sequencenumber", "step", "seq", "place"]
"""Of a basket or session in what its person did, where another column says which basket it is."""
_TIMELY = re.compile(r"time|date|(?<=[a-z])dt$|日期|时间")
_OTHER_TIMES = re.compile(
    r"birth|regist|sign|join|expir|releas|publish|deliver|ship|updat|modif|between|since|spent|play|watch|dwell|"
    r"duration|zone|生日|注册|发货|到期|出生|上架|时长"
)
_OTHER_NUMBERS = re.compile(
    r"categ|cate|brand|seller|shop|store|channel|device|genre|city|region|country|area|zip|pin|phone|card|page|"
    r"campaign|coupon|payment|currency|row|index|rating|review|event|type|status|user|customer|transaction|order|"
    r"session|click|search|query|request|class|dept|aisle|department|类|品牌|店|地区|城市|订单|支付"
)
_UNIT = re.compile(r"(?:ms|millis|sec|secs|seconds|us|ns|unix|epoch|utc|毫秒|秒)$")
_NUMBER = re.compile(r"(?:ids?|number|num|no|code|key|hash|uuid|编号|编码|号码|代码|号)$")


def columns_of(role: Role, names: Sequence[str]) -> Iterator[str]:
    """The columns that are called like a role, by the words for it, the usual ones first.

    What has a number is found by whatever the number is called: `customer_no`, `买家编号`; a time by whatever it is
    counted in: `at_ms`, `event_time_utc`.
    """
    plain = {_plain(name): name for name in reversed(names)}
    yield from (plain[word] for word in ROLES[role] if word in plain)
    ending = _NUMBER if role in _NUMBERED else _UNIT if role == "time" else None
    if ending is not None:
        bare = {ending.sub("", word): name for word, name in reversed(plain.items())}
        yield from (bare[word] for word in ROLES[role] if word in bare)


def column_of(role: Role, names: Sequence[str]) -> str:
    """The first of `columns_of`; empty where there is none."""
    return next(columns_of(role, names), "")


def is_known(name: str) -> bool:
    """Whether a column of that name has a role."""
    return any(column_of(role, [name]) for role in ROLES)


def is_vague(name: str) -> bool:
    """Whether a column of events may be of anything else by its name."""
    return _plain(name) in {"type", "feedback"}


def timely(names: Sequence[str]) -> list[str]:
    """Columns whose name speaks of a time, and not of one of something else, such as a birthday."""
    return [name for name in names if _TIMELY.search(_plain(name)) and not _OTHER_TIMES.search(_plain(name))]


def places_among(names: Sequence[str]) -> list[str]:
    """Columns that number what a person did, in order."""
    return [name for name in names if _plain(name) in _PLACES]


def numbers_among(names: Sequence[str]) -> list[str]:
    """Columns that are called like the number of something that no word is known for: `anime_id`."""
    plain = [(name, _plain(name)) for name in names]
    return [name for name, word in plain if _NUMBER.search(word) and not _OTHER_NUMBERS.search(word)]


def values_among(names: Sequence[str]) -> str:
    """The first column that is called like ratings or quantities; empty where there is none."""
    return next((name for name in names if _plain(name) in _VALUES), "")


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.lower()).translate(_SIMPLIFIED)
