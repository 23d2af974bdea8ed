"""A filter's text in tokens. Marks of a Chinese keyboard count as their plain likes: “茶”，（）、＜≥."""

from __future__ import annotations

import re
from dataclasses import dataclass

from zhanggui.kernel.errors import quoted
from zhanggui.recommend.errors import BadFilter

MOST_CHARACTERS = 2_000
_TOKEN = re.compile(
    r"""(?P<blank>\s+)
    |(?P<number>\d[\d_]*(?:\.\d+)?)(?P<unit>[A-Za-z]*)
    |(?P<word>[A-Za-z_][A-Za-z_0-9.]*)
    |(?P<sign><=|>=|!=|<>|==|＜＝|＞＝|！＝|[<>=()（），,＜＞＝≤≥≠、])
    |(?P<quoted>"[^"]*"|'[^']*'|“[^”]*”|‘[^’]*’|「[^」]*」)""",
    re.VERBOSE,
)
_PLAIN = {"==": "=", "<>": "!=", "（": "(", "）": ")", "，": ",", "、": ","}
_PLAIN |= {"＜": "<", "＞": ">", "＝": "=", "＜＝": "<=", "＞＝": ">=", "！＝": "!=", "≤": "<=", "≥": ">=", "≠": "!="}
_OPENING = "\"'“‘「"


@dataclass(frozen=True, slots=True)
class Token:
    """`kind` is `number`, `word`, `sign`, `quoted` or `end`; `at` the character where it begins, from 1."""

    kind: str
    text: str
    at: int
    unit: str = ""


def tokens_of(text: str) -> list[Token]:
    """The tokens, and an `end`.

    Raises:
        BadFilter: something stands there that is no token, or the text is too long.
    """
    if len(text) > MOST_CHARACTERS:
        raise BadFilter.at(MOST_CHARACTERS + 1, f"a filter has at most {MOST_CHARACTERS} characters", "Say it shorter.")
    found, place = [], 0
    while place < len(text):
        seen = _TOKEN.match(text, place)
        if seen is None:
            raise _unreadable(text, place)
        if seen.lastgroup != "blank":
            found.append(_token(seen))
        place = seen.end()
    return [*found, Token("end", "", len(text) + 1)]


def _token(seen: re.Match[str]) -> Token:
    at = seen.start() + 1
    if seen["number"] is not None:
        return Token("number", seen["number"], at, seen["unit"].lower())
    if seen["quoted"] is not None:
        return Token("quoted", seen["quoted"][1:-1], at)
    if seen["word"] is not None:
        return Token("word", seen["word"], at)
    return Token("sign", _PLAIN.get(seen["sign"], seen["sign"]), at)


def _unreadable(text: str, place: int) -> BadFilter:
    if text[place] in _OPENING:
        return BadFilter.at(place + 1, "a quote opens here and never closes", f'Close it: {text[place:].strip()}"')
    if text[place] == "-":
        return BadFilter.at(place + 1, "a number may not be negative", "Nothing of a product is below 0.")
    hint = 'Put words in quotes: brand = "Nike".'
    return BadFilter.at(place + 1, f"{quoted(text[place])} means nothing here", hint)
