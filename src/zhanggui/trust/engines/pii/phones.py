"""Personal telephone numbers: mainland mobiles, and numbers of Hong Kong, Macau, Taiwan, the UK, the US and others.

A mainland mobile is 11 digits that begin with 13 to 19. Counts, durations and codes may look the same, so a bare one
does not count after a word such as `elapsed_ns` or 条码, nor before a unit. Business lines (400, 800) are nobody's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .folding import MARKS, OPAQUE
from .spans import ADDRESS, MOBILE, NAME, Span

_S = r"(?: ?[-.·_~。/,、*@\n)] ?| {1,2}|\.\.|--)?"
_MAINLAND = re.compile(
    rf"[1(+08](?:(?<=1)|(?:(?<=[(])\+?86\)|(?<=[+08])(?:(?<=8)6|0?86)){_S}\(?1){_S}[3-9](?:{_S}\d){{9}}(?!\d)"
)
_LISTING = re.compile("[/,、*@\n)]")
_AS_LISTED = frozenset(((3, 4, 4), (3, 8), (7, 4), (4, 4, 3)))
"""Groups that a slash or a comma may part; numbers in a list look like other groups."""
_GROUPED = frozenset(
    {
        (11,),
        (3, 4, 4),
        (3, 8),
        (7, 4),
        (4, 4, 3),
        (4, 3, 4),
        (3, 3, 5),
        (5, 6),
        (3, 4, 2, 2),
        (3, 5, 3),
        (3, 2, 2, 2, 2),
        (1,) * 11,
    }
)
_ABROAD = re.compile(
    r"[(+0](?:(?<=\()\+|(?<=\+)|(?<=0)0)\(?(?:852\)?[ -]?[2-9]\d{3}[ -]?\d{4}|853\)?[ -]?6\d{3}[ -]?\d{4}"
    r"|886\)?[ -]?(?:\(0\)|0)?9\d{2}[ -]?\d{3}[ -]?\d{3}"
    r"|44\)?[ -]?(?:\(0\) ?)?(?:7\d{3}[ -]?\d{3}[ -]?\d{3}|[12]\d{1,3}[ -]?\d{3,4}[ -]?\d{3,4})"
    r"|1\)?[ .-]?\(?(?!8(?:00|88|77|66|55|44|33))[2-9]\d{2}\)?[ .-]?[2-9]\d{2}[ .-]?\d{4}"
    r"|65\)?[ -]?[689]\d{3}[ -]?\d{4}|60\)?[ -]?1\d[ -]?\d{3,4}[ -]?\d{4}|61\)?[ -]?(?:\(0\)|0)?4\d{2}[ -]?\d{3}["
    r" -]?\d{3}"
    r"|81\)?[ -]?[789]0[ -]?\d{4}[ -]?\d{4}|82\)?[ -]?10[ -]?\d{4}[ -]?\d{4}|(?:33|49|39|34|7)\)?(?:["
    r" -]?\d{2,4}){3,5})(?!\d)"
)
_PLUS = re.compile(r"\+(?!86|1[ -]?8|1\d)[1-9]\d{0,2}[ -]?\(?\d{1,4}\)?(?:[ .-]?\d{2,5}){1,4}(?!\d)")
"""A number of any country, after its code; with 9 to 15 digits (ITU-T E.164)."""
_FEWEST, _MOST = 9, 15
_CODE_ONLY = re.compile(r"[(8](?:(?<=8)|8)(?:52|53|86)\)?[ -]{0,2}[4-9]\d{2,3}[ -]?\d{3,4}(?:[ -]?\d{3})?(?!\d)")
_US = re.compile(r"[(2-9](?:(?<=\()[2-9]\d\d\) ?|(?<!\()\d\d[ .-])[2-9]\d\d[ .-]\d{4}(?![\d-]|\.\d)")
_LOCAL = re.compile(r"0(?:7[1-9]\d{2}|9\d{2}(?=[ -]?\d{3}[ -]?\d{3}(?!\d)))[ -]?\d{3}[ -]?\d{3}(?![\d-]|\.\d)")
_WITH_WORD = re.compile(
    r"(?:香港|手机|手提|电话|来电|致电|联系方式|号码|hk|whats ?app|mobile|cell|phone|call|text|tel|ring|ph(?=[:. ])"
    r"|reach me|my number)"
    rf"[^\d\n{OPAQUE}]{{0,14}}?"
    r"(?<![a-z\d.#-])((?:[4-9]\d{3}[ -]?\d{4}|[2-9]\d{9}|0[1-9]\d{1,4}[ -]\d{3,4}["
    r" -]?\d{3,4}))"
    r"(?![\d-]|\.\d)"
)
_LANDLINE = re.compile(
    r"[(0](?<![0-9].)(?:(?<=0)|0)(?:10|2\d|[3-9]\d{2})(?:\)[ -]?|[ -]?)[2-8](?:\d{3}[ -]?\d{4}|\d{2}[ -]?\d{4}"
    r"|\d{6})(?![\d-]|\.\d)"
)
_OWN = re.compile(
    "座机|家里|宅电|住宅|固话|固定电话|家庭电话|联系电话|联系方式|收件|收货|联系人|我的?(?:电话|号)|父母|爸|妈|老人"
    "|办公室|单位|電話|电话|打|致电|回电|tel|phone|home|landline|call|ring|fax"
)
_SHOPS = re.compile(
    "客服|热线|官方|官网|总机|门店|店铺|专柜|旗舰|公司|售后|服务|咨询|投诉|前台|酒店|营业|银行|商家|厂家|品牌"
    "|商场|餐厅|医院"
    "|你们|咱们店|贵司|hotline|support|service|store|shop|office|front desk|reception|转\\d?是"
)
_PERSONAL = MARKS[ADDRESS] + MARKS[NAME]
_BESIDE = re.compile(rf"[{_PERSONAL}][\s,，、:;/|]{{1,3}}([4-9]\d{{3}}[ -]?\d{{4}})(?![\d-]|\.\d)")
_TOLL_FREE = frozenset({"800", "888", "877", "866", "855", "844", "833", "400", "900"})
_LETTERS_BEFORE = re.compile(r"(?:tel|telephone|phone|mobile|mob|cell|call|to|no|ph|sms|t|m|wx|vx|v|\\[nt])\Z")
_NO_PHONE_BEFORE = re.compile(
    r"(?:_(?:ns|us|ms|id|count)|elapsed|duration|latency|bytes?|size|offset|count|total|rows?|seq|pid|timestamp"
    r"|ts(?<=\bts)|lot|sku|spu"
    r"|barcode|ean|upc|isbn|imei|model|hash|amount|price|cost|weight|stock|nonce|seed|build|serial|sn(?<=\bsn)"
    r"|s/n|part"
    r"|item|batch|version"
    r"|条码|条形码|货号|批号|编码|型号|序列号|时间戳|库存|物料号?|款号|色号|商品编号|产品编号|机身号|商品id|产品id"
    r"|订单号|订单编号|单号|运单号|流水号|order(?: (?:no\.?|number|id))?|tracking(?: (?:no\.?|number))?|¥|\$|￥|€|£)"
    r"(?:码|号)?[\"']?\s{0,2}[:=#是为]?\s{0,2}[\"'¥$#]?\Z"
)
_UNIT_AFTER = re.compile(
    r"\s?(?:元|块|件|个(?![号人])|套|瓶|克|斤|米|吨|次|步|毫秒|微秒|纳秒|秒|字节|%"
    r"|(?:[mnu]s|[kKmMgG][bB]|bytes?|rows?|pcs|units?|rmb|RMB|cny|CNY|usd|USD)\b)"
)
_PHONE_WORD = re.compile(r"call|phone|cell|text|tel|mobile|reach|number|sms|电话|手机")
_NEARBY = 24
_SHORTLY = 10


def phones(text: str, low: str) -> Iterator[Span]:
    """All personal telephone numbers in a folded text; `low` is the text in small letters."""
    yield from _mainland(text, low)
    if _LANDLINE.search(text):
        yield from _landlines(text, low)
    if "+" in text or "00" in text:
        yield from _abroad(text)
        yield from _of_any_country(text)
    if "85" in text or "886" in text:
        yield from _unglued(text, low, _CODE_ONLY)
    if "07" in text or "09" in text:
        yield from _unglued(text, low, _LOCAL)
    if _US.search(text):
        yield from _american(text, low)
    for match in _BESIDE.finditer(text):
        yield Span(*match.span(1), MOBILE)
    if _WITH_WORD.search(low):
        yield from _after_word(low)


def _after_word(low: str) -> Iterator[Span]:
    """Numbers that are telephone numbers by the word before them alone."""
    for match in _WITH_WORD.finditer(low):
        start, end = match.span(1)
        is_business = low[start : start + 3] in _TOLL_FREE or (low[start] == "0" and _is_of_a_shop(low, start, end))
        if not is_business and not _UNIT_AFTER.match(low, end):
            yield Span(start, end, MOBILE)


def _landlines(text: str, low: str) -> Iterator[Span]:
    """Lines of homes: with an area code, near a word for a telephone, and no word for a shop's own near it."""
    for match in _LANDLINE.finditer(text):
        start, end = match.span()
        is_own = _OWN.search(low, max(0, start - _NEARBY), start) or _OWN.search(low, end, end + _SHORTLY)
        is_line = not _is_glued(text, start) and _is_plain(low, start, end)
        if is_own and is_line and not _is_of_a_shop(low, start, end):
            yield _span(text, start, end)


