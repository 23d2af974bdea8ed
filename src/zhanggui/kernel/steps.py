"""How long work tells whoever waits how far it is."""

from __future__ import annotations

from collections.abc import Callable

OnStep = Callable[[int, int], None]
"""Hears (done, of) steps."""


def quiet(_done: int, _of: int) -> None:
    """Hear nothing of the steps."""


def between(on_step: OnStep, first: int, last: int, of: int = 100) -> OnStep:
    """The steps of a part of the work, told as those from `first` to `last` of `of`."""

    def heard(done: int, parts: int) -> None:
        on_step(first + (last - first) * min(done, parts) // max(parts, 1), of)

    return heard
