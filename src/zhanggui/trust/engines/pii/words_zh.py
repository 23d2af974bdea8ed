"""What the dictionary says of a stretch of Chinese: whether a word of it reaches over the ends of a name."""

from __future__ import annotations

from itertools import accumulate

from zhanggui.kernel.text import cut, is_word

_AROUND = 6


def is_cut(text: str, start: int, end: int) -> bool:
    """Whether `start` or `end` lies within a word of the dictionary, as the text around is most probably read."""
    first = max(0, start - _AROUND)
    words = cut(text[first : end + _AROUND])
    begins = accumulate(map(len, words), initial=first)
    return any(
        (begin < start < begin + len(word) or begin < end < begin + len(word)) and is_word(word)
        for word, begin in zip(words, begins, strict=False)
    )
