"""One spelling for what is written in several, character for character, so that places in both texts are the same."""

from __future__ import annotations

import re
from typing import Final

from .spans import KINDS
from .traditional import SIMPLIFIED

MARKS: Final = {kind: chr(0xE000 + place) for place, kind in enumerate(KINDS)}
"""The character of each kind that stands where something of it has been found already."""
OPAQUE: Final = "".join(MARKS.values())
"""All of them, as they stand between the brackets of a pattern."""

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_CIRCLED = (
    {0x2460 + n: ord("1") + n for n in range(9)} | {0x2776 + n: ord("1") + n for n in range(9)} | {0x24EA: ord("0")}
)
_ZEROS = (
    "\u0660\u06f0\u07c0\u0966\u09e6\u0a66\u0ae6\u0b66\u0be6\u0c66\u0ce6\u0d66\u0de6\u0e50\u0ed0"
    "\u0f20\u1040\u1090\u17e0\u1810\u1946\u19d0\u1a80\u1a90\u1b50\u1bb0\u1c40\u1c50\ua620\ua8d0"
    "\ua900\ua9d0\ua9f0\uaa50\uabf0"
)
_BOLD = range(0x1D7CE, 0x1D800)
_DIGITS = {ord(zero) + n: ord("0") + n for zero in _ZEROS for n in range(10)} | {
    code: ord("0") + (code - _BOLD[0]) % 10 for code in _BOLD
}
_SPACES = dict.fromkeys((0x3000, 0xA0, 0x2002, 0x2003, 0x2009, 0x202F), ord(" "))
_DASHES = dict.fromkeys((0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2015, 0x2212, 0x2500), ord("-"))
_QUOTES = dict.fromkeys((0x2019, 0x2018), ord("'"))
_UNSEEN = dict.fromkeys((0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0xFE0F, 0x20E3), ord(" "))
_SPELLINGS = str.maketrans("葳溦徵嶶徾🛰ⓥ♥♡💗💕💖💚🟢", "薇微微微微卫v❤❤❤❤❤绿绿")
_RESERVED = {ord(character): 0xFFFD for character in OPAQUE}
_TABLE = (
    _DIGITS | _FULL_WIDTH | _CIRCLED | _SPACES | _DASHES | _QUOTES | _UNSEEN | _SPELLINGS | _RESERVED
    | SIMPLIFIED
)  # fmt: skip
_PUNCTUATION = {"，": ",", "：": ":", "（": "(", "）": ")", "；": ";"}
_PLAIN = frozenset(map(ord, (*_PUNCTUATION, "！", "？", "～")))
_ODD = re.compile(
    f"[{''.join(re.escape(chr(code)) for code in _TABLE if code not in _PLAIN and code not in _BOLD)}"
    f"{chr(_BOLD[0])}-{chr(_BOLD[-1])}]"
)
_DIGIT = "[0-9零〇一二三四五六七八九幺壹贰叁肆伍陆柒捌玖]"
_NUMERALS = str.maketrans("零〇一二三四五六七八九幺壹贰叁肆伍陆柒捌玖", "001234567891123456789")
_NUMERAL = "[零〇一二三四五六七八九幺壹贰叁肆伍陆柒捌玖]"
_RARE = re.compile(
    rf"[{_ODD.pattern[1:-1]}{_NUMERAL[1:-1]}](?:(?<!{_NUMERAL})|(?={_NUMERAL}{_NUMERAL})|(?<=[0-9].)(?=[0-9]))"
)
_PAUSES = dict.fromkeys(map(ord, ",、."), ord(" "))
_COUNTED = re.compile(f"{_NUMERAL}(?:{_NUMERAL}{_NUMERAL}|(?<=[0-9].)[0-9])")
_DASHED = re.compile("(1[3-9][0-9])一([0-9]{4})一([0-9]{4})")
_LETTERED = re.compile(r"(?<![A-Za-z0-9])[1Il][3-9](?:[ -]?[0-9OoIl]){9}(?![A-Za-z0-9])")
_LETTER_BESIDE = re.compile("[0-9][OoIl]")
_LIKE_DIGITS = str.maketrans("OoIl", "0011")
_LEAST_DIGITS = 5
_SPOKEN = re.compile(rf"{_DIGIT}(?:[ \-]?{_DIGIT}){{10,}}")
_DICTATED = re.compile(rf"{_NUMERAL}(?:[,、. \-]?{_NUMERAL}){{10,}}")


def folded(text: str) -> str:
    """`text` with full-width forms, odd spaces and dashes, traditional characters, and spoken digits folded.

    The result is as long as the text.
    """
    if _LETTER_BESIDE.search(text):
        text = _LETTERED.sub(_digits, text)
    if text.isascii():
        return text
    # Most texts hold no more of these than a comma and a colon, and five replacements cost less than one translation.
    found = _RARE.search(text)
    if found and _ODD.search(text, found.start()):
        text = text.translate(_TABLE)
    else:
        for wide, narrow in _PUNCTUATION.items():
            text = text.replace(wide, narrow)
    if not found or not _COUNTED.search(text):
        return text
    text = _DASHED.sub(r"\1-\2-\3", text)
    text = _DICTATED.sub(lambda run: run.group().translate(_NUMERALS | _PAUSES), text)
    return _SPOKEN.sub(lambda run: run.group().translate(_NUMERALS), text)


def _digits(run: re.Match[str]) -> str:
    """A telephone number written with letters for some digits (13800OOl234); what has few digits stays."""
    return run.group().translate(_LIKE_DIGITS) if sum(map(str.isdigit, run.group())) >= _LEAST_DIGITS else run.group()


def lowered(text: str) -> str:
    """`text` in small letters, as long as before: a rare capital that would become two characters stays."""
    low = text.lower()
    return low if len(low) == len(text) else "".join(one if len(one := char.lower()) == 1 else char for char in text)
