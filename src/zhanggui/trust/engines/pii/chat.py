"""Ids of the chat app WeChat, after one of the many ways to write its name.

An id has 6 to 20 characters and begins with a letter. A telephone number in its place is a telephone number.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from .spans import WECHAT, Span

_SOME = re.compile("[a-z0-9](?:[a-z0-9_-]{5}|[a-z0-9 ]{0,9}[下横减杠])")
_SIGN = re.compile(
    r"[(微威薇围唯徽维vw绿加伽嘉➕+卫](?:(?<=[微威薇围唯徽维v])[\s.·*/_]?[信芯心新星辛❤x]|(?<=[v薇威])\s?[:;号]|(?<=[薇微威])我"
    r"|(?<=[我企]微)|(?<=我v)|(?<=[v薇])[是我]|(?<=薇)\s|(?<=[v微])xin|(?<=绿)号|(?<=小绿)"
    r"|(?<=[vw])(?:[.❤_/-]|\s?\.?)x|(?<=w)信"
    r"|(?<=w)(?:ei信|e\s?chat|ei\s?xin)|(?<=绿)[泡色标]|(?<=卫)(?:星|\s?号)|(?<=[加伽嘉➕+])"
    r"|(?<=[微薇➕])[ :号a-z☎📱👉→>]"
    r"|(?<=\()[微薇]\)|(?<=w)ei\s?[:号]"
    r"|(?<=v)(?<![a-z0-9.]v)(?![a-z0-9.领]))|聊天软件|好友"
)
_ID = (
    r"([a-z][a-z0-9_-]{5,19}|[a-z][a-z0-9]+(?:\s?(?:下划线|下横线|横杠|减号|杠)\s?[a-z0-9]+){1,3})"
    r"(?![a-z0-9_@-]|\.[a-z0-9])"
)
_SAID = (
    r"(?:\s?(?:号码|号|账号|帐号|id|名|同名|同号|搜索|搜一下|搜|加我|加|联系|找我|找|是|为|叫|就是"
    r"|is|改成|换成|改为|换为|发我|私我|私聊|私信|名片|我的?名字|的?拼音|全拼|小写|->|,"
    r"|\bas\b|\bat\b|\bme\b|吧|吗|呢|(?<=[信x])-|[:;=>/|?→👉~\"'(\[【「“”<])){0,5}\s{0,2}"
)
_NAMED = re.compile(
    r"[微威薇围唯徽维vw绿](?:(?<=[微威薇围唯徽维])[\s.·*/_]?(?:信(?!诺)|[芯心辛x❤]|[新星](?=[\s号:是]))"
    r"|(?<=v)(?:\s?❤|[信心芯])|(?<=[v微])xin|(?<=w)(?:信|ei信"
    r"|ei\s?xin|e\s?chat)"
    r"|(?<=绿)(?:泡泡?|色(?:聊天)?(?:软件|app|图标|那个)|标)|(?<=[wv])(?:x(?!id_)|[ .❤_/-]x(?![a-z])))"
    r"(?:[_ -]?(?:id|no|number|account|handle|user(?:name)?))?[\"']?"
    rf"{_SAID}{_ID}"
)
_ADDED = re.compile(
    r"[加伽嘉➕+v薇微威卫绿](?:(?<=[加伽嘉➕+])\s?(?:我|个|一下|下)?\s?(?:wei(?![a-z])|[vw]x|[vw] x(?![a-z])|[vw薇微威]"
    r"|卫星|围脖)"
    rf"|(?<=[薇微威])我|(?<=[我企]微)(?=\s?[:a-z])|(?<=[v薇威])(?=\s?[:;号])|(?<=卫)(?:星(?=\s?[:号]|\s)|\s?(?=号))"
    rf"|(?<=我v)(?!ivo)|(?<=v)(?=是)|(?<=v)我|(?<=薇)(?=\s)|(?<=绿)号|(?<=小绿)(?=[\s:])){_SAID}{_ID}"
)
_DIGITS = re.compile(
    r"[微薇威vw](?:(?<=[微薇威])\s?信|(?<=[vw])x|(?<=w)echat)\s?(?:号码?|id)?\s?[:是]\s?([1-9]\d{5,9})(?![\d.]|元)"
)
_LIKELY = re.compile(
    r"[a-z](?<![a-z0-9_@.-][a-z])(?=[a-z0-9]*(?:[_-]|\d{3})|[a-z]+\d{2,})[a-z0-9_-]{5,19}(?![a-z0-9_@-]"
    r"|\.[a-z0-9]|[\"']?\s?=)"
)
_APP = re.compile(
    r"[微威薇围唯徽维][\s.·*/_]?(?:信(?!诺)|[芯心辛x❤])|wei信|v信|(?<![a-z])(?:[wv][ .❤]?x|we\s?chat"
    r"|wei\s?xin)(?![a-z-])|[加➕+]\s?[v薇]"
)
_APP_AFTER = re.compile(
    r"[^\n。！？!?;]{0,6}(?:[微薇]信|we\s?chat|(?<![a-z])[vw]x(?![a-z])"
    r"|(?:我的?|[加+➕(])\s?(?:v(?![a-z0-9领])|[微薇]\)))|\s{1,2}v(?=[\s,。!)号]|\Z)"
)
_V = re.compile(r"v(?<![a-z0-9.]v)(?![a-z0-9.领])|\([微薇]\)")
_BARE = re.compile(
    r"(?:v(?<![a-z0-9.]v)(?<![a-z0-9] v)(?<![本号款压型]v)(?<![本号款压型] v)"
    r"(?:\s?[ :=]|-(?!neck|belt|cut|line|shape|type))"
    r"|微(?<![细稍轻略些卑甚式低入显]微)号?|wei(?<![a-z]wei)\s?[:号]|好友|聊天软件|薇|➕)[\s:号加是,☎📱👉→>]{0,3}"
)
"""One letter or word for the app, after which only what is hardly anything but an id will do."""
_PUBLIC = re.compile("公众号|小程序|视频号|服务号|朋友圈|订阅号")
_WALL = re.compile(r"[。！？!?;\n]")
_NO_STARTS = (
    "http",
    "www",
    "iphone",
    "ipad",
    "macbook",
    "airpods",
    "huawei",
    "xiaomi",
    "redmi",
    "mate",
    "watch",
    "pay",
    "error",
    "version",
    "status",
)
_NO_STARTS_ALONE = ("http", "www", "iphone", "ipad", "macbook", "airpods", "error", "version", "status")
_ENGLISH = re.compile(r"we\s?chat")
_TIE = re.compile(r"[:=(\"']|\bmy\b.*\bis\b|\bid\b\s|our\b.*\bis\b")
_NO_IDS_TEXT = """
account already android appid because before blocked broken browser cannot channel channels client desktop
either failed failure function harmony harmonyos invalid iphone login-error message messages mini-app
mini-program miniprogram missing mobile number official openid payment please plugin program request required
server service support timeout unavailable unionid update version wechat weixin windows
"""
_NO_IDS = frozenset(_NO_IDS_TEXT.split())


def chat_ids(text: str, low: str) -> Iterable[Span]:
    """All WeChat ids in a folded text; `low` is the text in small letters."""
    return _ids(text, low) if _SIGN.search(low) and _SOME.search(low) else ()


def _ids(text: str, low: str) -> Iterator[Span]:
    for pattern in (_NAMED, _ADDED):
        for match in pattern.finditer(low):
            if not _is_inside(low, match.start()) and _is_id(low, match, text[match.start(1) : match.end(1)]):
                yield Span(match.start(1), match.end(1), WECHAT)
    if "wxid_" in low or _APP.search(low) or _V.search(low):
        yield from _near_word(low, text)
    yield from _after_bare(low, text)
    for match in _DIGITS.finditer(low):
        if not _is_inside(low, match.start()):
            yield Span(match.start(1), match.end(1), WECHAT)


def _after_bare(low: str, text: str) -> Iterator[Span]:
    for match in _BARE.finditer(low):
        found = _LIKELY.match(low, match.end())
        if found and _is_in_small(found.group(), text[slice(*found.span())]) and _is_id_alone(found.group()):
            yield Span(found.start(), found.end(), WECHAT)


def _is_id_alone(seen: str) -> bool:
    return seen not in _NO_IDS and not seen.startswith(_NO_STARTS)


def _near_word(low: str, text: str) -> Iterator[Span]:
    """What can hardly be anything but an id (small letters with digits or a line), a few words from the app's name."""
    for match in _LIKELY.finditer(low):
        seen = match.group()
        if not (
            _is_in_small(seen, text[match.start() : match.end()])
            and seen not in _NO_IDS
            and not seen.startswith(_NO_STARTS_ALONE)
            and not _PUBLIC.search(low, max(0, match.start() - 14), match.start())
            and (seen.startswith("wxid_") or not seen.startswith(("vx", "wx")))
        ):
            continue
        if (
            seen.startswith("wxid_")
            or _APP.search(_WALL.split(low[max(0, match.start() - 14) : match.start()])[-1])
            or _APP_AFTER.match(low, match.end())
        ):
            yield Span(match.start(), match.end(), WECHAT)


def _is_in_small(low: str, seen: str) -> bool:
    """Whether an id is in small letters; capitals only in one of several parts (`Lily-Chen88`)."""
    return low == seen or (not seen.isupper() and ("_" in seen or "-" in seen))


def _is_inside(low: str, start: int) -> bool:
    """Whether the word begins in the middle of a longer one: the `+` of `a+v`, the `vx` of `abcvx`."""
    here, before = low[start], low[start - 1 : start]
    return here.isascii() and before.isascii() and before.isalnum()


def _is_id(low: str, match: re.Match[str], seen: str) -> bool:
    word = match.group(1)
    if word in _NO_IDS or word.startswith(_NO_STARTS) or _PUBLIC.search(low, match.start(), match.start(1)):
        return False
    if not (seen.replace("-", "").isalpha() and (seen.islower() or seen.istitle())):
        return True
    between = low[match.start() : match.start(1)]
    if _ENGLISH.match(between) or between.isascii():
        return bool(_TIE.search(low, max(0, match.start() - 16), match.start(1)))
    return True
