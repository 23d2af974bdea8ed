"""How long work tells whoever waits how far it is."""

from __future__ import annotations

from collections.abc import Callable

OnStep = Callable[[int, int], None]
"""Hears (done, of) steps."""


def quiet(_done: int, _of: int) -> None:
    """Hear nothing of the steps."""
