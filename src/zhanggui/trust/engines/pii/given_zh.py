"""Where a Chinese name ends: which characters it may have, and what may follow it."""

from __future__ import annotations

import re

from zhanggui.kernel.text import is_word

from .chances_zh import SURNAME_WEIGHTS
from .gazetteer import CITIES, PROVINCES
from .surnames import COMPOUND, GIVEN, NO_NAMES, SINGLE

HAN = r"[\u4e00-\u9fff]"
_NO_GIVEN = frozenset(
    "的了是吗呢吧啊呀么什怎谁哪这那们你您他她它我不没都也还就很太被把给请问到去说写填有无能多少几个只每另再上下"
)
DOTS = "·•・‧∙"
DOT = f"[{DOTS}]"
MINORITY = re.compile(rf"{HAN}{{1,6}}{DOT}{HAN}{{1,6}}(?:{DOT}{HAN}{{1,6}})?")
_FOLLOW = re.compile(
    r"先生|女士|小姐|老师|师傅|阿姨|大姐|大哥|同学|经理|医生|太太|收|改|.(?:先生|女士|小姐)|的|投诉|反馈|反映"
    r"|说|来电|来信|申请|退|换"
    r"|要求|催|咨询|电话|手机|联系|地址|住址|号|身份证|卡号|微信|邮箱|邮件"
    r"|[和与跟及或是在已也都还没不要把被给让对从向]"
    r"|上门|下单|签|代|本人|[你您]好|[吗呢吧啊呀了]|可以|可能"
    r"|[能会想问因就才又再请麻写打叫这那您你他她我今昨明刚之为用来去送寄取拿买付有预订购提]|安装|服务|态度"
    r"|[很太真系嘅攞喺佢唔]|特别|非常|帮|确认|同意|[拒未无女男]|性别|生日|生于|登录|注册|绑定|留|评|主|完"
)
_AFTER_DOTTED = re.compile(
    r"先生|女士|小姐|老师|师傅|收|的|说|电话|手机|投诉|反馈|[在是和]|下单|签收|地址|来电|退|要|没|已"
)
_PLACES = frozenset((*PROVINCES, *CITIES))
_SPACED = re.compile(rf"{HAN} {HAN}(?:{HAN})?(?!{HAN})")
_TITLES = frozenset(
    [
        *(
            "先生",
            "小姐",
            "女士",
            "阿姨",
            "老师",
            "师傅",
            "大哥",
            "大姐",
            "经理",
            "院长",
            "医生",
            "老板",
            "主任",
            "同学",
        ),
        *(
            "总监",
            "教练",
            "大爷",
            "大妈",
            "叔叔",
            "姐姐",
            "哥哥",
            "律师",
            "教授",
            "校长",
            "局长",
            "店长",
            "大夫",
            "护士",
            *"总工董姐哥叔姨爷奶嫂弟妹导",
        ),
    ]
)
WORDS_TOO = frozenset(
    "和连满花费符简于时车查万祝应向平元云纪支麻敬松斯才兰楼沙秋谈宾寻伏腾皮强滑怀哈宿阴母晓仓丘鱼税鹿乌巴伯墨班凤幸"
)
"""Surnames that are common words by themselves."""
_LITTLE = -5
_SEPARATORS = frozenset(" :=\"'“「【(<")


def is_little_word(text: str, start: int) -> bool:
    """Whether a surname that is a word like 和 or 向 stands there, and no sign before it shows that a name begins."""
    is_shown = start > 0 and text[start - 1] in _SEPARATORS
    return not is_shown and SURNAME_WEIGHTS.get(text[start : start + 1], 0) <= _LITTLE


def strong_end(text: str, start: int) -> int | None:
    """Where a name ends after a word that nothing but a name follows, such as 收件人."""
    if match := MINORITY.match(text, start):
        return until_follow(text, match)
    if text[start : start + 2] in COMPOUND:
        lengths: tuple[int, ...] = (4, 3)
    elif text[start : start + 1] in SINGLE and not is_little_word(text, start):
        lengths = (3, 2)
    else:
        return None
    if end := _plain_end(text, start, lengths):
        return end
    if (spaced := _SPACED.match(text, start)) and text[start - 1] in _SEPARATORS:
        return spaced.end()
    before = text[start - 1]
    is_four = before in _SEPARATORS and not is_han(text[start + 4 : start + 5]) and is_name(text, start, 4)
    if is_four and not is_word(text[start : start + 2]) and not is_word(text[start + 2 : start + 4]):
        return start + 4
    if before in _SEPARATORS and before != " " and is_name(text, start, 3):
        return start + 3
    is_told = before == "叫" and not is_han(text[start + 3 : start + 4])
    return start + 3 if is_told and all(map(is_han, text[start : start + 3])) and len(text) >= start + 3 else None


def _plain_end(text: str, start: int, lengths: tuple[int, ...]) -> int | None:
    """Where a name ends before a sign or a word such as 说; a third character must be one that names end with."""
    ends = [start + length for length in lengths if is_name(text, start, length) and may_end(text, start + length)]
    if len(ends) == 2 and is_han(text[ends[1]]) and not is_given(text, ends[1], ends[0]):
        return ends[1]
    if ends:
        return ends[0]
    return None


def is_given(text: str, start: int, end: int) -> bool:
    """Whether all characters from `start` to `end` are such as given names are made of."""
    return end <= len(text) and GIVEN.issuperset(text[start:end])


def may_end(text: str, end: int) -> bool:
    """Whether no Chinese character follows, or a word that follows names."""
    return not is_han(text[end : end + 1]) or bool(_FOLLOW.match(text, end))


def is_han(character: str) -> bool:
    """Whether it is a Chinese character; not so of no character."""
    return "\u4e00" <= character <= "\u9fff"


def is_name(text: str, start: int, length: int) -> bool:
    """Whether `length` characters can be a name: no word, no place, nothing in them that names never have."""
    word = text[start : start + length]
    if len(word) != length or not "\u4e00" <= min(word) <= max(word) <= "\u9fff":
        return False
    given = word[2:] if word[:2] in COMPOUND else word[1:]
    return (
        _NO_GIVEN.isdisjoint(given)
        and given not in _TITLES
        and word[:2] not in NO_NAMES
        and word[:2] not in _PLACES
        and word not in _PLACES
    )


def until_follow(text: str, match: re.Match[str]) -> int:
    """The end of the last part: before a word that follows names, and at least two characters on."""
    last = match.start() + max(place for place, character in enumerate(match.group()) if re.match(DOT, character)) + 1
    for end in range(min(last + 2, match.end()), match.end()):
        if _AFTER_DOTTED.match(text, end):
            return end
    return match.end()
