"""Many things taken a few at a time, so that no statement and no transaction grows with the shop."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")


def sliced(things: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """Slices of `size` in order, the last one shorter; none of nothing."""
    return (things[start : start + size] for start in range(0, len(things), size))
