"""What the dictionary says of a stretch of Chinese: whether it is a word by itself, or words reach over its ends."""

from __future__ import annotations

from itertools import accumulate

from zhanggui.kernel.text import cut, is_word

_AROUND = 6


def fit(text: str, start: int, end: int) -> tuple[bool, bool]:
    """Whether a stretch is one word, as the text around is most probably read; and whether a word reaches over an end.

    A word of the first kind may be one that the dictionary does not hold: a name, most often.
    """
    first = max(0, start - _AROUND)
    words = cut(text[first : end + _AROUND])
    begins = accumulate(map(len, words), initial=first)
    is_joined = is_cut = False
    for word, begin in zip(words, begins, strict=False):
        stop = begin + len(word)
        is_joined |= begin == start and stop == end
        is_cut |= (begin < start < stop or begin < end < stop) and is_word(word)
    return is_joined, is_cut
