"""Find what a text gives away."""

from __future__ import annotations

import enum
import re
import unicodedata
from functools import lru_cache

from .topics import SPARED, Topic, gendered_words, unsaid_words, words_of


class Shield(enum.IntEnum):
    """How far a product's events may speak."""

    OPEN = 0
    PRODUCT = 1
    NOTHING = 2


def _pattern(chinese: tuple[str, ...], english: tuple[str, ...]) -> re.Pattern[str]:
    spelled = [re.escape(_folded(word)) for word in chinese]
    whole = [re.escape(_folded(word)).replace(r"\-", r"[\s\-]?") for word in english]
    return re.compile("|".join(spelled) + r"|(?<![a-z])(?:" + "|".join(whole) + r")(?![a-z])")


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


_TOPICS = {topic: _pattern(*words_of(topic)) for topic in Topic}
_NOTHING = _pattern(
    tuple(word for topic in Topic if topic is not Topic.MINORS for word in words_of(topic)[0]),
    tuple(word for topic in Topic if topic is not Topic.MINORS for word in words_of(topic)[1]),
)
_GENDERED = _pattern(*gendered_words())
_UNSAID = _pattern(*unsaid_words())
_SPARED = re.compile("|".join(map(re.escape, SPARED)))


@lru_cache(maxsize=65_536)
def _readable(text: str) -> str:
    """One spelling: simplified characters, no case, no width, without the words that only look sensitive."""
    from zhanggui.kernel.text import normalise

    return _SPARED.sub(" ", _folded(normalise(text)))


@lru_cache(maxsize=65_536)  # a shop says the same few thousand words again and again
def denied(text: str) -> frozenset[Topic]:
    """The topics that a text gives away; empty for a harmless one."""
    readable = _readable(text)
    return frozenset(topic for topic, pattern in _TOPICS.items() if pattern.search(readable))


def shield_of(*texts: str) -> Shield:
    """How far events of a product with these texts (titles, category, brand, keywords, attributes) may speak."""
    readable = _readable(" \n ".join(texts))
    if _NOTHING.search(readable):
        return Shield.NOTHING
    return Shield.PRODUCT if _TOPICS[Topic.MINORS].search(readable) else Shield.OPEN


@lru_cache(maxsize=65_536)
def is_unsaid(text: str) -> bool:
    """Whether a trait or a search in these words is told of nobody: what is denied, and what hints at health."""
    return bool(denied(text)) or _UNSAID.search(_readable(text)) is not None


def is_gendered(word: str) -> bool:
    """Whether a word says somebody's sex."""
    return _GENDERED.search(_folded(word)) is not None
