"""Numbers of orders, returns and parcels: codes beside a word for one, or of a known carrier's shape.

Each code (digits, in groups too, with letters and dashes) is looked at with the words around it. Right after a word
for an order four digits will do; a few words away, or before the word, it takes more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .folding import MARKS, OPAQUE
from .spans import ORDER_NUMBER, Span

_WORDS = (
    "订单 单号 运单 快递单 物流单 面单 单子 上一单 这一单 那一单 上单 这单 那单 我的单 该单 "
    "交易号 流水号 全号 快递号 物流号 包裹号"
)
_SLIPS = (
    "团购 退货 退款 换货 售后 采购 预售 提货 寄件 包裹 货 补发 取件 维修 服务 预约 保修 检测 寄修 维权 投诉 "
    "拼 底 工 顺丰 圆通 中通 申通 韵达 个"
)
_CASES = (
    "下单 退款 退货 换货 售后 维权 物流 快递 包裹 交易 投诉 申诉 报修 服务 申请 受理 案件 反馈 保修 预订 预约 支付 发货"
)
_ENGLISH = (
    "orders?(?:_?(?:id|no|sn|num|number))? tracking(?:_?(?:id|no|num|number))? waybill awb parcel shipment "
    "consignment rma return express logistics trade mailno packages? po so receipt confirmation booking "
    "purchase reference ref ord"
)
# Alternatives that each begin with a letter of their own: the pattern engine then skips to the first that fits.
_CARRIERS = "顺丰 圆通 中通 申通 韵达 百世 极兔 德邦 京东 邮政 菜鸟 天天 优速 安能 跨越 丹鸟 云途 燕文 汇通 宅急送 速尔"
_CARRIERS_ABROAD = (
    r"ems sf fedex dhl ups usps tnt royal\smail dpd hermes evri aramex yunexpress 4px yanwen gls ontrac parcelforce"
    " yodel rma"
)
_LABEL = re.compile(
    "(?:"
    + "|".join(
        (
            *_WORDS.split(),
            *(f"{slip}单" for slip in _SLIPS.split()),
            *(f"{case}(?:编号|号码|单)" for case in _CASES.split()),
            r"c(?<![a-z0-9_].)ase(?=[\s.](?:no|num|id|ref|#))",
            r"(?<=[\"'])(?:no|oid)(?=[\"']\s?[:=])",
            *(f"{word[0]}(?<![a-z0-9_].){word[1:]}(?![a-z])" for word in _ENGLISH.split()),
        )
    )
    + r")(?:[\s_.\-]?(?:编号|号码|号|编码|是|为|叫|no(?![a-z])\.?|num(?:ber)?|id|sn|code|ref(?:erence)?"
    r"|[(#:.=\]\[\"'“”《【/x了]|is|was|for)){0,6}\s{0,2}#?\Z"
)
"""A word for an order that a number follows at once; what may stand between them goes with it."""
_NEAR_WORDS = r"""
订单 单号 快递 物流 包裹 运单 单子 工单 查件 催单 退款 退货 换货 售后 到哪 这单 那单 个单 两单 几单 的单 上单
单(?=[,:\s是])
发错 错发 漏发 少件 漏件 少发 丢件 签收 揽收 派送 拒收 退回 还[没不]发 [没未]发货 拍下的 没收到 怎么退 少了[一二两三]
order(?!ed\s\d) tracking waybill consignment parcel courier carrier shipment refund deliver return
dispatch package express processing
"""
_ABOUT = re.compile(
    "|".join(
        (
            *_NEAR_WORDS.split(),
            *_CARRIERS.split(),
            *(f"{name[0]}(?<![a-z].){name[1:]}(?![a-z])" for name in _CARRIERS_ABROAD.split()),
        )
    )
)
"""A word that tells, somewhere near, what a long code is for."""
_ASKED = re.compile(
    r"(?:查(?:一?下)?|帮[我忙]?[查看](?:一?下)?|看下|查询|催|追踪"
    r"|\b(?:where(?:'s| is)|track|chase|following up on|re))[:\s]{0,2}\Z"
)
_NAMED_AFTER = re.compile(
    r"[,\s(]{0,2}(?:[这那]个?(?:订单|单号|单)|是(?:我的?)?(?:订单|快递|物流|运|退货|退款)?单?号"
    r"|is (?:my|the) (?:order|tracking))"
)
_OF_GOODS = re.compile(
    r"(?:sku|lot|imei|isbn|asin|upc|ean|barcode|qr|timestamp|batch|serial|model|version|product|item|article|part"
    r"|book|design|colou?r|voucher|coupon|promo|gift|discount|invite|pin|otp|型号|货号|批号|批次|条码|款号|尾号|后四位"
    r"|序列号|产品编号|商品编号|[券惠验证取件兑换激活邀请]码|last|ending in|ends in)"
    r"(?:[ _](?:code|number|no\.?|id|reference|ref))?[^a-z0-9\u4e00-\u9fff]{0,4}\Z"
)
_SHAPES = re.compile(
    r"(?:ORD|ORDER|RMA|RET|TRK)-?\d{6,12}"
    r"|\d{6}-\d{15}|\d{3}-\d{7}-\d{7}|\d{2}-\d{5}-\d{5}|(?:ZT|ST|JT|YZ|TT|HT|BS|DB|EMS|STO|YTO|ZTO|JTSD)\d{12,15}"
    r"|SF ?\d{12,15}|[YJ]T\d{13,15}|JD[A-Z]{0,3}\d{10,15}|[ZS]TO\d{10,14}|DP[KL]\d{9,12}|YD\d{13}|1Z[0-9A-Z]{16}"
    r"|[A-Z]{2}\d{9}(?:CN|GB|US|HK|TW|JP|KR|SG|DE|FR|AU|CA|NL|RU|MY)|LP\d{14,16}|TBA\d{12}|9[2-5]\d{20}"
    r"|9[2-5]\d{2}(?: \d{4}){4} \d{2}"
)
_CODE = re.compile(r"[0-9][0-9a-z]*(?:-[0-9a-z]+)*(?:(?<![0-9a-z-].{4})(?:(?<=[0-9]{3})(?: \d{2,5}){2,6})(?![\d.]))?")
_END = re.compile(r"[a-z0-9_@]|\.\d")
_HASHED = re.compile(r"[A-Z]{2,4}-?\d{5,14}|[A-Z]{2,4}(?:-\d{2,6}){2,3}|\d{8,16}")
_MARKED = re.compile(r"(?:#|号|\bno\b|number|\bid\b)[^a-z0-9]{0,4}\Z")
_DATE = re.compile(r"(?:19|20)\d{2}[-/.年]\d{1,2}(?:[-/.月]\d{1,2})?|(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])")
_MEASURE = re.compile(r"\d+(?:kg|k?g|ml|l|mm|cm|m|h|hrs?|w|va|v|ah|mah|gb|tb|in|oz|lbs?|pcs|x\d+)")
_UNIT = re.compile(
    r"\s?(?:万|元|块|件|个|套|瓶|天|斤|次|年|月|日|分|秒|%|箱|盒|条|张|包|袋|本|人|单|公斤|克|kg|g\b|ml"
    r"|(?:pcs|units?|pieces?|days?|items?|usd|rmb|dollars?|hours?|nights?|pounds?)\b)"
)
_NO_ORDER = re.compile(r"qq|[48]00-?\d|(\d)\1{7,}$|95\d{3}$|0\d{2,3}-\d")
_GLUED = re.compile(rf"(?:[0-9_@¥$+]|(?<!{MARKS[ORDER_NUMBER]})/|[0-9]\.)\Z")
_AND_ANOTHER = re.compile(rf"{MARKS[ORDER_NUMBER]}\s?(?:[和跟与及或、,/&]|还有|以及|and|or)\s?\Z")
_ANSWER = re.compile(
    r"(?:单号|订单编?号|快递号|(?<![a-z])(?:order|tracking) (?:number|no|id|code))[^\n\d]{0,12}[?？:\n]"
    r"[\s>:-]*(?:(?:我|答|买家|顾客|客户|me|a|customer)\s?:\s?)?\Z"
)
"""A question for a number, in the line before most often, which the code then answers."""
_WALLS = re.compile(f"[。！？!?\n{OPAQUE}]")
_SAID_BY_LETTERS = frozenset(("no", "id", "num", "sn"))
_MOST_LETTERS = 6
_AROUND = 24
_NEAR, _NEAR_LENGTH = 4, 5
_WITH_LETTERS, _FAR = 5, 8


def order_numbers(text: str, low: str) -> Iterator[Span]:
    """All numbers of orders, returns and parcels in a folded text; `low` is the text in small letters."""
    for match in _CODE.finditer(low):
        start, end = _begin(low, match.start()), match.end()
        if end - start < _NEAR_LENGTH or _END.match(low, end) or _GLUED.search(low, max(0, start - 2), start):
            continue
        if _is_order(low, start, end) or _SHAPES.fullmatch(text, start, end) or _is_hashed(text, start, end):
            yield Span(start, end, ORDER_NUMBER)


def _begin(low: str, digit: int) -> int:
    """Where a code begins: with up to six letters and the dashes before its first digit."""
    start = digit
    while start and (low[start - 1] == "-" or "a" <= low[start - 1] <= "z"):
        start -= 1
    letters = low[start:digit].strip("-")
    if (len(letters) > _MOST_LETTERS and "-" not in letters) or letters in _SAID_BY_LETTERS:
        return digit
    return start + (low[start] == "-")


def _is_order(low: str, start: int, end: int) -> bool:
    code = low[start:end]
    digits = sum(map(str.isdigit, code))
    if digits < _NEAR and end - start < _FAR:
        return False
    before = low[max(0, start - _AROUND) : start]
    if _DATE.fullmatch(code) and not _MARKED.search(before):
        return False
    if _MEASURE.fullmatch(code) or (code.isdigit() and _UNIT.match(low, end)):
        return False
    if label := _LABEL.search(before):
        return _is_named(before, label, digits, len(code))
    is_short = code[0].isalpha() or _NAMED_AFTER.match(low, end)
    if digits < (_WITH_LETTERS if is_short else _FAR) or _NO_ORDER.match(code) or _OF_GOODS.search(before):
        return False
    near = _WALLS.split(before)[-1] + "\n" + low[end : end + _AROUND]
    return bool(_ABOUT.search(near) or _ASKED.search(before) or _ANSWER.search(before) or _AND_ANOTHER.search(before))


def _is_named(before: str, label: re.Match[str], digits: int, length: int) -> bool:
    """Whether a code right after a word for an order is one: no goods' code, and long enough or said to be a number."""
    is_marked = bool(_MARKED.search(label.group()))
    if digits < _NEAR and not (is_marked and digits > 1 and length >= _FAR):
        return False
    return not _OF_GOODS.search(before, 0, label.start())


def _is_hashed(text: str, start: int, end: int) -> bool:
    return (
        text[start - 1 : start] == "#"
        and text[start - 2 : start - 1] not in {"&", "#", "/"}
        and bool(_HASHED.fullmatch(text, start, end))
    )
