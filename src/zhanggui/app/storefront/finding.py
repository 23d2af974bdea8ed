"""Simple search: titles, categories, brands and keywords, in memory."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import numpy as np

from zhanggui.kernel.text import normalise, tokens
from zhanggui.shop import CatalogueView
from zhanggui.shop.service.catalogue_view import NO_MEMBERS, Entry, Longs

IN_TITLE, IN_WORDS, WHOLE = 3, 1, 5
LONGEST = 100


class Finder:
    """Finds products of one shop by words. Texts are normalised once, and anew only where a product has changed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._entries: Sequence[Entry | None] = ()
        self._texts: list[tuple[str, str]] = []

    def find(self, view: CatalogueView, query: str) -> Longs:
        """Numbers of products for sale that hold every word, best first; of equals the smaller number."""
        whole = normalise(query[:LONGEST])
        wanted = [word for word in dict.fromkeys(tokens(whole)) if word.strip()] or ([whole] if whole else [])
        if not wanted:
            return NO_MEMBERS
        texts = self._texts_of(view)
        scores = np.zeros(len(texts), dtype=np.int64)
        for number, (title, more) in enumerate(texts):
            scores[number] = _score(title, more, wanted, whole)
        found = np.flatnonzero((scores > 0) & view.is_sellable[: len(texts)])
        return found[np.lexsort((found, -scores[found]))]

    def _texts_of(self, view: CatalogueView) -> list[tuple[str, str]]:
        with self._lock:
            if self._entries is not view.entries:
                texts = list(self._texts)
                for number, entry in enumerate(view.entries):
                    if number >= len(texts):
                        texts.append(_text(entry))
                    elif number >= len(self._entries) or self._entries[number] is not entry:
                        texts[number] = _text(entry)
                self._entries, self._texts = view.entries, texts
            return self._texts


def _text(entry: Entry | None) -> tuple[str, str]:
    """(titles, other words), normalised; empty for a product that is only reserved."""
    if entry is None:
        return "", ""
    return normalise(" ".join(title for _, title in entry.titles)), normalise(entry.words)


def _score(title: str, more: str, wanted: Sequence[str], whole: str) -> int:
    score = WHOLE if whole in title else 0
    for word in wanted:
        if word in title:
            score += IN_TITLE
        elif word in more:
            score += IN_WORDS
        else:
            return 0
    return score
