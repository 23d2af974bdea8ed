"""Find what a text gives away."""

from __future__ import annotations

import enum
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Self

from .topics import SPARED, Topic, gendered_words, unsaid_words, words_of


class Shield(enum.IntEnum):
    """How far a product's events may speak."""

    OPEN = 0
    PRODUCT = 1
    NOTHING = 2


@dataclass(frozen=True, slots=True)
class _Words:
    """Words that are looked for in a readable text: Chinese by spelling, English whole.

    Two patterns, and the English words by their first letters: so the search skips at once where none can begin.
    """

    chinese: re.Pattern[str]
    english: re.Pattern[str]

    @classmethod
    def of(cls, chinese: Iterable[str], english: Iterable[str]) -> Self:
        ends: dict[str, list[str]] = {}
        for word in english:
            folded = _folded(word)
            ends.setdefault(folded[0], []).append(re.escape(folded[1:]).replace(r"\-", r"[\s\-]?"))
        whole = "|".join(f"{first}(?:{'|'.join(those)})" for first, those in ends.items())
        spelled = "|".join(re.escape(_folded(word)) for word in chinese)
        return cls(re.compile(spelled), re.compile(rf"(?<![a-z])(?:{whole})(?![a-z])"))

    def are_in(self, readable: str) -> bool:
        return self.chinese.search(readable) is not None or self.english.search(readable) is not None


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


_TOPICS = {topic: _Words.of(*words_of(topic)) for topic in Topic}
_NOTHING = _Words.of(
    [word for topic in Topic if topic is not Topic.MINORS for word in words_of(topic)[0]],
    [word for topic in Topic if topic is not Topic.MINORS for word in words_of(topic)[1]],
)
_GENDERED = _Words.of(*gendered_words())
_UNSAID = _Words.of(*unsaid_words())
_SPARED = re.compile("|".join(map(re.escape, SPARED)))


def _readable(text: str) -> str:
    """One spelling: simplified characters, no case, no width, without the words that only look sensitive."""
    from zhanggui.kernel.text import normalise

    return _SPARED.sub(" ", _folded(normalise(text)))


@lru_cache(maxsize=65_536)  # a shop says the same few thousand words again and again
def denied(text: str) -> frozenset[Topic]:
    """The topics that a text gives away; empty for a harmless one."""
    readable = _readable(text)
    return frozenset(topic for topic, words in _TOPICS.items() if words.are_in(readable))


def shield_of(*texts: str) -> Shield:
    """How far events of a product with these texts (titles, category, brand, keywords, attributes) may speak."""
    readable = _readable(" \n ".join(texts))
    if _NOTHING.are_in(readable):
        return Shield.NOTHING
    return Shield.PRODUCT if _TOPICS[Topic.MINORS].are_in(readable) else Shield.OPEN


@lru_cache(maxsize=65_536)
def is_unsaid(text: str) -> bool:
    """Whether a trait or a search in these words is told of nobody: what is denied, and what hints at health."""
    return bool(denied(text)) or _UNSAID.are_in(_readable(text))


def is_gendered(word: str) -> bool:
    """Whether a word says somebody's sex."""
    return _GENDERED.are_in(_folded(word))
