"""Names of people in Chinese text: surname and given name after a word for a person, before a title, on a label.

A surname alone proves nothing (`王老吉`, `马上`, `方便`): something around it has to say that a person is meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from zhanggui.kernel.text import is_word

from .cues_zh import ACTS, AFTER, KNOWN, PEOPLE
from .folding import MARKS, OPAQUE
from .given_zh import (
    DOT,
    DOTS,
    HAN,
    MINORITY,
    is_given,
    is_han,
    is_little_word,
    is_name,
    may_end,
    strong_end,
    until_follow,
)
from .names_en import FULL_NAME, INITIALS, is_person
from .spans import MOBILE, NAME, Span
from .surnames import COMPOUND, SINGLE

_DOTTED = re.compile(DOT)
_SAYS = (
    r"(?:姓名|名字|名称|名)?(?:一栏|那栏|栏|处|代表)?(?:\s?(?:都是|就是|还是|仍是|依旧是|应该?是|是|为|系|叫做|叫|填的?是|填的|填"
    r"|写的?是|写的|写成|写"
    r"|改成|改为|改|换成|显示是?|登记的?是|登记|[:=\"'“”「【(《<])){0,4}\s{0,2}"
)
_STRONG_WORDS = (
    r"收件人|收货人|寄件人|联系人|联络人|发件人|取件人|提货人|持卡人|付款人|收款人|推荐人|签收人|代收人|经办人"
    r"|购买人|购票人|乘车人|乘客|被保人|投保人|入住人|预订人|开户人|户主|户名|开户名|账户名"
    r"|姓名|实名|真名|本名|全名|名字|署名|落款|抬头|法人|签名|刻字|刻上|病人|患者|家长|监护人|负责人"
    r"|受益人|申请人|投诉人|报修人|下单人|订购人|当事人|委托人|代理人|法定代表人|收礼人|收花人|送花人|订花人"
    r"|旅客|考生"
    r"|学员|新郎|新娘|机主|车主|房主|收件(?=:)|经办(?=:)|经手(?=:)|绣字|英文名|绣名|印字|刻名|写名|收货(?=:)"
    r"|寄件(?=:)"
    r"|发件(?=:)|取件(?=:)"
)
_STRONG = re.compile(rf"(?:{_STRONG_WORDS}){_SAYS}")
_FIELD = re.compile(r"[:=](?<=[A-Za-z\"'”\s].)\s?[\"'“]?(?=[\u4e00-\u9fff]{2})")
_FIELD_NAME = re.compile(
    r"(?:attn|to|receiver|recipient|consignee|contact|name|buyer|user|customer|sender|cardholder"
    r"|addressee)[\"'”]?\s?\Z",
    re.IGNORECASE,
)
_TITLE_WORDS = (
    r"先生|女士|小姐|太太|师傅|老师|阿姨|大姐|大哥|同学|经理|医生|总监|教授|律师|主任|主管|先森|夫人"
    r"|\(收(?=[^\u4e00-\u9fff]|\Z)|收(?=[^\u4e00-\u9fff]|\Z)|亲启|敬启|签收|代收|代领|来电|本人|敬上|谨上|敬赠"
    r"|敬贺|惠存|亲收|收启|代签|小朋友| 小朋友| 收(?=[^\u4e00-\u9fff]|\Z)| 敬上| 谨上| 敬赠|的(?:订单|包裹|快递"
    r"|积分|电话|手机"
    r"|身份证"
    r"|地址|账号|卡)"
)
_TITLE = re.compile(_TITLE_WORDS)
_SURNAMED = re.compile(rf"姓([{''.join(sorted(SINGLE))}])(?!名)[^\n。]{{0,8}}?(\1{HAN}{{2}})")
_SIGN = re.compile(f"[:=.、)姓~{DOTS}{MARKS[MOBILE]}-]")
_SPEAKER = re.compile(rf"({HAN}{{2,4}})(?=:|说:)")
_NEXT_SPEAKER = re.compile(rf"\n({HAN}{{2,4}})(?=:|说:)")
_SIGNED = re.compile(rf"[-~]\s?({HAN}{{2,4}})\s*\Z")
_SIGNED_SHORT = re.compile(rf"(?:--|~)\s?({HAN}{{2}})\s*\Z")
_LISTED = re.compile(rf"\d[.、)]\s?({HAN}{{2,3}})(?=\s?\d{{1,3}}[箱份盒斤件个瓶袋包组提])")
_PERSON_WORD = re.compile(
    rf"(?:{'|'.join(sorted(PEOPLE | ACTS, key=len, reverse=True))}|姓名|户名|名字|抬头|人)[是叫为]?"
)
_DOES = re.compile(AFTER)
_POLITE = re.compile("先生|女士|小姐")
_NO_WORD = frozenset("的了是吗呢吧们您你他她它不没这那")
_NO_DOTTED = frozenset("很好用完开漏不还就也都没")
_WHOLE = 3
_LEADING = frozenset("给和与跟找叫请由是让对的谢")
_NO_LAST = frozenset("部处科店组员人款版号家")


def chinese_names(text: str) -> Iterable[Span]:
    """All names of people in the Chinese parts of a folded text, in which other finds are opaque already."""
    has_sign = _SIGN.search(text) or _STRONG.search(text) or _TITLE.search(text)
    return _names(text) if has_sign else ()


def _names(text: str) -> Iterator[Span]:
    for match in _STRONG.finditer(text):
        yield from _named(text, match.end(), strong_end(text, match.end()))
        foreign = FULL_NAME.match(text, match.end()) or INITIALS.match(text, match.end())
        if foreign and is_person(foreign.group()):
            yield Span(foreign.start(), foreign.end(), NAME)
    for match in _TITLE.finditer(text):
        yield from _before_title(text, match.start())
    if ":" in text or "=" in text:
        yield from _after_sign(text)
    for match in _LISTED.finditer(text):
        if not is_word(match.group(1)) and is_given(text, match.end(1) - 1, match.end(1)):
            yield from _on_label(match)
    if "姓" in text:
        yield from _called(text)
    yield from _beside(text)


def _after_sign(text: str) -> Iterator[Span]:
    """Names of fields, as in `receiver: 林晓峰`, and of who speaks at the beginning of a line."""
    for match in _FIELD.finditer(text):
        if _FIELD_NAME.search(text, max(0, match.start() - 16), match.start()):
            yield from _named(text, match.end(), strong_end(text, match.end()))
    if first := _SPEAKER.match(text):
        yield from _of_speaker(first)
    for match in _NEXT_SPEAKER.finditer(text):
        yield from _of_speaker(match)


def _called(text: str) -> Iterator[Span]:
    """The whole name of somebody whose surname is told: 我姓钱，钱雨桐."""
    for match in _SURNAMED.finditer(text):
        if is_name(text, match.start(2), _WHOLE) and may_end(text, match.end(2)):
            yield Span(match.start(2), match.end(2), NAME)


def _beside(text: str) -> Iterator[Span]:
    """Names that a dash or a middle dot shows."""
    if "-" in text or "~" in text:
        for match in _SIGNED.finditer(text):
            yield from _of_speaker(match)
        if (
            (short := _SIGNED_SHORT.search(text))
            and not is_word(short.group(1))
            and is_given(text, short.end(1) - 1, short.end(1))
        ):
            yield from _on_label(short)
    if _DOTTED.search(text):
        for match in MINORITY.finditer(text):
            yield from _of_minority(text, match)


def _of_speaker(match: re.Match[str]) -> Iterator[Span]:
    """Who stands alone at the beginning of a line before a colon, or signs the end."""
    name = match.group(1)
    if len(name) >= _WHOLE and is_given(name, len(name) - 2, len(name)):
        yield from _on_label(match)


def _named(text: str, start: int, end: int | None) -> Iterator[Span]:
    if end is not None and text[end - 1] not in _NO_LAST:
        yield Span(start, end, NAME)


def _on_label(match: re.Match[str]) -> Iterator[Span]:
    """A name that stands alone beside a telephone number."""
    word = match.group(match.lastindex or 0)
    if len(word) > 2 and word.endswith("收"):
        word = word[:-1]
    starts = word[:2] in COMPOUND or (word[0] in SINGLE and len(word) <= 3)
    if starts and word not in KNOWN and is_name(word, 0, len(word)) and word[-1] not in _NO_LAST:
        start = match.start(match.lastindex or 0)
        yield Span(start, start + len(word), NAME)


def _before_title(text: str, title: int) -> Iterator[Span]:
    """A whole name before a title; one of two characters only where no longer word can hold it."""
    for length in (4, 3, 2):
        start = title - length
        if start < 0 or not (is_name(text, start, length) or _is_polite(text, start, title)):
            continue
        is_compound = text[start : start + 2] in COMPOUND
        if is_little_word(text, start):
            continue
        if (is_compound != (length == 4) and not (is_compound and length == 3)) or (
            not is_compound and text[start] not in SINGLE
        ):
            continue
        before = text[start - 1 : start] if start else ""
        is_thing = text[title] == "的" and is_word(text[start:title])
        is_sure = length > 2 or (is_given(text, start + 1, title) and not is_thing)
        is_long = length > 2 and is_given(text, title - 2, title)
        if is_sure and (is_long or not before or not is_han(before) or before in _LEADING):
            yield Span(start, title, NAME)
            return


def _is_polite(text: str, start: int, title: int) -> bool:
    """Whether three characters that begin a clause as a surname does stand before 先生: then any given name will do."""
    return (
        title - start == _WHOLE
        and not is_han(text[start - 1 : start] if start else "")
        and bool(_POLITE.match(text, title))
        and _NO_WORD.isdisjoint(text[start:title])
        and all(map(is_han, text[start:title]))
    )


def _of_minority(text: str, match: re.Match[str]) -> Iterator[Span]:
    """A name with a middle dot, after a word for a person or beside what has been found."""
    start = match.start()
    if not _NO_DOTTED.isdisjoint(match.group()):
        return
    head = re.split(DOT, match.group())[0]
    leads = [lead.end() for lead in _PERSON_WORD.finditer(head) if lead.end() < len(head)]
    if leads:
        yield Span(start + leads[-1], until_follow(text, match), NAME)
        return
    end = until_follow(text, match)
    is_led = _PERSON_WORD.search(text, max(0, start - 6), start) or any(mark in text for mark in OPAQUE)
    if is_led or _DOES.match(text, end):
        yield Span(start, end, NAME)
