"""What writing facts tells whoever wants to be able to take it back."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field


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


@dataclass(slots=True)
class Noted:
    """Filled by the functions that store facts, in the order in which they append to the history."""

    owners: list[Owner] = field(default_factory=list)  # of each event appended
    event_ids: list[int] = field(default_factory=list)  # hashes of the ids of events that came by file
