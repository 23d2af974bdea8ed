"""A shopper as the history knows them."""

from __future__ import annotations

import msgspec


class Subject(msgspec.Struct, frozen=True):
    """A customer or visitor: its own number, and all numbers whose events are this subject's (its own first)."""

    number: int
    numbers: tuple[int, ...]
