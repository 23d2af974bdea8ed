"""A shopper as the history knows them."""

from __future__ import annotations

import msgspec


class Subject(msgspec.Struct, frozen=True):
    """A customer or visitor: its own number, and all numbers whose events are this subject's (its own first)."""

    number: int
    numbers: tuple[int, ...]


class Traces(msgspec.Struct, frozen=True, kw_only=True):
    """What the shop holds of a person beside their events.

    Attributes:
        orders: ids of their last orders, by moment (epoch ms UTC).
        reviews: how many they wrote.
        questions: how many they asked.
        language: the one that their own row names, BCP 47; None for a visitor.
    """

    orders: dict[int, str]
    reviews: int
    questions: int
    language: str | None
