"""Where a page of people begins: lists that are worked out whenever they are asked are read on, not counted through."""

from __future__ import annotations

from .shell import Console

SHOWN_PEOPLE = 100
LONGEST_NUMBER = 18
"""Digits that every database keeps as a number."""


def begins_after(console: Console) -> int:
    """The number that the page before ended with; 0 at the beginning, and for what is no number."""
    said = console.view.query.get("after", "")
    return int(said) if said.isascii() and said.isdigit() and len(said) <= LONGEST_NUMBER else 0