def _is_of_a_shop(low: str, start: int, end: int) -> bool:
    return bool(_SHOPS.search(low, max(0, start - _SHORTLY), end + _SHORTLY))


def _abroad(text: str) -> Iterator[Span]:
    for match in _ABROAD.finditer(text):
        if match.group().startswith(("+", "(")) or not _is_glued(text, match.start()):
            yield _span(text, match.start(), match.end())


def _of_any_country(text: str) -> Iterator[Span]:
    for match in _PLUS.finditer(text):
        is_long = _FEWEST <= sum(map(str.isdigit, match.group())) <= _MOST
        if is_long and not _is_glued(text, match.start()):
            yield Span(match.start(), match.end(), MOBILE)


def _american(text: str, low: str) -> Iterator[Span]:
    for match in _US.finditer(text):
        if _is_american(low, match):
            yield _span(text, _with_one(text, match.start()), match.end())


def _unglued(text: str, low: str, pattern: re.Pattern[str]) -> Iterator[Span]:
    for match in pattern.finditer(text):
        if not _is_glued(text, match.start()) and _is_plain(low, match.start(), match.end()):
            yield _span(text, match.start(), match.end())


def _mainland(text: str, low: str) -> Iterator[Span]:
    last = -2
    place = 0
    while match := _MAINLAND.search(text, place):
        start, end = match.span()
        if (
            _is_free(text, low, start, end, last)
            and _is_plain(low, start, end)
            and _is_grouped(match.group(), low, start)
        ):
            yield _span(text, start, end)
            place = last = end
        else:
            place = start + 1


