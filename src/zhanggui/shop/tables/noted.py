"""What writing facts tells whoever wants to be able to take it back."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise


class Part(enum.IntEnum):
    """A kind of fact, in the order in which an import stores them: what others name comes first."""

    MARKS = 0  # no fact: how far the shop's numbers were when the import began
    PRODUCTS = 1
    OFFERS = 2
    LABELS = 3
    RIVAL_PRICES = 4
    CUSTOMERS = 5
    ORDERS = 6
    RETURNS = 7
    ENTRIES = 8
    REVIEWS = 9
    QUESTIONS = 10
    LOGINS = 11
    EVENTS = 12
    PERSONS = 13  # no fact: the numbers that people got with one slice


Owner = tuple[Part, int]
"""Whose word an event of the history is: an order's or a return's by number; (EVENTS, 0) where it came as an event."""


Span = tuple[int, int]
"""First and last of some arrival numbers in a row."""


def events_in(spans: Iterable[Span]) -> int:
    """How many events spans hold."""
    return sum(last - first + 1 for first, last in spans)


def unbroken(seqs: Sequence[int]) -> list[Span]:
    """The spans of some arrival numbers, upwards; at least one."""
    if seqs[-1] - seqs[0] == len(seqs) - 1:
        return [(seqs[0], seqs[-1])]
    cuts = [n + 1 for n, (one, other) in enumerate(pairwise(seqs)) if other != one + 1]
    return [(seqs[begin], seqs[end - 1]) for begin, end in pairwise((0, *cuts, len(seqs)))]


@dataclass(slots=True)
class Noted:
    """Filled by the functions that store facts, in the order in which they append to the history."""

    owners: list[Owner] = field(default_factory=list)  # of each event appended
    event_ids: list[int] = field(default_factory=list)  # hashes of the ids of events that came by file
