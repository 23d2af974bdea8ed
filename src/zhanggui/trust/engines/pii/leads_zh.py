"""Words that lead to a person's name in Chinese, read backwards from where the name begins."""

from __future__ import annotations

import re

from .cues_zh import ACTS, PEOPLE

_IN_ENGLISH = re.compile(
    r"\b(?:to|from|for|by|with|name(?: is|:)?|attn|contact|ask|dear|hi|hello|is|and|as)[\s:,\"'(]{1,2}\Z",
    re.IGNORECASE,
)
_BETWEEN = frozenset("是叫为系:= \"'“”「【(《<,")
_MOST_BETWEEN = 3
_LONGEST = max(map(len, (*PEOPLE, *ACTS)))
_LAST = _BETWEEN | {word[-1] for word in (*PEOPLE, *ACTS)}


def lead_before(text: str, start: int) -> str:
    """The word for a person or for what is done with one that stands before `start`, or nothing."""
    if word := chinese_lead(text, start):
        return word
    is_ascii = start > 0 and text[start - 1] < "\u4e00"
    return "to" if is_ascii and _IN_ENGLISH.search(text, max(0, start - 10), start) else ""


def chinese_lead(text: str, start: int) -> str:
    """The same without the English words."""
    end = start
    if text[end - 1 : end] not in _LAST:
        return ""
    for _ in range(_MOST_BETWEEN):
        for length in range(min(_LONGEST, end), 0, -1):
            if (word := text[end - length : end]) in PEOPLE or word in ACTS:
                return word
        if text[end - 1 : end] not in _BETWEEN:
            break
        end -= 1
    return ""
