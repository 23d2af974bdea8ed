"""Street-level addresses in Chinese: a road, village or estate with a number, from the province to the door.

A place alone (a city, a shop district, a town in the name of goods) is none: without a number nobody lives there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from .chains_zh import chains
from .gazetteer import first_place, is_place
from .spans import ADDRESS, Span

_H = r"[\u4e00-\u9fff]"
_N = (
    r"(?:(?:[甲乙丙丁戊]|[A-Za-z]{0,2})\d{1,5}[A-Za-z]?(?:[-/之](?:[A-Za-z]?\d{1,4}[A-Za-z]?|[A-Za-z])){0,3}"
    r"|[一二三四五六七八九十百零〇]{1,4}|[A-Za-z]\d?|[甲乙丙丁戊])"
)
_UNIT = (
    r"(?:号楼|号院|号门|号库|号|支弄|排|栋|幢|座|单元|室|层|楼|户|门|房|弄|巷|组|铺|档|院|区|期|舍|队|社|塔|宿舍|F\b)"
)
_ESTATE = (
    r"(?:小区|社区|天街|名都|世家|首府|半岛|花园|花苑|家园|家苑|嘉园|嘉苑|新村|新苑|新城|名城|公馆|公寓|山庄|名邸|雅居|雅苑|豪庭|华庭|豪苑"
    r"|华府|府邸|佳园|佳苑|大厦|大楼|广场|中心|宿舍|校区|大学|学院"
    r"|学校|中学|小学|医院|工业园|科技园|产业园|创业园|软件园|物流园|园区|写字楼|别墅|庄园|苑|府|庭|里|轩|阁|湾"
    r"|居|城|邸|村|园|厂|农场|林场|牧场|市场|兵团|建材城|商贸城|批发城|商城|大院|家属院|家属楼|国际|天地)"
)
# Each pattern begins with the word that tells it, for which the engine looks quickly; what stands before is added.
_ROAD = re.compile(
    r"(?:路|街|道|巷|弄|胡同|里|条|坊|径|村|庄|屯|组|镇|乡|营|寨|沟|湾|坪|坡|桥|社区|街道|港|埠"
    r"|岗|塘|垵|厝|埕|社|连(?<=[一二三四五六七八九十\d]连)|嘎查|苏木|牧场|林场|农场|分场|工业园|开发区|工业区|园区|段|线)"
    rf"(?:[东西南北中]段?|[一二三四五六七八九十]段)?\s?[副附增老新]?{_N}\s?(?:号楼|号院|号|弄|巷|组|栋|幢|座|队"
    rf"|社)(?!线|店|链接"
    rf"|楼层|仓|柜)"
)
_HOUSE = re.compile(
    rf"(?:{_ESTATE}(?:[东西南北中]区|[一二三四五六七八九十ABCD\d]期|{_N}[区队连团])?\s?)"
    rf"(?:{_N}\s?(?:号楼|栋|幢|座|单元|号宿舍楼|号宿舍|舍|楼|室|号|街(?=\d))(?!店|链接|仓|柜|客服)"
    rf"|\d{{1,3}}-\d{{1,3}}-\d{{2,4}}(?![\d-])|[A-Z]\d?-\d{{3,5}}(?![\d-]))"
)
_DOOR = re.compile(
    rf"{_N}\s?(?:号楼|栋|幢|座)\s?{_N}\s?(?:单元|门|梯)(?:\s?{_N}(?:室|号|楼|层|户)?)?"
    rf"|{_N}单元\s?\d{{3,4}}(?:室|号|户)?"
    rf"|[东西南北中]区\s?{_N}\s?(?:号楼|栋|幢|座|号(?:宿舍|公寓)楼?|宿舍楼?|舍)\s?\d{{3,4}}(?:室|寝室?)?"
    rf"|{_N}\s?号(?:学生|教工|职工|员工|男生|女生|研究生)?(?:宿舍楼?|公寓楼?)\s?{_N}(?:室|寝室?)?"
    rf"|\d{{1,3}}[栋幢]\d{{1,4}}[号室](?!线|店|链接|仓|柜)"
    rf"|[A-Z]座\s?\d{{3,4}}室?|[A-Z]座\s?{_N}[楼层室]"
)
_VILLAGE = re.compile(
    rf"[省市州盟]{_H}{{1,8}}?[县区市旗]{_H}{{1,8}}?(?:镇|乡|街道)(?:{_H}{{1,8}}?(?:自然村|行政村|村|屯|庄|寨"
    rf"|社区)){{1,2}}(?!支书|委会?主任|里)(?:{_H}{{1,4}}?[组队屯湾寨]组?(?!{_H}{{0,2}}[员长合织]))?"
)
_TRIPLE = re.compile(r"[0-9A-Z](?<![0-9A-Za-z.-].)\d{0,2}-\d{1,2}-\d{3,4}(?![\d-])")
_CROSSING = re.compile(rf"[路街道][与和]{_H}{{1,6}}(?:路|大道|大街|街)(?:交叉口|交汇处|路口)")
_SIGN = re.compile(
    r"[号栋幢座弄巷组队社楼室舍单路街道镇乡-](?:(?:(?<=[0-9A-Za-z一二三四五六七八九十百零甲乙丙丁].)"
    r"|(?<=\d .))(?:(?<!单)|元)|(?<=[路街道])[与和]"
    r"|(?<=[镇乡道])[\u4e00-\u9fff]{1,8}?[村屯庄寨区])"
)
_DOOR_SIGN = re.compile("[栋幢座元楼舍寓]")
_LONGEST_ESTATE = 8
_LONGEST_DOOR = 16
_SHORTEST_TRIPLE = 9
_NEAR = "[\u4e00-\u9fff](?<![放送到给请我你他了的是在发寄让把和])"
_ONWARD = re.compile(
    rf"(?:[,，]?\s?{_N}\s?(?:{_UNIT})(?:之\d+|-\d+|[A-Z](?![A-Za-z\d室座栋户单幢号]))?"
    rf"|\s?[A-Za-z]?\d{{1,4}}(?:-\d{{1,4}}){{1,3}}(?![\d-])|\s?之\d+"
    rf"|-\d{{1,4}}|\s?院(?=[A-Za-z\d])|\s?[东西南北前后旁](?:楼|门|侧|院|座|区|单元|栋)|\s?[增副附]{_N}[号门]?"
    rf"|\s?[A-Za-z]?\d{{3,4}}(?:[A-Za-z](?![A-Za-z\d]))?(?:室|房|号|户)?(?![\d-])"
    rf"|\s?{_H}{{1,9}}?(?=\s?{_N}(?:{_UNIT})(?![发到送]))"
    rf"|\s?{_H}{{2,9}}?(?=[A-Za-z]?\d{{1,4}}(?:-[A-Za-z]?\d{{1,4}})+(?!\d))|\d{{1,3}}-[A-Z]\d{{2,4}}(?!\d)"
    rf"|\s?(?:[A-Za-z]{{2,8}}|{_H}{{2,6}}\d{{2,4}}){_H}{{0,5}}?(?:大厦|写字楼|广场|中心|公寓|现代城|国际|天地|空间)(?!店)|\s?{_H}{{2,8}}?(?:写字楼|大酒店|小区|花园|大厦|公寓|家园"
    rf"|新村|大楼|广场|宿舍|中心|社区|公馆|苑|阁|轩|府邸|城|大学|学院|科技园|产业园|工业园|创业园|软件园|物流园|厂区"
    rf"|医院)(?![市里])"
    rf"|\s?{_H}{{1,8}}?[东西南北前后]楼(?=\d)"
    rf"|\s?{_H}{{0,3}}[组队](?={_N}号)|\s?[东西南北中左右](?:边户|户|侧|首)|\s?(?:底商|厂房|仓库|车间|库房|[东西南北]{{1,2}}角|门面房?|院内|地下室|地下"
    rf"|负[一二三][楼层])(?!铁)"
    rf"|\s?的?(?:{_NEAR}){{0,8}}?(?:斜?对[面过门]|隔壁|旁边|旁|门口|后面|前面|楼[上下]|背后|后身|东侧|西侧|南侧|北侧|[东西南北]边|往[东西南北]\d{{1,4}}米|路口)"
    r"|\s?(?:学生|教工|职工)?(?:宿舍楼?|公寓楼?)\s?[A-Z]?\d{2,4}(?:室|寝室?)?"
    r"|(?<=[园城区场厦苑])[A-Z]-?\d{1,4}(?![A-Za-z\d])|\s?之[一二三四五六七八九十\d]{1,3}|\d{1,2}[A-Z](?![A-Za-z\d])"
    r"|[一二三四五六七八九零〇]{3,4}(?![一二三四五六七八九零〇十])"
    rf"|[,、]\s?{_H}{{2,12}}?(?:大厦|大楼|广场|中心|花园|小区|公寓|家园|新村|宿舍|[苑城府园])"
    rf"(?:{_N}(?:号楼|栋|幢|座|期|区)|[A-Z]座|[A-Z]?\d{{3,4}}(?!\d)|(?=[,;。!?\n )]|\Z)))"
)
_TO_HOUSE = re.compile(
    r"\s?[^，。,;!?！？；:\s()了的吗呢吧请麻烦谢收发给你我他她就和跟快别不没有]{0,12}?"
    r"(?:内|院里|室|楼|房|号|层|铺|[前后正侧东西南北]门|门口|银行|超市|药店|酒店|宾馆|学校|小学|中学|幼儿园|大学|医院|诊所|卫生院"
    r"|政府|村委会?|居委会|派出所|邮局|驿站|快递柜|物业|食堂|办公楼|宿舍楼?|公寓|厂|公司|仓库|车间|基地|中心|大厦|广场|市场|对面|旁边?|校[区园]|[师理工农林财民交科]大|前台|门卫|[东西南北]区)"
    r"(?=[，。,;!?！？；\n \ue000-\uf8ff)]|\Z|收)"
)
_POSTCODE_BEFORE = re.compile(r"(?<![\d-])(?:\d{3}|\d{5,6})\s?\Z")
_POSTCODE = re.compile(r"[,，、]?\s?\(?(?:邮编|邮政编码)?[:]?\s?(?<!\d)\d{6}(?!\d)\)?")
_WALL = re.compile(r"[^\u4e00-\u9fff\d A-Za-z·](?:(?<!,)|(?<![省市区县镇],))")
_REACH = 48
_LEAD = re.compile(
    r"(?:收货地|收件地|地址|住址|新家|老家|我家|地点|定位|导航|麻烦|给我|换成|改成|改为"
    r"|[叫是为在到去从往寄送发住收填写请把放搬])(?=[\u4e00-\u9fff\d])"
)
_ADMIN = re.compile(r"(?<=[\u4e00-\u9fff]{2})(?:[省市区县旗盟镇乡]|街道|自治州)(?=[\u4e00-\u9fff ,])")
_ADMIN_END = re.compile(r"[\u4e00-\u9fff]{2}[省市区县旗盟镇乡州][ ,]?\Z")
_LED_DOOR = re.compile(
    r"(?:住在?|门牌号?是?|房号是?|送到|寄到|家是)[:\s]?(\d{1,3}(?:栋|幢|号楼|座)\d{3,4}(?!\d|[元块个件])"
    r"|\d{1,3}(?:-\d{1,2})?-\d{3,4}(?![\d-]))"
)
_STRONG = re.compile(
    r"地址|改[成为到]|换[成为到]|驿站|自提点|代收点|丰巢|住|寄|送|收货|收件|搬|家|派|配送|快递|地点|导航"
    r"|addr|ship",
    re.IGNORECASE,
)
_NO_ROAD = re.compile(
    r"(?:套路|线路|电路|思路|一路|走路|铁路|公路|网路|上路|在路|半路|同路|知道|味道|管道|渠道|通道|频道|报道|赛道"
    r"|街道|这里|那里|家里|哪里|店里|手里|心里|里里|城里|村里|夜里|条|手段|阶段|一段|时段|分段|热线|专线|在线"
    r"|上线|下线|无线|有线|小组|一组|两组|三组|分组|套组|每组|几组|乡|镇|沟|湾|坡|塘|港|桥)(?=[^\u4e00-\u9fff]|\Z)"
)
_LONGEST_OPEN = 14
_LONGEST_CHAIN = 30


class Core(NamedTuple):
    """The part of an address by which it is known: from `start` to `end` (not included)."""

    start: int
    end: int
    kind: str


def chinese_addresses(text: str) -> Iterable[Span]:
    """All street-level addresses in the Chinese parts of a folded text."""
    cores = (*_addresses(text), *_led_doors(text)) if _SIGN.search(text) else ()
    return (*cores, *(Span(start, _end_of(text, end), ADDRESS) for start, end, _ in chains(text)))


def _led_doors(text: str) -> Iterator[Span]:
    """Doors that a word such as 门牌 leads to."""
    return (Span(*match.span(1), ADDRESS) for match in _LED_DOOR.finditer(text))


def _addresses(text: str) -> Iterator[Span]:
    place = 0
    while _SIGN.search(text, place) and (core := _earliest(text, place)):
        end = _end_of(text, core.end)
        start = _start_of(text, core.start, place)
        if _is_address(text, start, core, end):
            yield Span(_with_postcode(text, start, place), end, ADDRESS)
            place = end
        else:
            place = core.start + 1


def _earliest(text: str, place: int) -> Core | None:
    """The core that stands first; of two that begin together the first of these."""
    first: Core | None = None
    for search in (_road, _house, _village, _crossing, _triple):
        core = search(text, place)
        if core and (first is None or core.start < first.start):
            first = core
    door = _door(text, place, first.start if first else len(text))
    return door if door and (first is None or door.start < first.start) else first


def _road(text: str, place: int) -> Core | None:
    return _after_han(_ROAD, text, place, "road", 1)


def _house(text: str, place: int) -> Core | None:
    return _after_han(_HOUSE, text, place, "house", _LONGEST_ESTATE)


def _triple(text: str, place: int) -> Core | None:
    return _after_han(_TRIPLE, text, place, "triple", _LONGEST_ESTATE)


def _crossing(text: str, place: int) -> Core | None:
    return _after_han(_CROSSING, text, place, "crossing", 1)


def _door(text: str, place: int, before: int) -> Core | None:
    """A door that begins before another core does: this one is looked for last, as it begins with any number."""
    sign = _DOOR_SIGN.search(text, place, before + _LONGEST_DOOR)
    match = _DOOR.search(text, max(place, sign.start() - _LONGEST_DOOR)) if sign else None
    return Core(match.start(), match.end(), "door") if match else None


def _village(text: str, place: int) -> Core | None:
    match = _VILLAGE.search(text, place)
    return Core(match.start(), match.end(), "village") if match else None


def _after_han(pattern: re.Pattern[str], text: str, place: int, kind: str, longest: int) -> Core | None:
    """The first match after a Chinese character, begun at the first of at most `longest` of them."""
    after = place + 1
    while match := pattern.search(text, after):
        start = match.start()
        least = max(place, start - longest)
        while start > least and _is_han(text[start - 1]):
            start -= 1
        if start < match.start():
            return Core(start, match.end(), kind)
        after = match.start() + 1
    return None


def _is_han(character: str) -> bool:
    return "\u4e00" <= character <= "\u9fff"


def _end_of(text: str, end: int) -> int:
    """Over buildings, units, floors, rooms and names of estates, to the postcode."""
    while (more := _ONWARD.match(text, end) or _TO_HOUSE.match(text, end)) and more.end() > end:
        end = more.end()
    if postcode := _POSTCODE.match(text, end):
        return postcode.end()
    return end


def _with_postcode(text: str, start: int, least: int) -> int:
    """Over the postcode right before the name of a place, as it is written in Taiwan."""
    postcode = _POSTCODE_BEFORE.search(text, max(least, start - 8), start) if is_place(text, start) else None
    return postcode.start() if postcode else start


def _start_of(text: str, core: int, least: int) -> int:
    """Back to the province, city or district before the core; else to the word that leads to it, or a sign."""
    begin = max(least, core - _REACH)
    for wall in _WALL.finditer(text, begin, core):
        begin = wall.end()
    region = first_place(text, begin, core + 4)
    is_region = region is not None and region <= core + 1
    first = region if region is not None and is_region else core
    if is_region and not _ADMIN_END.search(text, begin, first):
        return first
    stop = _ADMIN.search(text, begin, first)
    for lead in _LEAD.finditer(text, begin, stop.start() if stop else first):
        begin = lead.end()
    if not stop:
        begin = max(begin, text.rfind(" ", begin, core) + 1)
    while begin < first and not "\u4e00" <= text[begin] <= "\u9fff":
        begin += 1
    return max(begin, first - (_LONGEST_CHAIN if stop else _LONGEST_OPEN))


def _is_address(text: str, start: int, core: Core, end: int) -> bool:
    """Whether enough is said to find a door: a place around it, a door after it, or a word such as 地址 before it."""
    seen = text[start:end]
    is_placed = is_place(text, start) or bool(_ADMIN.search(text, start, core.start + 1))
    is_deep = end > core.end
    if core.kind == "village":
        return is_placed or (is_deep and text[end - 1].isdigit())
    if core.kind == "door":
        return True
    is_asked = bool(_STRONG.search(text, max(0, start - 10), start + 1))
    if core.kind == "road" and _NO_ROAD.search(re.sub(r"[\dA-Za-z].*", "", text[core.start : core.end]) or "x"):
        return is_placed or (is_deep and is_asked)
    if core.kind == "triple":
        return is_asked and len(seen) >= _SHORTEST_TRIPLE
    if core.kind == "crossing":
        return is_placed or is_asked
    if core.kind == "house":
        return "-" in text[core.start : core.end] or is_placed or is_deep or (is_asked and len(seen) >= 7)
    return is_placed or is_deep or is_asked or len(seen) >= 8
