"""The words by which an export calls its events."""

from __future__ import annotations

import re

from zhanggui.kernel.acts import EVENT_OF_WORD, EventName

_WHOLE = re.compile(r"(-?\d+)\.0+")


def event_of(word: str) -> EventName | None:
    """What an export calls an event, as one or as many (`clicks`); None where nobody knows it."""
    plain = plain_word(word)
    return EVENT_OF_WORD.get(plain) or EVENT_OF_WORD.get(plain.removesuffix("s"))


def plain_word(word: str) -> str:
    """In small letters; 5.0, as a column with gaps writes it, is 5."""
    plain = word.strip().lower()
    whole = _WHOLE.fullmatch(plain)
    return whole[1] if whole else plain
