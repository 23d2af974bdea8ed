"""One spelling for what is written in several, character for character, so that places in both texts are the same."""

from __future__ import annotations

import re
from typing import Final

from .spans import KINDS

MARKS: Final = {kind: chr(0xE000 + place) for place, kind in enumerate(KINDS)}
"""The character of each kind that stands where something of it has been found already."""
OPAQUE: Final = "".join(MARKS.values())
"""All of them, as they stand between the brackets of a pattern."""

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_CIRCLED = (
    {0x2460 + n: ord("1") + n for n in range(9)} | {0x2776 + n: ord("1") + n for n in range(9)} | {0x24EA: ord("0")}
)
_SPACES = dict.fromkeys((0x3000, 0xA0, 0x2002, 0x2003, 0x2009, 0x202F), ord(" "))
_DASHES = dict.fromkeys((0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2015, 0x2212, 0x2500), ord("-"))
_QUOTES = dict.fromkeys((0x2019, 0x2018), ord("'"))
_UNSEEN = dict.fromkeys((0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF), ord(" "))
_TRADITIONAL = (
    "號單訂區縣鎮鄉東門層棟組貨聯絡電話機買戶園廈廣臺灣遼寧蘇樓陳張劉黃吳鄭馬孫許謝趙楊蔣葉呂訊顧實編帳這個請賬"
    "開師顯顏羅鄧馮蘭龍鐘鍾紅軒國華陸龔嚴賀賴鄒湯錢譚蕭盧錄際廳衝莊條碼證體銀認問衛發達後對來會說訪歐陽諸遲處寫"
)
_SIMPLIFIED = (
    "号单订区县镇乡东门层栋组货联络电话机买户园厦广台湾辽宁苏楼陈张刘黄吴郑马孙许谢赵杨蒋叶吕讯顾实编帐这个请账"
    "开师显颜罗邓冯兰龙钟钟红轩国华陆龚严贺赖邹汤钱谭萧卢录际厅冲庄条码证体银认问卫发达后对来会说访欧阳诸迟处写"
)
_RESERVED = {ord(character): 0xFFFD for character in OPAQUE}
_TABLE = (
    _FULL_WIDTH | _CIRCLED | _SPACES | _DASHES | _QUOTES | _UNSEEN | _RESERVED
    | {ord(old): ord(new) for old, new in zip(_TRADITIONAL, _SIMPLIFIED, strict=True)}
)  # fmt: skip
_PUNCTUATION = {"，": ",", "：": ":", "（": "(", "）": ")", "；": ";"}
_PLAIN = frozenset(map(ord, (*_PUNCTUATION, "！", "？", "～")))
_ODD = re.compile(f"[{''.join(re.escape(chr(code)) for code in _TABLE if code not in _PLAIN)}]")
_DIGIT = "[0-9零〇一二三四五六七八九幺壹贰叁肆伍陆柒捌玖]"
_NUMERALS = str.maketrans("零〇一二三四五六七八九幺壹贰叁肆伍陆柒捌玖", "001234567891123456789")
_COUNTED = re.compile("[零〇一二三四五六七八九幺壹贰叁肆伍陆柒捌玖]{3}")
_SPOKEN = re.compile(rf"{_DIGIT}(?:[ \-]?{_DIGIT}){{10,}}")


def folded(text: str) -> str:
    """`text` with full-width forms, odd spaces and dashes, traditional characters of labels, and spoken digits folded.

    The result is as long as the text.
    """
    if text.isascii():
        return text
    # Most texts hold no more of these than a comma and a colon, and five replacements cost less than one translation.
    if _ODD.search(text):
        text = text.translate(_TABLE)
    else:
        for wide, narrow in _PUNCTUATION.items():
            text = text.replace(wide, narrow)
    return _SPOKEN.sub(lambda run: run.group().translate(_NUMERALS), text) if _COUNTED.search(text) else text


def lowered(text: str) -> str:
    """`text` in small letters, as long as before: a rare capital that would become two characters stays."""
    low = text.lower()
    return low if len(low) == len(text) else "".join(one if len(one := char.lower()) == 1 else char for char in text)
