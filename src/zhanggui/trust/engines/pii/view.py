"""A text as the rules see it, and the way back to the places of the text as it was written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from .folding import MARKS
from .redacting import PLACEHOLDERS
from .spans import Span


class Hole(NamedTuple):
    """Characters `start` to `end` (not included) of the written text, of which one mark is seen."""

    start: int
    end: int
    mark: str


class View:
    """A folded text in which each stretch that was found, now or before, is one opaque character.

    However long the stretch, its mark is the same: so the last look at a text and the first at its redaction see the
    same, and redacting again changes nothing.
    """

    __slots__ = ("_folded", "_holes", "text")

    def __init__(self, folded: str) -> None:
        """See a folded text; placeholders in it are holes already."""
        self.text = self._folded = folded
        self._holes: list[Hole] = []
        if "[" in folded:
            self._see(list(map(_hole, PLACEHOLDERS.finditer(folded))))

    def hide(self, seen: Sequence[Span]) -> Sequence[Span]:
        """Make spans of the seen text opaque, and tell where they stand in the written one."""
        if not seen:
            return seen
        written = [Span(self._written(start), self._written(end), kind) for start, end, kind in seen]
        self._see([Hole(start, end, MARKS[kind]) for start, end, kind in written])
        return written

    def _written(self, place: int) -> int:
        """The place in the written text; just after a mark it is the end of its hole."""
        for start, end, _ in self._holes:
            if place <= start:
                break
            place += end - start - 1
        return place

    def _see(self, holes: Sequence[Hole]) -> None:
        if not holes:
            return
        self._holes = sorted((*self._holes, *holes))
        parts: list[str] = []
        place = 0
        for start, end, mark in self._holes:
            parts += (self._folded[place:start], mark)
            place = end
        self.text = "".join((*parts, self._folded[place:]))


def _hole(match: re.Match[str]) -> Hole:
    kind = next(kind for kind, value in match.groupdict().items() if value)
    return Hole(match.start(), match.end(), MARKS[kind])
