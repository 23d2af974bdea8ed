"""Numbers of orders, returns and parcels: a code after a word for one, or a code of a known carrier's shape."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from .folding import OPAQUE
from .spans import ORDER_NUMBER, Span

_SIGN = re.compile(
    r"订单|单号|单|po |编号|物流|包裹|交易号|流水号|全号|快递|物流号|包裹号|order|tracking|waybill|awb|parcel"
    r"|shipment|consignment|rma|return|express|logistics|trade|mailno|package|confirmation|booking|purchase|ref"
)
_END = r"(?![a-z0-9_@]|\.\d)"
_CODE = rf"([a-z]{{0,6}}-?\d[a-z0-9]*(?:-[a-z0-9]+)*|[a-z]{{1,6}}-[a-z0-9-]*\d[a-z0-9-]*){_END}"
_WORDS = (
    "订单 单号 运单 快递单 物流单 面单 单子 上一单 这一单 那一单 上单 这单 那单 我的单 该单 "
    "交易号 流水号 全号 快递号 物流号 包裹号"
)
_SLIPS = (
    "团购 退货 退款 换货 售后 采购 预售 提货 寄件 包裹 货 补发 取件 维修 服务 预约 保修 检测 寄修 维权 "
    "拼 底 工 服务 顺丰 圆通 中通 申通 韵达"
)
_CASES = "退款 退货 换货 售后 维权 物流 快递 包裹 交易"
_ENGLISH = (
    "orders?(?:_?(?:id|no|sn|num|number))? tracking(?:_?(?:id|no|num|number))? waybill awb parcel shipment "
    "consignment rma return express logistics trade mailno packages? po so receipt confirmation booking "
    "purchase reference ref"
)
# Alternatives that each begin with a letter of their own: the pattern engine then skips to the first that fits.
_WORD = "|".join(
    (
        *_WORDS.split(),
        *(f"{slip}单" for slip in _SLIPS.split()),
        *(f"{case}(?:编号|号码|单)" for case in _CASES.split()),
        *(f"{word}(?![a-z])" for word in _ENGLISH.split()),
    )
)
_SAID = (
    r"(?:[\s_.\-]?(?:编号|号码|号|编码|是|为|叫|no(?![a-z])\.?|num(?:ber)?|id|sn|code|ref(?:erence)?"
    r"|[(#:=\]\[\"'“”《【/x了]|is|was|for)){0,6}\s{0,2}#?"
)
_NAMED = re.compile(rf"(?:{_WORD}){_SAID}(?<![a-z0-9]){_CODE}")
_LATER = re.compile(
    rf"(?:{_WORD})[^0-9\n。！？!?{OPAQUE}]{{1,16}}?(?<![a-z0-9.¥$])([a-z]{{0,5}}\d[a-z0-9]*(?:-[a-z0-9]+)*){_END}"
)
_CARRIERS = "顺丰 圆通 中通 申通 韵达 百世 极兔 德邦 京东 邮政 菜鸟 天天 优速 安能 跨越 丹鸟 云途 燕文 汇通 宅急送 速尔"
_CARRIERS_ABROAD = (
    "ems sf fedex dhl ups usps tnt royal\\smail dpd hermes evri aramex yunexpress 4px yanwen gls ontrac "
    "parcelforce yodel"
)
_CARRIER = re.compile(
    rf"(?:{'|'.join((*_CARRIERS.split(), *(f'{name}(?![a-z])' for name in _CARRIERS_ABROAD.split())))})"
    rf"[^\d\n。！？!?{OPAQUE}]{{0,16}}?(?<![a-z0-9.¥$])([a-z]{{0,4}}\d(?:[a-z0-9]|["
    rf" -](?=\d)){{7,32}}){_END}"
)
_SHAPES = re.compile(
    r"[A-Z19](?:(?<=S)F ?\d{12,15}|(?<=[YJ])T\d{13,15}|(?<=J)D[A-Z]{0,3}\d{10,15}|(?<=[ZS])TO\d{10,14}"
    r"|(?<=D)P[KL]\d{9,12}|(?<=Y)D\d{13}|(?<=1)Z[0-9A-Z]{16}"
    r"|(?<=[A-Z])[A-Z]\d{9}(?:CN|GB|US|HK|TW|JP|KR|SG|DE|FR|AU|CA|NL|RU|MY)|(?<=L)P\d{14,16}|(?<=T)BA\d{12}"
    r"|(?<=9)[2-5]\d{2}(?: ?\d{4}){4} ?\d{2})"
    r"(?![A-Za-z0-9_-])"
)
_HASHED = re.compile(r"#([A-Z]{2,4}\d{5,14}|\d{8,16})(?![\w#])")
_DATE = re.compile(r"(?:19|20)\d{2}[-/.年]\d{1,2}(?:[-/.月]\d{1,2})?|(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])")
_MEASURE = re.compile(r"\d+(?:kg|k?g|ml|l|mm|cm|m|h|hrs?|w|va|v|ah|mah|gb|tb|in|oz|lbs?|pcs|x\d+)")
_UNIT = re.compile(
    r"\s?(?:万|元|块|件|个|套|瓶|天|斤|次|年|月|日|分|秒|%|箱|盒|条|张|包|袋|本|人|单|公斤|克|kg|g\b|ml|(?:pcs|units?|pieces?|days?|items?|usd|rmb|dollars?|hours?|nights?|pounds?)\b)"
)
_NO_WORD = re.compile(
    r"(?:sku|lot|imei|isbn|asin|upc|ean|barcode|qr|timestamp|batch|serial|model|version|product|item|article|part"
    r"|voucher|coupon|promo|gift|discount|invite|pin|otp|型号|货号|批号|批次|条码|款号|尾号|后四位|序列号|产品编号|商品编号"
    r"|[券惠验证取件兑换激活邀请]码|last|ending in|ends in)(?:[ _](?:code|number|no\.?|id|reference|ref))?[^a-z0-9\u4e00-\u9fff]{0,4}\Z"
)
_MARKED = re.compile(r"(?:#|号|\bno\b|number|\bid\b)[^a-z0-9]{0,4}\Z")
_MORE = re.compile(r"(?: \d{2,4}){2,6}(?![\d.])")
_LOOSE = re.compile(
    r"[a-z0-9](?<![a-z0-9_.@¥$#/+-][a-z0-9])(?:(?<=\d)\d{3}(?: ?-? ?\d{4}){1,4}(?: \d{1,3})?"
    r"|(?:(?<=[a-z])[a-z]{0,5}(?:-[a-z]{1,4})?-?\d|(?<=\d))[0-9-]{4,}[a-z0-9]*(?:-[a-z0-9]+)*)(?![a-z0-9_@]|\.\d)"
)
"""A code that may be a number of an order: digits together or in groups of four, letters before them, dashes within."""
_FIVE_DIGITS = re.compile(r"\d[\d -]{4}")
_ABOUT = re.compile(
    r"订单|单号|快递|物流|包裹|运单|单子|工单|查件|催单|退款|退货|换货|售后|到哪|[这那个两几]单|单(?=[,:\s是])|order(?!ed \d)|tracking"
    r"|parcel|courier|carrier|shipment|refund|deliver|return|dispatch|package|\brma\b|processing"
)
_ASKED = re.compile(
    r"(?:查|帮[我忙]?[查看](?:一?下)?|查询|催|追踪|where(?:'s| is)|track|chase|following up on|re)[:\s]{0,2}\Z"
)
_NAMED_AFTER = re.compile(
    r"[,\s(]{0,2}(?:[这那]个?(?:订单|单号|单)|是(?:我的?)?(?:订单|快递|物流|运|退货|退款)?单?号|is (?:my|the) (?:order|tracking))"
)
_OF_GOODS = re.compile(
    r"(?:batch|lot|part|product|item|model|serial|gift|promo|voucher|book|article|design|colou?r)[ _]\Z"
)
_NO_ORDER = re.compile(r"(?:qq|[48]00|95|0\d{2,3}-\d)")
_SHORT_DIGITS, _LOOSE_DIGITS = 5, 8
_AROUND = 24
_NEAR_DIGITS = 4
_NEAR_LENGTH = 5
_FAR_DIGITS = 8


def order_numbers(text: str, low: str, *, is_long: bool) -> Iterable[Span]:
    """All numbers of orders, returns and parcels in a folded text.

    Args:
        text: folded.
        low: the same in small letters.
        is_long: whether it holds eight digits that may be of one number.
    """
    is_said = _SIGN.search(low) is not None
    if is_long or is_said or "#" in text or _ABOUT.search(low):
        return _numbers(text, low, is_long=is_long, is_said=is_said)
    return ()


def _numbers(text: str, low: str, *, is_long: bool, is_said: bool) -> Iterator[Span]:
    if is_said:
        yield from _after(low, _NAMED, _NEAR_DIGITS)
        if is_long:
            yield from _after(low, _LATER, _FAR_DIGITS)
    if _FIVE_DIGITS.search(low):
        yield from _mentioned(low)
    if is_long and _CARRIER.search(low):
        yield from _after(low, _CARRIER, _FAR_DIGITS)
    if is_long and _SHAPES.search(text):
        yield from _shaped(text)
    if "#" in text:
        for match in _HASHED.finditer(text):
            if not _is_glued(text, match.start()) and text[match.start() - 1 : match.start()] not in {"&", "#", "/"}:
                yield Span(match.start(1), match.end(1), ORDER_NUMBER)


def _shaped(text: str) -> Iterator[Span]:
    for match in _SHAPES.finditer(text):
        if not _is_glued(text, match.start()):
            yield Span(match.start(), match.end(), ORDER_NUMBER)


def _mentioned(low: str) -> Iterator[Span]:
    """Codes in a text that speaks of an order or parcel not far from them, or asks for one."""
    for match in _LOOSE.finditer(low):
        start, end = match.span()
        if _is_loose_code(low, match) and not _NO_WORD.search(low, max(0, start - _AROUND), start):
            around = low[max(0, start - _AROUND) : start] + "\n" + low[end : end + _AROUND]
            if _ABOUT.search(around) or _ASKED.search(low, max(0, start - _AROUND), start):
                yield Span(start, end, ORDER_NUMBER)


def _is_loose_code(low: str, match: re.Match[str]) -> bool:
    code = match.group()
    digits = sum(map(str.isdigit, code))
    is_short = code[0].isalpha() or _NAMED_AFTER.match(low, match.end())
    least = _SHORT_DIGITS if is_short else _LOOSE_DIGITS
    is_else = _NO_ORDER.match(code) or _DATE.fullmatch(code) or _UNIT.match(low, match.end())
    return digits >= least and not is_else


def _after(low: str, pattern: re.Pattern[str], least: int) -> Iterator[Span]:
    """Codes after a word that is not the end of a longer one."""
    for match in pattern.finditer(low):
        starts_inside = (
            match.group()[0].isascii() and _is_glued(low, match.start()) and low[match.start() - 1].isalpha()
        )
        if _OF_GOODS.search(low, max(0, match.start() - 12), match.start()):
            continue
        if not starts_inside and _is_code(low, match, least):
            yield Span(match.start(1), _end(low, match), ORDER_NUMBER)


def _is_code(low: str, match: re.Match[str], least: int) -> bool:
    code = low[match.start(1) : _end(low, match)]
    digits = sum(character.isdigit() for character in code)
    is_marked = least == _NEAR_DIGITS and bool(_MARKED.search(low, match.start(), match.start(1)))
    if digits < least and not (is_marked and digits > 1 and len(code) > _FAR_DIGITS - 1):
        return False
    if (len(code) < _NEAR_LENGTH and not is_marked) or (_DATE.fullmatch(code) and not is_marked):
        return False
    if _NO_WORD.search(low, match.start(), match.start(1)):
        return False
    return not (_MEASURE.fullmatch(code) or (code.isdigit() and _UNIT.match(low, match.end(1))))


def _end(low: str, match: re.Match[str]) -> int:
    """With the groups of digits that follow, each after one space: `9400 1000 0000 …`."""
    is_group = match.group(1).isdigit() and len(match.group(1)) == _NEAR_DIGITS
    more = _MORE.match(low, match.end(1)) if is_group else None
    return more.end() if more else match.end(1)


def _is_glued(text: str, start: int) -> bool:
    before = text[start - 1 : start] if start else ""
    return before.isascii() and (before.isalnum() or before in {"_", "-"})
