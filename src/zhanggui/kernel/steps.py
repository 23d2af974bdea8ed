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


def forward(on_step: OnStep) -> OnStep:
    """The same steps, of work whose parts may be begun again: what was told is never taken back."""
    furthest = 0

    def heard(done: int, of: int) -> None:
        nonlocal furthest
        furthest = max(furthest, done)
        on_step(furthest, of)

    return heard
