"""Names of people that no label tells: each hint beside a candidate counts for it or against it, and the sum decides.

A candidate is a surname and one or two characters of a given name. What its characters say (`chances_zh`), the words
before and after it and the dictionary are added up, in steps of about a third of a natural logarithm.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from zhanggui.kernel.text import is_word

from .chances_zh import GIVEN_WEIGHTS, SURNAME_WEIGHTS
from .cues_zh import AFTER, KNOWN, PEOPLE
from .folding import MARKS
from .given_zh import is_han, is_name, may_end
from .leads_zh import lead_before
from .spans import NAME, ORDER_NUMBER, Span
from .surnames import COMPOUND, GIVEN, SINGLE
from .words_zh import fit

_PERSONAL = "".join(mark for kind, mark in MARKS.items() if kind not in {ORDER_NUMBER, NAME})
_HAN = "\u4e00-\u9fff"
_RARE = -5
"""From this weight on a surname is a word nearly always: only a label tells it."""
_HARDLY = -3
_FIRSTS = {name for name in SINGLE if SURNAME_WEIGHTS.get(name, 0) > _RARE} | {name[0] for name in COMPOUND}
_NO_SECONDS = {character for character, weight in GIVEN_WEIGHTS.items() if weight <= _HARDLY}
_NO_SECONDS -= GIVEN | {name[1] for name in COMPOUND}
_CANDIDATE = re.compile(f"[{''.join(sorted(_FIRSTS))}](?=[{_HAN}])(?![{''.join(sorted(_NO_SECONDS))}])")
_TRANSLATED = re.compile(
    "[阿艾买热古努帕麦木吐扎次卓巴格乌娜萨苏玛仁尼达央多桑旺其斯那呼宝德]"
    "[依丽古力迪江买提尔汗热娜孜木合拉曼姆仁措西卓玛吉央金堆杰珠多旺琴其格图雅日嘎云塔娅斯布都克帕尼夏甫里尤努日琴高勒音特拉坦斯吉花]{2,6}"
    f"(?:(?![{_HAN}])|(?=代[领收取签]|签收|先生|女士|收(?![{_HAN}])|的(?:快递|包裹|订单|单子)))"
)
_DOES = re.compile(rf"\s?(?:{AFTER}|[和跟与及、&/]\s?{MARKS[NAME]})")
_WITH_NAME = re.compile(f"{MARKS[NAME]}[和跟与及、&/ ,]{{1,2}}\\Z")
_BEFORE_NUMBER = re.compile(
    r"[\s,，、/|:;()（）。-]{0,4}(?:收[\s,，:)]{0,2})?"
    r"(?:(?:手机|电话|身份证|卡号|证件|地址|邮箱|账号|tel)[号码电话]{0,2}[:：\s]{0,2})?"
    f"[{_PERSONAL}]",
    re.IGNORECASE,
)
_AFTER_NUMBER = re.compile(rf"[{_PERSONAL}][\s,，、/|:;()（）。-]{{0,4}}\Z")
_PUBLICLY = re.compile(
    "[《》]|作[者家]|[主出饰扮]演|导演|歌手|演员|明星|代言|品牌|牌|同款|演唱会|小说|[诗词著皇]|全集|古代|大师"
)
_GOODS = re.compile(
    r"\s?的?(?:书|小说|诗|歌|词|字帖|画|[行草楷隶]书|手办|周边|抱枕|立牌|海报|黑胶|CD|cd|T恤|t恤|专辑|唱片|同款|应援|直播间"
    r"|徽章|剧|综艺|电影|粉|膏|茶|酱|酒|饼|面|糖|丸|锅|[衣裙鞋]|包(?!裹)|笔|刀|剑|扇|壶|杯|油|霜|口红|生日卡|演唱会|推荐的书)"
)
_NEAR = 8
_TITLE_BEGINS = re.compile("《[^》]{0,24}\\Z")
_TITLE_ENDS = re.compile("[^《》]{0,24}》")
_QUOTED_BRAND = re.compile(f'[”」』"](?=[{_HAN}])(?![的收这是和跟与三两四那先女小同老个人也在已没代签要])')
_NO_LAST = frozenset("部处科店组员人款版号家路街村镇乡县市区厂牌茶酒")
_COMMON = frozenset(("东方", "西门", "东门", "百里", "第五", "微生", "子车", "太叔", "公主"))
"""Surnames of two characters that are words oftener."""
_WHOLE = 3
_MILD = frozenset("的从把将我号室床楼班组")

_BAR = 15
"""What a candidate has to reach; each of the following counts for it, or against it."""
_COMPOUND, _COMMON_COMPOUND = 5, -2
_PER_GIVEN = 2
_ONE = -5
_LED = {"person": 16, "act": 13, "short": 17, "mild": 9, "greeted": 13}
_BEGINS = 10
_DOING = 1
_FOLLOWED = -9
_SHUT = -20
_ALONE = 3
_NUMBERED = 6
_WORD, _SHORT_WORD = -8, -13
_JOINED = 4
_CUT = -10
_CROSSED = -2
_RUN_ON = -3
_PUBLIC, _BRAND = -3, -10
_MOST_BEFORE = max(_LED.values())
_MOST_ELSE = _NUMBERED + _ALONE + _JOINED + _DOING


def names_alone(text: str) -> Iterable[Span]:
    """All names in the Chinese parts of a folded text that something beside them tells; the rest is opaque already."""
    return _names(text) if _CANDIDATE.search(text) or _TRANSLATED.search(text) else ()


def _names(text: str) -> Iterator[Span]:
    for match in _TRANSLATED.finditer(text):
        is_told = lead_before(text, match.start()) or _is_beside(text, *match.span()) or _DOES.match(text, match.end())
        if is_told and match.group() not in KNOWN:
            yield Span(match.start(), match.end(), NAME)
    place = 0
    for match in _CANDIDATE.finditer(text):
        if match.start() >= place and not _is_in_title(text, match.start()) and (end := _end(text, match.start())):
            yield Span(match.start(), end, NAME)
            place = end


def _is_in_title(text: str, start: int) -> bool:
    """Whether it stands in the title of a book or film, unless that is all that a word for a person leads to."""
    return (
        "《" in text
        and bool(_TITLE_BEGINS.search(text, max(0, start - 25), start) and _TITLE_ENDS.match(text, start))
        and lead_before(text, start) not in PEOPLE
    )


def _end(text: str, start: int) -> int | None:
    """Where the likeliest name ends that begins with the surname at `start`, if one is likely enough."""
    given = start + 2 if text[start : start + 2] in COMPOUND else start + 1
    if given == start + 1 and text[start] not in SINGLE:
        return None
    short = _surname(text, start, given) + _PER_GIVEN * GIVEN_WEIGHTS.get(text[given : given + 1], 0)
    long = short + _PER_GIVEN * GIVEN_WEIGHTS.get(text[given + 1 : given + 2], 0)
    short += _ONE
    most = max(short, long)
    if most + _MOST_BEFORE + _MOST_ELSE <= _BAR:
        return None
    before = _before(text, start)
    if most + before + _MOST_ELSE <= _BAR:
        return None
    first = _score(text, start, given + 2, long + before)
    second = _score(text, start, given + 1, short + before)
    if max(first, second) <= _BAR:
        return None
    return given + 2 if first >= second else given + 1


def _surname(text: str, start: int, given: int) -> int:
    if given == start + 1:
        return SURNAME_WEIGHTS.get(text[start], 0)
    return _COMMON_COMPOUND if text[start : start + 2] in _COMMON else _COMPOUND


def _score(text: str, start: int, end: int, score: int) -> int:
    """What is reached by a candidate whose characters and whose words before it say `score`."""
    if score + _MOST_ELSE <= _BAR or text[end - 1 : end] in _NO_LAST or not is_name(text, start, end - start):
        return 0
    if text[start:end] in KNOWN and not _is_said_of(text, start):
        return 0
    score += _after(text, end) + _alone(text, start, end)
    return score + _of_words(text, start, end) if score + _JOINED > _BAR else 0


def _is_said_of(text: str, start: int) -> bool:
    """Whether somebody that all know, or a namesake, is somebody to the writer."""
    lead = lead_before(text, start)
    return len(lead) > 1 and lead in PEOPLE


def _before(text: str, start: int) -> int:
    """What the word before says: who somebody is, what is done with somebody; or that a clause begins."""
    lead = lead_before(text, start)
    if lead:
        return _LED[_sort(lead)]
    if _WITH_NAME.search(text, max(0, start - 3), start):
        return _LED["act"]
    if not start or not is_han(text[start - 1]):
        return _BEGINS
    return _CROSSED if is_word(text[start - 1 : start + 1]) else 0


def _sort(lead: str) -> str:
    if lead in PEOPLE:
        return "person"
    if lead in _MILD:
        return "mild"
    if lead == "to":
        return "greeted"
    return "short" if len(lead) == 1 else "act"


def _after(text: str, end: int) -> int:
    """What follows: nothing, an act of somebody, a word that may follow names, or anything."""
    if not is_han(text[end : end + 1]):
        return 0
    if _DOES.match(text, end):
        return _DOING
    run_on = _RUN_ON if is_word(text[end - 1 : end + 1]) else 0
    return run_on + (_FOLLOWED if may_end(text, end) else _SHUT)


def _alone(text: str, start: int, end: int) -> int:
    """What stands beside: a number or an address of somebody; short names stand alone more often than not."""
    is_open = not is_han(text[end : end + 1]) and not is_han(text[start - 1 : start] if start else "")
    score = _ALONE if is_open and end - start < _WHOLE else 0
    return score + (_NUMBERED if _is_beside(text, start, end) else 0)


def _of_words(text: str, start: int, end: int) -> int:
    """What the dictionary says, of it and of words over its ends; and whether it is about the arts or a brand."""
    score = 0
    if is_word(text[start:end]):
        is_long = end - start >= _WHOLE
        score = _WORD if is_long or lead_before(text, start) else _SHORT_WORD
    if _GOODS.match(text, end) and not lead_before(text, start):
        score += _BRAND
    if _QUOTED_BRAND.match(text, end) and lead_before(text, start) not in PEOPLE:
        score += _BRAND
    is_joined, is_cut = fit(text, start, end)
    score += (_JOINED if is_joined else 0) + (_CUT if is_cut else 0)
    return score + (_PUBLIC if _PUBLICLY.search(text, max(0, start - _NEAR), end + _NEAR) else 0)


def _is_beside(text: str, start: int, end: int) -> bool:
    """Whether a stretch stands beside a number or an address, nothing but signs and labels between them."""
    is_before = _BEFORE_NUMBER.match(text, end)
    return bool(is_before or _AFTER_NUMBER.search(text, max(0, start - 6), start))
