"""Addresses in Chinese that no road and no estate tells: regions or a lead before, a door or a house at the end.

What a chain says is added up: a city or province, each further region, a door, a house where people are found, and a
word such as 地址 before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from .gazetteer import first_place, is_place
from .spans import ADDRESS, Span

_H = "\u4e00-\u9fff"
_RUN = re.compile(rf"[{_H}A-Za-z0-9#·/ -]{{5,60}}")
_N = r"(?:[A-Za-z]?\d{1,4}[A-Za-z]?|[一二三四五六七八九十百零]{1,4})"
_DOOR = re.compile(
    rf"{_N}\s?(?:号楼|#楼?|栋|幢|座|单元|号院|弄|组|队|社)(?:\s?[东西南北]?{_N}(?:室|房|号|单元|楼|层|门|户)?){{0,3}}"
    rf"|{_N}(?:室|房|号|层|楼)|[A-Z]座\s?{_N}|\d{{1,3}}(?:-\d{{1,4}}){{1,3}}(?![天日个元小%])|[FBL]\d{{1,2}}(?!\d)"
)
_STRONG_DOOR = re.compile(rf"[{_H}]{{2}}{_N}\s?(?:号楼|#楼|#(?=\d)|栋|幢|座(?=\d)|单元|宿舍)\s?\d{{0,4}}")
_HOUSE = re.compile(
    r"(?:门卫室?|保安[室亭]|传达室|收发室|门口|[前后正侧东西南北]门|商铺|底商|银行|超市|药店|酒店|宾馆|学校|小学|中学"
    r"|幼儿园|大学|学院|医院|诊所|卫生院|卫生室|政府|村委会?|居委会|派出所|邮局|驿站|快递柜|物业|食堂|图书馆|办公楼"
    r"|教学楼|宿舍|公寓|厂|公司|仓库|车间|基地|中心|大厦|广场|市场|大楼|小区|花园|家园|村|屯|庄|寨|院内|楼[上下]"
    r"|对面|旁边?|隔壁|[东西南北中]段|交叉口|交汇处|路口|大院|村委|住院部|服务区|营业厅|售楼处|工地|项目部|合作社|老年公寓|养老院|敬老院|福利院|部队|监狱|看守所)\s?\Z"
)
_REGION = re.compile(rf"(?<=[{_H}]{{1}})(?:[省市县旗盟镇乡]|(?<!市)区|自治州|街道)(?![长里政委直])")
_STOP = re.compile(
    r"的|收|麻烦|谢|快点|电话|手机|别|请|能|吗|呢|吧|怎|什么|多久|多少|可以|包邮|到货|没|不|有|已|了|的话|发货|这|那|我|你|您|他|她|联系|转"
)
_LED = re.compile(
    r"地址|住址|住在?|寄[到往给去]?|送[到往去]?|发[到往]|搬[到去]|收货|收件|配送|派|新家|老家|我在|改[成为到]|换[成为到]|放|addr",
    re.IGNORECASE,
)
_LEAD_END = re.compile(
    r"(?:收货地|收件地|地址换了|地址|住址|新家|老家|我家|家|地点|定位|改[成为到]|换[成为到]|[叫是为在到去往寄送住放搬至发])\s?(?=[\u4e00-\u9fff\d])"
)
_ORIGIN = re.compile(r"产地|发货地(?!址)|产自|来自|原产|产于|从|仓|出自|坐落|位于|开在")
_NO_STARTS = frozenset("的了该同最每某一两先主")
_SIGN = re.compile(
    "[市区县旗镇乡](?<![门上街超都夜]市)|[街住栋幢地寄送放单室楼座#](?:(?<=[0-9一二三四五六七八九十].)(?<![0-9一二三四五六七八九十][街住地寄送放])"
    "|(?<=街)道|(?<=[地住])址|(?<=[寄送放])[到往去]|(?<=[我家]住))"
)
_NEAR = 10
_BAR = 9
_PLACE, _PER_REGION, _MOST_REGIONS, _AT_DOOR, _AT_HOUSE, _LEAD, _FROM = 2, 2, 3, 3, 2, 3, -8


def chains(text: str) -> Iterable[Span]:
    """All addresses of a folded text that are chains of regions, or stand after a word such as 地址."""
    return _runs(text) if _SIGN.search(text) else ()


def _runs(text: str) -> Iterator[Span]:
    for match in _RUN.finditer(text):
        yield from _of_run(text, *match.span())


def _of_run(text: str, begin: int, end: int) -> Iterator[Span]:
    start = first_place(text, begin, end)
    if start is None:
        leads = [lead.end() for lead in _LEAD_END.finditer(text, begin, min(end, begin + _NEAR + 4))]
        start = leads[-1] if leads else begin
    stop = _STOP.search(text, start + 1, end)
    last = len(text[: stop.start() if stop else end].rstrip())
    is_whole = stop is None or stop.group() != "的"
    score, end = _weigh(text, start, last, is_whole=is_whole)
    if score >= _BAR:
        yield Span(start, end, ADDRESS)


def _weigh(text: str, start: int, last: int, *, is_whole: bool) -> tuple[int, int]:
    """What speaks for an address from `start` to at most `last`, and where it ends."""
    doors = [match.end() for match in _DOOR.finditer(text, start, last)]
    is_at_house = is_whole and bool(_HOUSE.search(text, start, last))
    if not doors and not is_at_house:
        return 0, start
    end = last if is_at_house else doors[-1]
    is_led = bool(_LED.search(text, max(0, start - _NEAR), start))
    if is_led and text[start] not in _NO_STARTS and _STRONG_DOOR.search(text, start, end):
        return _BAR, end
    regions = min(len(_REGION.findall(text, start, end)) + _is_in_province(text, start), _MOST_REGIONS)
    if not regions:
        return 0, start
    score = (_PLACE if is_place(text, start) else 0) + _PER_REGION * regions
    score += (_AT_DOOR if doors else 0) + (_AT_HOUSE if is_at_house else 0) + (_LEAD if is_led else 0)
    return score + (_FROM if _ORIGIN.search(text, max(0, start - _NEAR), start) else 0), end


def _is_in_province(text: str, start: int) -> bool:
    """Whether a city follows a province, both without their suffix: 河南洛阳."""
    return is_place(text, start) and (is_place(text, start + 2) or is_place(text, start + 3))
