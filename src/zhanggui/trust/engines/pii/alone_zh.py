"""Names of people that no label tells: the writer's words before and after, and the dictionary, decide.

A candidate is a surname and one or two characters of given names. It is a name when no word of the dictionary reaches
over its ends, and a person, an act or a number beside it says that somebody is meant; a word of the dictionary takes
more of this than what is no word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from zhanggui.kernel.text import is_word

from .cues_zh import AFTER, KNOWN, PEOPLE
from .folding import MARKS
from .given_zh import WORDS_TOO, is_given, is_han, is_name, may_end
from .leads_zh import lead_before
from .spans import NAME, ORDER_NUMBER, Span
from .surnames import COMPOUND, GIVEN, SINGLE
from .words_zh import is_cut

_PERSONAL = "".join(mark for kind, mark in MARKS.items() if kind not in {ORDER_NUMBER, NAME})
_HAN = "\u4e00-\u9fff"
_FIRSTS = "".join(sorted(SINGLE | {name[0] for name in COMPOUND}))
_SECONDS = "".join(sorted(GIVEN | {name[1] for name in COMPOUND}))
_CANDIDATE = re.compile(f"[{_FIRSTS}](?=[{_SECONDS}])")
_TRANSLATED = re.compile(
    "[阿艾买热古努帕麦木吐扎次卓巴格乌娜萨苏玛仁尼达央多桑旺其斯那呼宝德]"
    "[依丽古力迪江买提尔汗热娜孜木合拉曼姆仁措西卓玛吉央金堆杰珠多旺琴其格图雅日嘎云塔娅斯布都克帕尼夏甫里尤努日琴高勒音特拉坦斯吉花]{2,6}"
    f"(?![{_HAN}])"
)
_DOES = re.compile(rf"\s?(?:{AFTER})")
_BEFORE_NUMBER = re.compile(
    r"[\s,，、/|:;()（）。-]{0,4}(?:收[\s,，:)]{0,2})?"
    r"(?:(?:手机|电话|身份证|卡号|证件|地址|邮箱|账号|tel)[号码电话]{0,2}[:：\s]{0,2})?"
    f"[{_PERSONAL}]",
    re.IGNORECASE,
)
_AFTER_NUMBER = re.compile(rf"[{_PERSONAL}][\s,，、/|:;()（）。-]{{0,4}}\Z")
_NO_LAST = frozenset("部处科店组员人款版号家路街村镇乡县市区厂牌茶酒")
_WHOLE = 3
_MILD = frozenset("的从把将")


def names_alone(text: str) -> Iterable[Span]:
    """All names in the Chinese parts of a folded text that something beside them tells; the rest is opaque already."""
    return _names(text) if _CANDIDATE.search(text) or _TRANSLATED.search(text) else ()


def _names(text: str) -> Iterator[Span]:
    for match in _TRANSLATED.finditer(text):
        is_told = lead_before(text, match.start()) or _is_apart(text, *match.span())
        if is_told and match.group() not in KNOWN:
            yield Span(match.start(), match.end(), NAME)
    place = 0
    for match in _CANDIDATE.finditer(text):
        if match.start() >= place and (end := _end(text, match.start())):
            yield Span(match.start(), end, NAME)
            place = end


def _end(text: str, start: int) -> int | None:
    """Where the name ends that begins with a surname, if one does: with two characters of a given name, or with one."""
    if text.startswith(COMPOUND, start):
        given = start + 2
    elif text[start] in SINGLE:
        given = start + 1
    else:
        return None
    for end in (given + 2, given + 1):
        if _is_made(text, start, given, end) and _is_told(text, start, end) and not is_cut(text, start, end):
            return end
    return None


def _is_made(text: str, start: int, given: int, end: int) -> bool:
    """Whether the characters are such as names are made of; after a word for a person the last one is enough."""
    if text[end - 1 : end] in _NO_LAST or not is_name(text, start, end - start):
        return False
    if end - start == _WHOLE and _is_apart(text, start, end):
        return True
    return is_given(text, end - 1, end) and (is_given(text, given, end) or lead_before(text, start) in PEOPLE)


def _is_told(text: str, start: int, end: int) -> bool:
    name, is_long = text[start:end], end - start > 2
    lead = lead_before(text, start)
    is_open = not is_han(text[end : end + 1])
    is_alone = is_open and not is_han(text[start - 1 : start] if start else "")
    if is_alone and _is_beside(text, start, end):
        return True
    is_doing = bool(_DOES.match(text, end))
    is_common = name in KNOWN or (name[0] in WORDS_TOO and not name.startswith(COMPOUND))
    is_free = is_open or is_doing or may_end(text, end)
    if not (is_free or (lead and is_long)) or not (lead or is_doing or is_alone):
        return False
    if is_word(name):
        return is_free and _is_told_word(name, lead, is_doing=is_doing)
    if not is_free:
        return lead not in _MILD and (name[0] not in WORDS_TOO or name.startswith(COMPOUND))
    if is_alone and is_long and not is_common:
        return True
    return bool(lead or is_doing) and (not is_common or lead in PEOPLE)


def _is_told_word(name: str, lead: str, *, is_doing: bool) -> bool:
    """Whether a name that is a word of the dictionary too, or a known one, is meant as a name."""
    if lead in PEOPLE:
        return len(name) > 2 or name not in KNOWN
    return name not in KNOWN and ((bool(lead) or is_doing) if len(name) > 2 else (bool(lead) and is_doing))


def _is_apart(text: str, start: int, end: int) -> bool:
    """Whether a stretch stands alone beside a number or an address."""
    before = text[start - 1 : start] if start else ""
    return not is_han(before) and not is_han(text[end : end + 1]) and _is_beside(text, start, end)


def _is_beside(text: str, start: int, end: int) -> bool:
    is_before = _BEFORE_NUMBER.match(text, end)
    return bool(is_before or _AFTER_NUMBER.search(text, max(0, start - 6), start))
