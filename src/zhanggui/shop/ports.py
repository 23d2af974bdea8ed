"""What this room needs from those above it, as small as it can be said; app/wiring passes it in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import sqlalchemy as sa


class Record(Protocol):
    """Where acts of people are written down for good."""

    def append(self, db: sa.Connection, kind: str, payload: object, actor: str = "system", *, about: str = "") -> int:
        """Write an act down inside the caller's transaction; returns its number."""


class Unlearning(Protocol):
    """Forgets what was gathered from events that are history no more."""

    def unlearn(self, db: sa.Connection, persons: Sequence[int]) -> None:
        """Drop what was gathered of these persons; inside the caller's transaction."""

    def learn_anew(self, db: sa.Connection) -> None:
        """Gather it anew from what is left of the history, in the background; inside the caller's transaction."""
