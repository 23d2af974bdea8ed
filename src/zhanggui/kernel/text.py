"""One spelling for equal words, and words for whole texts: Chinese first, English second.

rjieba (words) and OpenCC (traditional to simplified) have no types; this module is their one typed adapter.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Callable

_INVISIBLE = re.compile(
    "[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff\ud800-\udfff]"
)
_BLANKS = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")
_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
_RUNS = re.compile(
    rf"(?P<han>[{_HAN}]+)"
    r"|\d+(?:[.,]\d+)*(?:[^\W\d_" + _HAN + r"]+\d*|%|°c?)?"  # 500g, 1.5l, 99.9%: a number keeps its unit
    r"|[^\W\d_" + _HAN + r"][^\W_" + _HAN + r"]*(?:['’&+-][^\W_" + _HAN + r"]+)*"  # iphone15, t-shirt, don't
)
_HAN_CHARACTER = re.compile(f"[{_HAN}]")
_KANA = re.compile("[\u3040-\u30ff]")
_HANGUL = re.compile("[\uac00-\ud7af]")
_MOST_ROUNDS = 4


@functools.cache
def _simplified() -> Callable[[str], str]:
    """OpenCC's traditional to simplified, phrase by phrase (乾燥 becomes 干燥, 乾隆 stays)."""
    import opencc

    convert: Callable[[str], str] = opencc.OpenCC("t2s").convert
    return convert


@functools.cache
def _cut() -> Callable[[str], list[str]]:
    """rjieba's most probable words, unknown ones found by its hidden Markov model."""
    import rjieba

    cut: Callable[[str], list[str]] = rjieba.cut
    return cut


def cut(text: str) -> list[str]:
    """The words of a text as it stands, punctuation too: joined they are the text."""
    return _cut()(text)


@functools.cache
def _has_word() -> Callable[[str], bool]:
    import rjieba

    has_word: Callable[[str], bool] = rjieba.has_word
    return has_word


def is_word(word: str) -> bool:
    """Whether the dictionary of Chinese words holds a word: not so of most names."""
    return _has_word()(word)


def normalise(text: str) -> str:
    """One spelling: NFKC (which makes full width half), simplified characters, case folded, blanks single.

    Invisible characters (zero width, direction marks, variation selectors) and halves of broken ones go: they hide
    words from a search and from a check. Applying it twice changes nothing more.
    """
    before, after = "", text
    for _ in range(_MOST_ROUNDS):  # one simplified character can complete another phrase: rarely a second round
        if after == before:
            break
        before, after = after, _once(after)
    return after


def _once(text: str) -> str:
    if text.isascii():
        return _BLANKS.sub(" ", text).strip().casefold()
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    visible = _BLANKS.sub(" ", _INVISIBLE.sub("", folded)).strip()
    return _simplified()(visible) if _HAN_CHARACTER.search(visible) else visible


def tokens(text: str) -> list[str]:
    """The words of a text in their order, normalised; punctuation goes, a number keeps its unit (`500g`)."""
    words: list[str] = []
    for run in _RUNS.finditer(normalise(text)):
        if run["han"]:
            words += _cut()(run["han"])
        else:
            words.append(run[0])
    return words


def language_of(text: str) -> str:
    """The language as BCP 47, by script: `zh`, `en`, `ja`, `ko`; `und` when there are no letters.

    A quarter of Chinese among the letters makes a text Chinese: shop texts are full of brands and units in Latin.
    """
    if _KANA.search(text):
        return "ja"
    if _HANGUL.search(text):
        return "ko"
    letters = sum(character.isalpha() for character in text)
    if letters == 0:
        return "und"
    return "zh" if 4 * len(_HAN_CHARACTER.findall(text)) >= letters else "en"
