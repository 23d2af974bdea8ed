"""Names of people in Chinese text: surname and given name after a word for a person, before a title, on a label.

A surname alone proves nothing (`王老吉`, `马上`, `方便`): something around it has to say that a person is meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .folding import MARKS, OPAQUE
from .gazetteer import CITIES, PROVINCES
from .names_en import FULL_NAME, INITIALS
from .spans import MOBILE, NAME, Span
from .surnames import COMPOUND, GIVEN, NO_NAMES, SINGLE

_H = r"[\u4e00-\u9fff]"
_NO_GIVEN = frozenset(
    "的了是吗呢吧啊呀么什怎谁哪这那们你您他她它我不没都也还就很太被把给请问到去说写填有无能多少几个只每另再上下"
)
_DOTS = "·•・‧∙"
_DOT = f"[{_DOTS}]"
_DOTTED = re.compile(_DOT)
_SAYS = (
    r"(?:姓名|名字|名称|名)?(?:\s?(?:都是|就是|应该?是|是|为|叫做|叫|填的?是|填的|填|写的?是|写的|写成|写"
    r"|改成|改为|改|换成|显示是?|登记的?是|登记|[:=\"'“”「【(《<])){0,4}\s{0,2}"
)
_STRONG = re.compile(
    r"(?:收件人|收货人|寄件人|联系人|联络人|发件人|取件人|提货人|持卡人|付款人|收款人|推荐人|签收人|代收人|经办人"
    r"|购买人|购票人|乘车人|乘客|被保人|投保人|入住人|预订人|开户人|户主|户名|开户名|账户名"
    r"|姓名|实名|真名|本名|全名|名字|署名|落款|抬头|法人|签名|刻字|刻上|病人|患者|家长|监护人|负责人)"
    rf"{_SAYS}"
)
_FIELD = re.compile(r"[:=](?<=[A-Za-z\"'”\s].)\s?[\"'“]?(?=[\u4e00-\u9fff]{2})")
_FIELD_NAME = re.compile(
    r"(?:attn|to|receiver|recipient|consignee|contact|name|buyer|user|customer|sender|cardholder"
    r"|addressee)[\"'”]?\s?\Z",
    re.IGNORECASE,
)
_FIRSTS = "".join(sorted(SINGLE | {name[0] for name in COMPOUND}))
_WEAK = re.compile(
    r"(?:我是|我叫|我名叫|本人|这里是|这边是|客户|会员|顾客|买家|用户|师傅|技师|快递员|配送员|骑手|客服|店员|店长"
    r"|导购|老师|设计师|主播|医生|经理|亲爱的|尊敬的|感谢|谢谢|老公|老婆|爱人|妻子|丈夫|先生|太太|妈妈|爸爸"
    r"|我妈|我爸|女儿|儿子|孩子|朋友|同事|室友|同学|闺蜜|邻居|奶奶|爷爷|姥姥|外婆|外公|弟弟|妹妹|姐姐|哥哥|姐夫"
    r"|嫂子|舅舅|阿姨|叔叔|对象|房东|老板|员工|学生|联系|投诉|代收|代领|内容|签收|骑手|转告|告诉|业主|住户|租客"
    r"|校长|护士|大夫|教练|保安|物业|前台|团长|群主|表哥|表姐|表弟|表妹|婆婆|岳父|岳母|媳妇|亲戚|领导|师姐|师兄"
    r"|学姐|学长|司机|小哥|闺女"
    r"|改成|换成|刻成|给|祝|找|叫|由|请|让|是|人|员|者|转|帮|@)"
    rf"(?:\s?(?:姓名|名字|就是|是|叫"
    rf"|[:=\"'“”「【(《<])){{0,3}}\s?(?=[{_FIRSTS}]|{_H}{{1,6}}{_DOT})"
)
_TITLE = re.compile(
    r"(?:先生|女士|小姐|太太|师傅|老师|阿姨|大姐|大哥|同学|经理|医生|总监|教授|律师|主任|主管|先森|夫人"
    r"|\(收(?=[^\u4e00-\u9fff]|\Z)|收(?=[^\u4e00-\u9fff]|\Z)|亲启|敬启|签收|代收|代领|来电|本人|的(?:订单|包裹|快递|积分|电话|手机|身份证"
    r"|地址|账号|卡))"
)
_LABEL = re.compile(
    rf"(?:(?<=[\s,:;、/|\"'(【\[，：]|[{OPAQUE}])|\A)({_H}{{2,4}})[\s,，、/"
    rf"|:;]{{0,3}}(?:\(?收\)?[\s,:，]{{0,2}})?(?:(?:手机|电话|联系)[号码电话]{{0,2}}:?\s?)?(?={MARKS[MOBILE]})"
)
_SPEAKER = re.compile(rf"({_H}{{2,4}})(?=:|说:)")
_NEXT_SPEAKER = re.compile(rf"\n({_H}{{2,4}})(?=:|说:)")
_SIGNED = re.compile(rf"[-~]\s?({_H}{{2,4}})\s*\Z")
_AFTER_PHONE = re.compile(rf"{MARKS[MOBILE]}[\s,，、/|:;]{{1,3}}({_H}{{2,4}})(?=[\s,，、/|;。)]|\Z)")
_MINORITY = re.compile(rf"{_H}{{1,6}}{_DOT}{_H}{{1,6}}(?:{_DOT}{_H}{{1,6}})?")
_PERSON_WORD = re.compile(
    r"(?:朋友|客户|会员|顾客|买家|用户|老师|师傅|我是|我叫|叫|是|同事|同学|给|找|和|人|亲爱的|姓名|户名|名字|抬头)"
)
_FOLLOW = re.compile(
    r"先生|女士|小姐|老师|师傅|阿姨|大姐|大哥|同学|经理|医生|太太|收|的|投诉|反馈|反映|说|来电|来信|申请|退|换"
    r"|要求|催|咨询|电话|手机|联系|地址|住址|号|身份证|卡号|微信|邮箱|邮件"
    r"|[和与跟及或是在已也都还没不要把被给让对从向]"
    r"|上门|下单|签|代|本人|[你您]好|[吗呢吧啊呀了]|可以|可能"
    r"|[能会想问因就才又再请麻写打叫这那您你他她我今昨明刚之为用来去送寄取拿买付有预订购提]|安装|服务|态度"
    r"|[很太真]|特别|非常|帮|确认|同意|[拒未无女男]|性别|生日|生于|登录|注册|绑定|留|评|主|完"
)
_AFTER_DOTTED = re.compile(
    r"先生|女士|小姐|老师|师傅|收|的|说|电话|手机|投诉|反馈|[在是和]|下单|签收|地址|来电|退|要|没|已"
)
_STOP_AFTER_WEAK = re.compile(
    r"同款|[牌酒茶药路街区县市省镇村店版餐]|家的|品牌|集团|公司|超市|公园|大学|中学|小学|医院|银行|号店|旗舰|专卖"
    r"|系列"
)
_LEADING = frozenset("给和与跟找叫请由是让对的谢")
_NO_LAST = frozenset("部处科店组员人款版号家")
_PLACES = frozenset((*PROVINCES, *CITIES))
_SEPARATORS = frozenset(" :=\"'“「【(<")


def chinese_names(text: str) -> Iterator[Span]:
    """All names of people in the Chinese parts of a folded text, in which other finds are opaque already."""
    for match in _STRONG.finditer(text):
        yield from _named(text, match.end(), _strong_end(text, match.end()))
        if foreign := FULL_NAME.match(text, match.end()) or INITIALS.match(text, match.end()):
            yield Span(foreign.start(), foreign.end(), NAME)
    for match in _FIELD.finditer(text):
        if _FIELD_NAME.search(text, max(0, match.start() - 16), match.start()):
            yield from _named(text, match.end(), _strong_end(text, match.end()))
    for match in _WEAK.finditer(text):
        yield from _named(text, match.end(), _weak_end(text, match.end()))
    for match in _TITLE.finditer(text):
        yield from _before_title(text, match.start())
    yield from _beside(text)


def _beside(text: str) -> Iterator[Span]:
    """Names that a telephone number or a middle dot shows."""
    if MARKS[MOBILE] in text:
        for pattern in (_LABEL, _AFTER_PHONE):
            for match in pattern.finditer(text):
                yield from _on_label(match)
    for match in _speakers(text):
        name = match.group(1)
        if len(name) > 2 and _is_given(name, len(name) - 2, len(name)):
            yield from _on_label(match)
    if _DOTTED.search(text):
        for match in _MINORITY.finditer(text):
            yield from _of_minority(text, match)


def _speakers(text: str) -> Iterator[re.Match[str]]:
    """What stands alone at the beginning of a line before a colon, or signs the end."""
    if ":" in text:
        if first := _SPEAKER.match(text):
            yield first
        yield from _NEXT_SPEAKER.finditer(text)
    yield from _SIGNED.finditer(text)


def _named(text: str, start: int, end: int | None) -> Iterator[Span]:
    if end is not None and text[end - 1] not in _NO_LAST:
        yield Span(start, end, NAME)


def _strong_end(text: str, start: int) -> int | None:
    """Where a name ends after a word that nothing but a name follows, such as 收件人."""
    if match := _MINORITY.match(text, start):
        return _until_follow(text, match)
    if text.startswith(COMPOUND, start):
        lengths: tuple[int, ...] = (4, 3)
    elif text[start : start + 1] in SINGLE:
        lengths = (3, 2)
    else:
        return None
    if end := _plain_end(text, start, lengths):
        return end
    before = text[start - 1]
    if before in _SEPARATORS and not _is_han(text[start + 4 : start + 5]) and _is_name(text, start, 4):
        return start + 4
    if before in _SEPARATORS and before != " " and _is_name(text, start, 3):
        return start + 3
    is_told = before == "叫" and not _is_han(text[start + 3 : start + 4])
    return start + 3 if is_told and all(map(_is_han, text[start : start + 3])) and len(text) >= start + 3 else None


def _weak_end(text: str, start: int) -> int | None:
    """Where a name ends after a word that other things follow too: characters of given names, or a sign after it."""
    if match := _MINORITY.match(text, start):
        return _until_follow(text, match)
    if text.startswith(COMPOUND, start):
        lengths: tuple[int, ...] = (4, 3)
    elif text[start : start + 1] in SINGLE:
        lengths = (3, 2)
    else:
        return None
    end = _plain_end(text, start, lengths)
    if end is None and _is_given(text, start + 1, start + 3) and _is_name(text, start, 3):
        end = start + 3
    if end is None or _STOP_AFTER_WEAK.match(text, end):
        return None
    return end if end - start > 2 or _is_given(text, start + 1, end) else None


def _plain_end(text: str, start: int, lengths: tuple[int, ...]) -> int | None:
    """Where a name ends before a sign or a word such as 说; a third character must be one that names end with."""
    ends = [start + length for length in lengths if _is_name(text, start, length) and _ends(text, start + length)]
    if len(ends) == 2 and _is_han(text[ends[1]]) and not _is_given(text, ends[1], ends[0]):
        return ends[1]
    if ends:
        return ends[0]
    return None


def _is_given(text: str, start: int, end: int) -> bool:
    return end <= len(text) and all(character in GIVEN for character in text[start:end])


def _ends(text: str, end: int) -> bool:
    return not _is_han(text[end : end + 1]) or bool(_FOLLOW.match(text, end))


def _is_han(character: str) -> bool:
    return "\u4e00" <= character <= "\u9fff"


def _is_name(text: str, start: int, length: int) -> bool:
    word = text[start : start + length]
    if len(word) != length or not all(map(_is_han, word)):
        return False
    given = word[2:] if word.startswith(COMPOUND) else word[1:]
    return _NO_GIVEN.isdisjoint(given) and word[:2] not in NO_NAMES and word[:2] not in _PLACES and word not in _PLACES


def _on_label(match: re.Match[str]) -> Iterator[Span]:
    """A name that stands alone beside a telephone number."""
    word = match.group(match.lastindex or 0)
    if len(word) > 2 and word.endswith("收"):
        word = word[:-1]
    starts = word.startswith(COMPOUND) or (word[0] in SINGLE and len(word) <= 3)
    if starts and _is_name(word, 0, len(word)) and word[-1] not in _NO_LAST:
        start = match.start(match.lastindex or 0)
        yield Span(start, start + len(word), NAME)


def _before_title(text: str, title: int) -> Iterator[Span]:
    """A whole name before a title; one of two characters only where no longer word can hold it."""
    for length in (4, 3, 2):
        start = title - length
        if start < 0 or not _is_name(text, start, length):
            continue
        is_compound = text.startswith(COMPOUND, start)
        if (is_compound != (length == 4) and not (is_compound and length == 3)) or (
            not is_compound and text[start] not in SINGLE
        ):
            continue
        before = text[start - 1 : start] if start else ""
        is_sure = length > 2 or _is_given(text, start + 1, title)
        is_long = length > 2 and _is_given(text, title - 2, title)
        if is_sure and (is_long or not before or not _is_han(before) or before in _LEADING):
            yield Span(start, title, NAME)
            return


def _of_minority(text: str, match: re.Match[str]) -> Iterator[Span]:
    """A name with a middle dot, after a word for a person or beside what has been found."""
    start = match.start()
    head = re.split(_DOT, match.group())[0]
    leads = [lead.end() for lead in _PERSON_WORD.finditer(head) if lead.end() < len(head)]
    if leads:
        yield Span(start + leads[-1], _until_follow(text, match), NAME)
    elif _PERSON_WORD.search(text, max(0, start - 6), start) or any(mark in text for mark in OPAQUE):
        yield Span(start, _until_follow(text, match), NAME)


def _until_follow(text: str, match: re.Match[str]) -> int:
    """The end of the last part: before a word that follows names, and at least two characters on."""
    last = match.start() + max(place for place, character in enumerate(match.group()) if re.match(_DOT, character)) + 1
    for end in range(min(last + 2, match.end()), match.end()):
        if _AFTER_DOTTED.match(text, end):
            return end
    return match.end()