def _is_free(text: str, low: str, start: int, end: int, last: int) -> bool:
    """Whether no longer number or word goes on at either side."""
    before = text[start - 1 : start]
    if before.isdigit() or before == "_" or (_is_letter(before) and not _LETTERS_BEFORE.search(low, 0, start)):
        return False
    if before and before in ".,-:" and last != start - 1 and start > 1 and text[start - 2].isdigit():
        return False
    after, later = text[end : end + 1], text[end + 1 : end + 2]
    if _is_letter(after) or after == "_":
        return low[end : end + 2] in {"wx", "vx", "v "}
    return not (after and after in ".-:" and later.isdigit() and not _MAINLAND.match(text, end + 1))


def _is_letter(character: str) -> bool:
    return character.isascii() and character.isalpha()


def _is_glued(text: str, start: int) -> bool:
    """Whether a number begins in the middle of a longer number, code or word."""
    before = text[start - 1 : start]
    return before.isascii() and (before.isalnum() or before in set("._+#-"))


def _is_plain(low: str, start: int, end: int) -> bool:
    """Whether neither the words before nor the unit after say that it is something else."""
    return not _NO_PHONE_BEFORE.search(low, max(0, start - _NEARBY), start) and not _UNIT_AFTER.match(low, end)


def _is_grouped(number: str, low: str, start: int) -> bool:
    """Whether the digits stand together, or as one writes telephone numbers; any way after the word for one."""
    if number[0] != "1" or len(number) == 11:
        return True
    sizes = tuple(len(group) for group in re.split(r"[^\d]+", number))
    if _LISTING.search(number):
        return sizes in _AS_LISTED
    return sizes in _GROUPED or (sizes[:2] != (1, 3) and bool(_PHONE_WORD.search(low, max(0, start - _NEARBY), start)))


def _is_american(low: str, match: re.Match[str]) -> bool:
    number = match.group()
    if number.lstrip("(")[:3] in _TOLL_FREE or not _is_plain(low, match.start(), match.end()):
        return False
    start = _with_one(low, match.start())
    if _is_glued(low, start) or (low[start] != "1" and _is_glued(low, start)):
        return False
    return number.count(" ") < 2 or "(" in number or bool(_PHONE_WORD.search(low))


def _with_one(text: str, start: int) -> int:
    """With the country's 1 and its sign before the area code."""
    before = text[max(0, start - 3) : start]
    for size, codes in ((3, ("+1 ", "+1-", "+1.")), (2, ("1 ", "1-", "1.", "+1"))):
        if before.endswith(codes) and not _is_glued(text, start - size):
            return start - size
    return start


def _span(text: str, start: int, end: int) -> Span:
    """Without a bracket that is opened and not closed."""
    if text[start] == "(" and ")" not in text[start:end]:
        start += 1
    return Span(start, end, MOBILE)
