"""Names of people that no label tells: the writer's words before and after, and the dictionary, decide.

A candidate is a surname and one or two characters of given names, or a name with a middle dot. It is a name when no
word of the dictionary reaches over its ends, when it is no word itself, and when somebody does something beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from zhanggui.kernel.text import is_word

from .cues_zh import ACTS, AFTER, KNOWN, PEOPLE
from .folding import MARKS
from .given_zh import WORDS_TOO, is_han, is_name, may_end
from .spans import NAME, ORDER_NUMBER, Span
from .surnames import COMPOUND, GIVEN, SINGLE
from .words_zh import is_cut

_PERSONAL = "".join(mark for kind, mark in MARKS.items() if kind not in {ORDER_NUMBER, NAME})
_HAN = "\u4e00-\u9fff"
_CANDIDATE = re.compile(
    rf"[{''.join(sorted(SINGLE | {name[0] for name in COMPOUND}))}](?=[{''.join(sorted(GIVEN | {name[1] for name in COMPOUND}))}])"
)
_TRANSLATED = re.compile(
    r"[阿艾买热古努帕麦木吐扎次卓巴格乌娜萨苏玛仁尼达央多桑旺]"
    r"[依丽古力迪江买提尔汗热娜孜木合拉曼姆仁措西姆卓玛吉央金堆杰珠多旺姆琴其格图雅日嘎云塔娅斯布都克帕尼夏甫里尤努]{2,6}"
    rf"(?![{_HAN}])"
)
_LED = re.compile(rf"(?:{'|'.join((*PEOPLE, *ACTS))})(?:是|叫|名叫|为|：)?[:=\s\"'“”「【(《<,]{{0,2}}\Z")
_SAID_IN_ENGLISH = re.compile(
    r"(?:\b(?:to|from|for|by|with|name(?: is|:)?|attn|contact|ask|dear|hi|hello|is|and|as))[\s:,\"'(]{1,2}\Z",
    re.IGNORECASE,
)
_DOES = re.compile(rf"\s?(?:{AFTER})")
_BESIDE_AFTER = re.compile(
    rf"[\s,，、/|:;()（）。-]{{0,4}}(?:收[\s,，:)]{{0,2}})?(?:(?:手机|电话|身份证|卡号|证件|地址|邮箱|账号|tel)[号码电话]{{0,2}}[:：\s]{{0,2}})?[{_PERSONAL}]",
    re.IGNORECASE,
)
_BESIDE_BEFORE = re.compile(rf"[{_PERSONAL}][\s,，、/|:;()（）。-]{{0,4}}\Z")
_NO_LAST = frozenset("部处科店组员人款版号家路街村镇乡县市区厂牌茶酒")
_NEAR = 8


def names_alone(text: str) -> Iterable[Span]:
    """All names in the Chinese parts of a folded text that something beside them tells; the rest is opaque already."""
    return _names(text) if _CANDIDATE.search(text) or _TRANSLATED.search(text) else ()


def _names(text: str) -> Iterator[Span]:
    for match in _TRANSLATED.finditer(text):
        if _LED.search(text, max(0, match.start() - _NEAR), match.start()) and match.group() not in KNOWN:
            yield Span(match.start(), match.end(), NAME)
    place = 0
    while match := _CANDIDATE.search(text, place):
        given = match.end() + text.startswith(COMPOUND, match.start())
        end = _end(text, match.start(), given) if given > match.end() or text[match.start()] in SINGLE else None
        if end and _is_told(text, match.start(), end):
            yield Span(match.start(), end, NAME)
        place = end or match.start() + 1


def _end(text: str, start: int, given: int) -> int | None:
    """Where the name of a candidate ends: the longest that no word of the dictionary cuts through."""
    for end in (given + 2, given + 1):
        if end > len(text) or not GIVEN.issuperset(text[given:end]) or text[end - 1] in _NO_LAST:
            continue
        if not is_name(text, start, end - start) or not (may_end(text, end) or _DOES.match(text, end)):
            continue
        if not is_cut(text, start, end):
            return end
    return None


def _is_told(text: str, start: int, end: int) -> bool:
    name = text[start:end]
    if name in KNOWN:
        return False
    is_alone = not is_han(text[end : end + 1]) and not is_han(text[start - 1 : start] if start else "")
    if is_alone and (_BESIDE_AFTER.match(text, end) or _BESIDE_BEFORE.search(text, max(0, start - 6), start)):
        return True
    before = max(0, start - _NEAR)
    is_led = bool(_LED.search(text, before, start) or _SAID_IN_ENGLISH.search(text, before, start))
    is_doing = bool(_DOES.match(text, end))
    if is_word(name):
        return (is_led or is_doing) if len(name) > 2 else (is_led and is_doing)
    return is_led or is_doing or (is_alone and len(name) > 2 and name[0] not in WORDS_TOO)
